"""Two sentences, or two clauses, the second of which takes up the first by pronouns alone."""

from dataclasses import replace
from random import Random

from ..lexicon import times
from ..lexicon.actions import table
from ..lexicon.notation import adjective, verb
from ..meaning import (
    Agreement,
    Asked,
    Clause,
    Degree,
    Det,
    Gap,
    Nominal,
    Phrase,
    Polarity,
    Pronoun,
    Quality,
    Sentence,
    Tense,
    Text,
    Verb,
)
from . import people
from .clauses import act, place
from .comparisons import comparable
from .descriptions import ESTAR, SER
from .frames import extended
from .modals import CAN, HAVE_TO, WANT
from .people import anybody, named, reference
from .pronouns import as_pronoun
from .things import thing

_FIND = Verb("encontrar", "find")
_LOSE = Verb("perder", "lose")
_SEE = Verb("ver", "see")
_HAVE = Verb("tener", "have", state=True)
_LIKE = Verb("gustar", "like", state=True, inverted=True)
_BUY = Verb("comprar", "buy", dative="shift-for")
_GIVE = Verb("dar", "give", dative="shift")
_SEND = Verb("enviar", "send", dative="shift")
_LEND = Verb("prestar", "lend", dative="shift")
_SPEAKERS = (people.ME, people.ME, people.WE)
_HEARERS = (people.YOU, people.YOU, people.YOU_ALL)
_CARRIED = "belonging,bag,book,pen"
_BOUGHT = "clothes,pair,gift,instrument,book,picture"


def _of(rng: Random, kinds: str, owner: Agreement) -> Phrase:
    """Something of somebody's."""
    return thing(rng, "mine", kinds, owner, (), 0.3)


def where_is_it(rng: Random) -> Sentence:
    """¿Dónde está mi paraguas? No lo encuentro por ninguna parte."""
    speaker = Pronoun(rng.choice(_SPEAKERS))
    several = speaker.agreement.plural
    of = _of(rng, _CARRIED if several else f"{_CARRIED},clothes,pair", speaker.agreement)
    one = Clause(ESTAR, of, asks=Asked("dónde", "where"), question=True)
    two = Clause(_FIND, speaker, modals=(CAN,), polarity=Polarity.NO, object=as_pronoun(of))
    if rng.random() < 0.4:
        two = extended(two, Text("por ninguna parte", "anywhere"))
    two = replace(two, attached=rng.random() < 0.5)
    return Sentence("where is it", "¿{0}? {1}.", "{0}? {1}.", (one, two))


def lost(rng: Random) -> Sentence:
    """He perdido las llaves. ¿Las has visto?"""
    loser = anybody(rng)
    while loser.agreement.person_en == 2:
        loser = anybody(rng)
    of = _of(rng, "belonging,bag,book", loser.agreement)
    hearer = rng.choice((*_HEARERS, people.USTED))
    asked = Pronoun(hearer, spoken=hearer == people.USTED)
    one = Clause(_LOSE, loser, Tense.PERFECT, object=of)
    two = Clause(_SEE, asked, Tense.PERFECT, object=as_pronoun(of), question=True)
    return Sentence("lost", "{0}. ¿{1}?", "{0}. {1}?", (one, two))


_BUYING_TENSES = (Tense.PRETERITE, Tense.PRETERITE, Tense.PERFECT, Tense.FUTURE)


def bought_and_given(rng: Random) -> Sentence:
    """Mi madre compró una muñeca y se la regaló a su sobrina."""
    giver, tense = anybody(rng), rng.choice(_BUYING_TENSES)
    of = thing(rng, "a", _BOUGHT, giver.agreement, (), 0.4)
    one = Clause(rng.choice((_BUY, _BUY, _FIND)), giver, tense, object=of)
    two = Clause(rng.choice((_GIVE, _GIVE, _SEND)), reference(giver), tense)
    two = replace(two, object=as_pronoun(of), recipient=named(rng))
    return Sentence("bought and given", "{0} y {1}.", "{0} and {1}.", (one, two))


_FAULTS = ("expensive", "old", "big", "small", "long", "boring", "sad", "difficult")


def but_not_liked(rng: Random) -> Sentence:
    """Ana compró un vestido rojo, pero no le gusta; compré un abrigo, pero es demasiado caro."""
    buyer, liked = anybody(rng), rng.random() < 0.5
    of = thing(rng, "a", _BOUGHT, buyer.agreement, (), 0 if liked else 0.5)
    one = Clause(_BUY, buyer, rng.choice(_BUYING_TENSES[1:3]), object=of)
    if liked:
        faults = [quality for quality in comparable(of) if quality.en in _FAULTS]
        if not faults:
            return but_not_liked(rng)
        fault = Quality(rng.choice(faults), Degree.TOO)
        two = Clause(SER, as_pronoun(of), complements=(fault,))
    else:
        two = Clause(_LIKE, reference(buyer), object=as_pronoun(of), polarity=Polarity.NO)
    return Sentence("but not liked", "{0}, pero {1}.", "{0}, but {1}.", (one, two))


_ASKED_OF_BUYER = (Asked("dónde", "where"), Asked("cuándo", "when"), Asked("por qué", "why"))


def how_nice(rng: Random) -> Sentence:
    """Tu chaqueta es muy bonita. ¿Dónde la compraste?"""
    hearer = Pronoun(people.YOU)
    of = thing(rng, "mine", "clothes,pair,bag,furniture,vehicle", people.YOU, (), 0)
    options = [q for q in comparable(of) if q.en not in ("slow", "big", "small")]
    quality = Quality(rng.choice(options), rng.choice((Degree.VERY, Degree.PLAIN)))
    one = Clause(SER, of, complements=(quality,))
    two = Clause(_BUY, hearer, Tense.PRETERITE, object=as_pronoun(of), question=True)
    two = replace(two, asks=rng.choice(_ASKED_OF_BUYER))
    return Sentence("how nice", "{0}. ¿{1}?", "{0}. {1}?", (one, two))


# What is to be done to things because of their state.
_REPAIRS = (
    ("arreglar=fix", ESTAR, "roto=broken", "driven,appliance"),
    ("lavar=wash", ESTAR, "sucio=dirty", "clothes,driven"),
    ("limpiar=clean", ESTAR, "sucio=dirty", "room,furniture"),
    ("vender=sell", SER, "viejo=old", "vehicle,furniture,instrument"),
    ("abrir=open", ESTAR, "cerrado=closed", "opening"),
    ("cerrar=close", ESTAR, "abierto=open", "opening"),
    ("apagar=turn _ off", ESTAR, "encendido=on", "switch"),
    ("encender=turn _ on", ESTAR, "apagado=off", "switch"),
)
_POINTING = (Det.THE, Det.THE, Det.THIS, Det.THAT)


def _to_be_repaired(rng: Random) -> tuple[Clause, Verb, Pronoun]:
    """Something in a bad state, what is to be done, and the pronoun for the thing."""
    entry, being, state, kinds = rng.choice(_REPAIRS)
    of = replace(thing(rng, "the", kinds, people.ME), det=rng.choice(_POINTING))
    if kinds == "opening":
        of = replace(of, plural=rng.random() < 0.4)
    clause = Clause(being, of, complements=(Quality(adjective(state)),))
    return clause, verb(entry), as_pronoun(of)


def do_it(rng: Random) -> Sentence:
    """Las ventanas están abiertas. Ciérralas, por favor."""
    one, doing, it = _to_be_repaired(rng)
    hearer = Pronoun(rng.choice((*_HEARERS, people.USTED)))
    two = Clause(doing, hearer, Tense.COMMAND, object=it)
    es, en = rng.choice((("", ""), (", por favor", ", please")))
    return Sentence("to be done", f"{{0}}. {{1}}{es}.", f"{{0}}. {{1}}{en}.", (one, two))


def i_will_do_it(rng: Random) -> Sentence:
    """La cocina está sucia. Tengo que limpiarla."""
    one, doing, it = _to_be_repaired(rng)
    who: Nominal = Pronoun(rng.choice(_SPEAKERS)) if rng.random() < 0.6 else named(rng)
    tense = rng.choice((Tense.GOING_TO, Tense.FUTURE, Tense.PRESENT))
    two = Clause(doing, who, tense, object=it, attached=rng.random() < 0.6)
    if tense is Tense.PRESENT:
        two = replace(two, modals=(HAVE_TO,))
    date = times.when(rng, tense)
    if date is not None and tense is not Tense.PRESENT and rng.random() < 0.5:
        two = extended(two, date)
    return Sentence("to be done", "{0}. {1}.", "{0}. {1}.", (one, two))


_AWAY = table("""
ir = go | - | go!
ir = go | - | fun!
salir = go out
viajar = travel | - | travel!
""")


def not_here(rng: Random) -> Sentence:
    """Mi hermana no está en casa. Ha ido al cine."""
    who = named(rng)
    where = rng.choice((Text("en casa", "at home"), Text("aquí", "here"), place(rng, "desk")))
    one = Clause(ESTAR, who, polarity=Polarity.NO, complements=(where,))
    two = act(rng, rng.choice(_AWAY), reference(who), Tense.PERFECT, 0.2)
    return Sentence("not here", "{0}. {1}.", "{0}. {1}.", (one, two))


_MOODS = (
    "cansado=tired enfermo=ill contento=happy triste=sad preocupado=worried enfadado=angry "
    "nervioso=nervous ocupado=busy"
).split()
_VISITING = (_SEE, _SEE, Verb("visitar", "visit"), Verb("llamar", "call"))


def seen(rng: Random) -> Sentence:
    """Vi a Luis en el parque ayer. Estaba muy cansado."""
    seer, other = Pronoun(rng.choice((*_SPEAKERS, people.THEY))), named(rng)
    visiting = rng.choice(_VISITING)
    one = Clause(visiting, seer, Tense.PRETERITE, object=other)
    if visiting is _SEE:
        one = extended(one, place(rng, "street"))
    yesterday = (Text("ayer", "yesterday"), Text("anoche", "last night"), times.ago(rng))
    one = extended(one, rng.choice(yesterday))
    mood = Quality(adjective(rng.choice(_MOODS)), rng.choice((Degree.VERY, Degree.PLAIN)))
    two = Clause(ESTAR, reference(other), Tense.IMPERFECT, complements=(mood,))
    return Sentence("seen", "{0}. {1}.", "{0}. {1}.", (one, two))


_OFFERS = (
    ("leer=read", "book,letter"),
    ("ver=see", "picture,pet"),
    ("comer=eat", "homemade,fruit"),
    ("comprar=buy", "instrument,vehicle"),
    ("escuchar=listen to", "tune"),
    ("probar=try", "homemade"),
    ("conducir=drive", "driven"),
)


def offered(rng: Random) -> Sentence:
    """Tengo un libro nuevo. ¿Quieres leerlo?"""
    owner = Pronoun(rng.choice(_SPEAKERS))
    entry, kinds = rng.choice(_OFFERS)
    of = thing(rng, "a", kinds, owner.agreement, (), 0.6)
    one = Clause(_HAVE, owner, object=of)
    two = Clause(verb(entry), Pronoun(rng.choice(_HEARERS)), modals=(WANT,), question=True)
    two = replace(two, object=as_pronoun(of), attached=rng.random() < 0.6)
    return Sentence("offered", "{0}. ¿{1}?", "{0}. {1}?", (one, two))


def who_has_it(rng: Random) -> Sentence:
    """¿Quién tiene mi libro? Se lo di a Ana ayer."""
    speaker = Pronoun(people.ME)
    of = _of(rng, "belonging,bag,book", rng.choice(_SPEAKERS))
    one = Clause(_HAVE, Gap(people.HE), object=of, asks=Asked("quién", "who", "subject"))
    two = Clause(rng.choice((_GIVE, _LEND)), speaker, Tense.PRETERITE, object=as_pronoun(of))
    two = replace(two, recipient=named(rng))
    if rng.random() < 0.5:
        two = extended(two, rng.choice((Text("ayer", "yesterday"), times.ago(rng))))
    pair = (replace(one, question=True), two)
    return Sentence("who has it", "¿{0}? {1}.", "{0}? {1}.", pair)
