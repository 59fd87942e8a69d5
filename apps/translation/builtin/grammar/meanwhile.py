"""What happens while something else does, and when somebody arrives."""

from dataclasses import replace
from random import Random

from ..lexicon.actions import ACTIONS, table
from ..lexicon.nouns import NOUNS
from ..meaning import Clause, Linked, Nominal, Phrase, Pronoun, Sentence, Tense, Verb
from . import people
from .clauses import act, without_manner
from .descriptions import in_some_state
from .frames import extended, stated
from .people import anybody, named, reference, subject_for
from .sequences import ARRIVING

_SEEN = frozenset(
    (
        "cocinar leer estudiar jugar tocar escuchar cantar bailar trabajar descansar dormir ver "
        "comer beber cenar desayunar limpiar lavar llorar preparar hacer regar buscar pintar "
        "dibujar escribir"
    ).split()
)
_LASTING = tuple(a for a in ACTIONS if a.under_way and a.verb.es in _SEEN and not a.verb.dative)


def _doing(rng: Random, subject: Nominal | None, tense: Tense, placed: float = 0.45) -> Clause:
    """Something that lasts, as one may see it: no manner, at times a place."""
    action = rng.choice(_LASTING)
    who = subject or subject_for(rng, action.flags)
    return without_manner(act(rng, action, who, tense, placed))


def other_than(rng: Random, first: Nominal) -> Nominal:
    """Somebody else, said in full."""
    other = named(rng)
    while other == first:
        other = named(rng)
    return other


def while_(rng: Random) -> Sentence:
    """Mientras Ana cocinaba, los niños jugaban en el jardín."""
    subject = anybody(rng)
    one = Linked("mientras", "while", _doing(rng, subject, Tense.BACKGROUND))
    other = _doing(rng, other_than(rng, subject), Tense.BACKGROUND)
    first = rng.random() < 0.5
    return stated("while", replace(other, front=one) if first else extended(other, one))


_RING = Verb("sonar", "ring")
_ARRIVE = Verb("llegar", "arrive")
_ENTER = Verb("entrar", "come in")
_OPEN = Verb("abrir la puerta", "open the door")
_STARTS = (
    Verb("empezar a llover", "start raining"),
    Verb("empezar a nevar", "start snowing"),
)
_PHONE = Phrase(next(noun for noun in NOUNS["belonging"] if noun.en == "phone"))


def _interruption(rng: Random) -> Clause:
    """What happens in the midst of something."""
    pick = rng.random()
    if pick < 0.2:
        return Clause(_RING, _PHONE, Tense.PRETERITE, late=True)
    if pick < 0.4:
        return Clause(rng.choice(_STARTS), None, Tense.PRETERITE)
    verb = rng.choice((_ARRIVE, _ARRIVE, _ENTER, _OPEN))
    return Clause(verb, named(rng), Tense.PRETERITE, late=verb is not _OPEN)


def interrupted(rng: Random) -> Sentence:
    """Estábamos cenando cuando sonó el teléfono."""
    clause = _doing(rng, None, Tense.PAST_PROGRESSIVE)
    clause = extended(clause, Linked("cuando", "when", _interruption(rng)))
    return stated("interrupted", replace(clause, attached=rng.random() < 0.5))


def on_arrival(rng: Random) -> Sentence:
    """Cuando llegué a casa, mi madre estaba cocinando."""
    comer = anybody(rng)
    coming = Linked("cuando", "when", act(rng, rng.choice(ARRIVING), comer, Tense.PRETERITE))
    other = other_than(rng, comer)
    if rng.random() < 0.25:
        found = replace(in_some_state(rng, other), tense=Tense.IMPERFECT)
    else:
        found = _doing(rng, other, Tense.PAST_PROGRESSIVE, placed=0)
    return stated("on arrival", replace(found, front=coming))


_HOMECOMING = table("""
llegar a casa = arrive home
volver del trabajo = come back from work
levantarse = get up
salir de la oficina = leave the office
terminar de comer = finish eating
""")
_LATER = table("""
llamar = call | whom person
preparar = prepare | the meal
encender = turn _ on | the lamp; the radio; the heating
abrir = open | the pane
quitarse = take _ off | own winter
lavarse = wash | own washed
cerrar = close | the gate
leer = read | the note
descansar = rest | - | | un rato
enviar = send | a letter | | | moment shift
""")


def when_arriving(rng: Random) -> Sentence:
    """Cuando llegues a casa, llámame; cuando lleguen mis padres, cenaremos."""
    comer = Pronoun(people.YOU) if rng.random() < 0.5 else anybody(rng)
    coming = act(rng, rng.choice(_HOMECOMING), comer, Tense.SUBJUNCTIVE)
    ordered = comer.agreement.person_en == 2 and rng.random() < 0.7
    tense = Tense.COMMAND if ordered else Tense.FUTURE
    clause = act(rng, rng.choice(_LATER), reference(comer), tense, 0.3)
    return stated("when arriving", replace(clause, front=Linked("cuando", "when", coming)))
