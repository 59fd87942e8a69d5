"""Orders, necessities, wishes, hopes and requests."""

from dataclasses import replace
from random import Random

from ..lexicon.actions import ACTIONS, Action
from ..lexicon.notation import verb
from ..meaning import (
    Agreement,
    Clause,
    Det,
    Gap,
    Linked,
    Modal,
    Nominal,
    Phrase,
    Pronoun,
    Sentence,
    Tense,
    Text,
    Verb,
)
from . import people
from .clauses import act, with_time, without_manner
from .frames import denied_at_times, stated
from .modals import suited
from .people import NAMES, anybody, named
from .pronouns import CLITICABLE, as_pronoun, can_be_pronoun

_HEARERS = (people.YOU,) * 5 + (people.YOU_ALL,) * 2 + (people.USTED,) * 2 + (people.USTEDES,)
_UNORDERED = frozenset(
    (
        "ver conocer casarse ganar despertarse venir llegar pensar construir regalar perder "
        "encontrar enamorarse dormirse caerse"
    ).split()
)
_ORDERS = tuple(action for action in suited() if action.verb.es not in _UNORDERED)
_SHORT_ORDERS = tuple(action for action in CLITICABLE if action in _ORDERS)
_FRAMES = (
    ("{0}.", "{0}."),
    ("{0}.", "{0}."),
    ("{0}, por favor.", "{0}, please."),
    ("Por favor, {0}.", "Please {0}."),
    ("¡{0}!", "{0}!"),
)
_NAMED_FRAMES = ("NAME, {0}.", "{0}, NAME.")
_NEW = (Det.A, Det.COUNT, Det.SOME, Det.MANY, Det.ANOTHER)


_NOT_WANTED = ("mal", "demasiado", "tarde", "muy tarde")


def _wanted(clause: Clause) -> Clause:
    """`clause` without a manner that nobody asks for."""
    kept = [c for c in clause.complements if not (isinstance(c, Text) and c.es in _NOT_WANTED)]
    return replace(clause, complements=tuple(kept))


def _for_speaker(rng: Random, clause: Clause) -> Clause:
    """`clause`, with what is given to no third person given to the speaker."""
    if clause.recipient is None or clause.recipient.agreement.person_en == 3:
        return clause
    return replace(clause, recipient=Pronoun(rng.choice((people.ME, people.ME, people.WE))))


def _forbidden_at_times(rng: Random, clause: Clause) -> Clause:
    """`clause`, at times denied, unless it is about something new."""
    of = clause.object
    new = isinstance(of, Phrase) and of.det in _NEW
    return denied_at_times(rng, clause, 0 if new else 0.3)


def order(rng: Random) -> Sentence:
    """Cierra la ventana, por favor; no me lo des; levántese."""
    short = rng.random() < 0.35
    action = rng.choice(_SHORT_ORDERS if short else _ORDERS)
    hearer = Pronoun(rng.choice(_HEARERS))
    clause = _for_speaker(rng, _wanted(act(rng, action, hearer, Tense.COMMAND, 0.6)))
    of = clause.object
    if short and of is not None and can_be_pronoun(of):
        clause = replace(clause, object=as_pronoun(of))
    es, en = rng.choice(_FRAMES)
    if es == "{0}." and hearer.agreement == people.YOU and rng.random() < 0.4:
        name, frame = rng.choice(NAMES), rng.choice(_NAMED_FRAMES)
        es, en = frame.replace("NAME", name.es), frame.replace("NAME", name.en)
    return Sentence("order", es, en, (_forbidden_at_times(rng, clause),))


_ONE = Pronoun(Agreement(person=3, person_en=2))
_NEEDED = frozenset(
    (
        "limpiar lavar cerrar abrir apagar encender comprar preparar estudiar trabajar descansar "
        "dormir comer beber esperar correr cocinar hablar arreglar terminar regar"
    ).split()
)
_MUST = Modal("haber que", "have to")
_OWN = ("mine", "own", "whom", "known")


def _is_impersonal(action: Action) -> bool:
    owned = any(goal is not None and goal.style in _OWN for goal in action.goals)
    return action.verb.es in _NEEDED and not owned


_NECESSARY = tuple(action for action in ACTIONS if _is_impersonal(action))


def necessity(rng: Random) -> Sentence:
    """Hay que cerrar la puerta."""
    action = rng.choice(_NECESSARY)
    tense = rng.choice((Tense.PRESENT, Tense.PRESENT, Tense.FUTURE))
    clause = without_manner(act(rng, action, _ONE, tense, 0.4))
    clause = replace(clause, modals=(_MUST,), attached=True)
    if tense is Tense.FUTURE:
        clause = with_time(rng, clause, action, 0.6)
    return stated("necessity", _forbidden_at_times(rng, clause))


def _other(rng: Random, subject: Nominal) -> Nominal:
    """Somebody whom `subject` wants something of: not the subject itself."""
    of = subject.agreement
    if of.person_en == 3 and rng.random() < 0.3:
        return Pronoun(rng.choice((people.YOU, people.WE)))
    if of.person_en == 1 and rng.random() < 0.4:
        return Pronoun(rng.choice((people.YOU, people.YOU, people.YOU_ALL)))
    return named(rng)


_WISHABLE = tuple(a for a in _ORDERS if "young" not in a.flags and not a.verb.dative)
_WANT = Verb("querer", "want", state=True)
_NEED = Verb("necesitar", "need", state=True)


def wish(rng: Random) -> Sentence:
    """Quiero que cierres la puerta; mi madre quería que limpiáramos la cocina."""
    wisher = anybody(rng)
    past = rng.random() < 0.35
    wished, tense = Tense.WISH, Tense.PRESENT
    if past:
        wished, tense = Tense.WISHED, Tense.IMPERFECT
    inner = _wanted(act(rng, rng.choice(_WISHABLE), _other(rng, wisher), wished, 0.4))
    wishing = rng.choice((_WANT, _WANT, _WANT, _NEED))
    clause = Clause(wishing, wisher, tense, complements=(Linked("que", "", inner),))
    return stated("wish", denied_at_times(rng, clause, 0.25 if wishing is _WANT else 0))


_HOPE = Verb("esperar", "hope", state=True)
_HOPED = tuple(a for a in suited("hope") if "young" not in a.flags)


def hope(rng: Random) -> Sentence:
    """Espero que Ana venga a la fiesta."""
    hoper = anybody(rng)
    inner = act(rng, rng.choice(_HOPED), _other(rng, hoper), Tense.SUBJUNCTIVE, 0.4)
    return stated("hope", Clause(_HOPE, hoper, complements=(Linked("que", "that", inner),)))


_ADVICE = tuple(
    verb(entry, dative="shift") for entry in ("pedir=ask", "decir=tell", "recomendar=advise")
)


def asking(rng: Random) -> Sentence:
    """Mi padre me ha pedido que lave el coche; le dije a Ana que cerrara la ventana."""
    asker = anybody(rng)
    other = _other(rng, asker)
    tense = rng.choice((Tense.PERFECT, Tense.PRESENT, Tense.GOING_TO, *(Tense.PRETERITE,) * 3))
    wished = Tense.WISHED if tense is Tense.PRETERITE else Tense.WISH
    inner = _wanted(act(rng, rng.choice(_WISHABLE), Gap(other.agreement), wished, 0.3))
    asked_to = Linked("que", "", inner)
    clause = Clause(rng.choice(_ADVICE), asker, tense, recipient=other, complements=(asked_to,))
    return stated("asking", clause)
