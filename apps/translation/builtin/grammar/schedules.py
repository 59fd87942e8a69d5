"""Statements of prices, numbers, times and durations."""

from dataclasses import replace
from random import Random

from ..lexicon import times
from ..lexicon.actions import ACTIONS, STATES
from ..lexicon.notation import verb
from ..lexicon.nouns import NOUNS, of_kinds
from ..lexicon.places import CITIES
from ..meaning import (
    Agreement,
    Clause,
    Det,
    Form,
    Indefinite,
    Phrase,
    Pronoun,
    Sentence,
    Tense,
    Text,
    Verb,
)
from . import people
from .clauses import act, without_manner
from .descriptions import NOW_OR_THEN, SER
from .frames import denied_at_times, extended, stated
from .people import anybody
from .things import thing

_COST = Verb("costar", "cost", state=True)
_HAVE = Verb("tener", "have", state=True)
_LAST = Verb("durar", "last")
_THE = (Det.THE, Det.THIS, Det.THAT)
# What costs how much at most.
_PRICES = (
    ("fruit", 3),
    ("homemade", 15),
    ("dish", 20),
    ("clothes,pair,bag,book,gift", 100),
    ("clothes,pair,bag,book,gift", 100),
)


def price(rng: Random) -> Sentence:
    """Estos zapatos cuestan cuarenta euros."""
    kinds, most = rng.choice(_PRICES)
    phrase = thing(rng, "one", kinds, people.ME, (), 0.3)
    several = phrase.noun.form is Form.COUNT and rng.random() < 0.25
    phrase = replace(phrase, det=rng.choice(_THE), plural=several, possessor=None)
    count = rng.randint(2, most)
    money = Phrase(rng.choice(NOUNS["currency"]), Det.COUNT, plural=True, count=count)
    return stated("price", Clause(_COST, phrase, rng.choice(NOW_OR_THEN), object=money))


# Of what, how many of what, at most.
_PARTS = (("home", "bedroom", 8), ("village", "landmark", 12), ("class", "pupil", 40))


def number(rng: Random) -> Sentence:
    """La casa tiene tres dormitorios; esta clase tiene veintiún alumnos."""
    whole, part, most = rng.choice(_PARTS)
    count = rng.randint(2, most)
    parts = Phrase(rng.choice(NOUNS[part]), Det.COUNT, plural=True, count=count)
    subject = Phrase(rng.choice(NOUNS[whole]), rng.choice(_THE))
    if whole == "home" and rng.random() < 0.4:
        subject = replace(subject, det=Det.THE, of=rng.choice(people.NAMES))
    return stated("number", Clause(_HAVE, subject, rng.choice(NOW_OR_THEN), object=parts))


_DUE = (
    ("salir=leave", "train"),
    ("llegar=arrive", "train"),
    ("empezar=start", "show,match"),
    ("terminar=end", "show,match"),
)
_DUE_TENSES = (Tense.PRESENT, Tense.PRESENT, Tense.FUTURE, Tense.PRETERITE)


def _journey(rng: Random, transport: Phrase, coming: bool) -> Phrase:
    """el tren de París, the train from Paris."""
    city = rng.choice(CITIES)
    es, en = ("de", "from") if coming else ("a", "to")
    noun = transport.noun
    noun = replace(noun, es=f"{noun.es} {es} {city.es}", en=f"{noun.en} {en} {city.en}")
    return Phrase(noun)


def schedule(rng: Random) -> Sentence:
    """El tren de París llega a las tres y media."""
    entry, kinds = rng.choice(_DUE)
    subject = Phrase(rng.choice(of_kinds(kinds)), rng.choice(_THE))
    if kinds == "train" and rng.random() < 0.6:
        subject = _journey(rng, subject, coming=entry.startswith("llegar"))
    at = times.clock(rng)
    clause = Clause(verb(entry), subject, rng.choice(_DUE_TENSES), complements=(at,))
    return stated("schedule", denied_at_times(rng, clause, 0.15))


def opening_hours(rng: Random) -> Sentence:
    """La tienda cierra los domingos; el museo abre a las nueve."""
    entry, hours = rng.choice((("abrir=open", (7, 10)), ("cerrar=close", (5, 9))))
    at, day = times.clock(rng, *hours), times.on_days(rng.choice(times.WEEKDAYS))
    subject = Phrase(rng.choice(NOUNS["opened"]), rng.choice(_THE))
    clause = Clause(verb(entry), subject, complements=rng.choice(((at,), (day,), (at, day))))
    return stated("schedule", denied_at_times(rng, clause, 0.15))


# The hours are plural in Spanish; 'it' in English.
_HOURS = Pronoun(Agreement(plural=True, feminine=True, human=False))


def clock(rng: Random) -> Sentence:
    """Son las tres y media."""
    at = times.clock(rng)
    hours = None if at.es.startswith("a la ") else _HOURS
    told = Text(at.es.removeprefix("a "), at.en.removeprefix("at "))
    clause = Clause(SER, hours, rng.choice(NOW_OR_THEN), complements=(told,))
    return stated("clock", denied_at_times(rng, clause, 0.1))


_DAYS = (
    (Indefinite("hoy", "today", human=False), Tense.PRESENT),
    (Indefinite("ayer", "yesterday", human=False), Tense.PRETERITE),
    (Indefinite("mañana", "tomorrow", human=False), Tense.FUTURE),
)


def weekday(rng: Random) -> Sentence:
    """Mañana será domingo."""
    subject, tense = rng.choice(_DAYS)
    clause = Clause(SER, subject, tense, complements=(rng.choice(times.WEEKDAYS),))
    return stated("clock", denied_at_times(rng, clause, 0.15))


_SHORT = frozenset(
    "esperar leer hablar caminar correr llorar cocinar bailar dormir descansar jugar".split()
)
_LONG = frozenset("estudiar aprender trabajar buscar".split())
_STEADY = tuple(a for a in ACTIONS if a.rhythm == "daily" and a.verb.es in _SHORT | _LONG)
_LIVING = tuple(a for a in STATES if a.verb.es in ("vivir", "conocer", "tener"))


def lasting(rng: Random) -> Sentence:
    """La película dura dos horas."""
    subject = thing(rng, "one", "show,match", people.ME, (), 0)
    tense = rng.choice((Tense.PRETERITE, Tense.FUTURE, Tense.PRESENT))
    span = times.span(rng, times.HOURS, times.HOURS)
    return stated("duration", Clause(_LAST, subject, tense, complements=(span,)))


def has_been_doing(rng: Random) -> Sentence:
    """Llevo dos horas esperando el tren."""
    action = rng.choice(_STEADY)
    short = action.verb.es in _SHORT
    span = times.span(rng, times.HOURS, times.HOURS if short else times.YEARS)
    clause = without_manner(act(rng, action, anybody(rng), Tense.FOR_HOURS, 0.35))
    clause = replace(clause, span=Text(span.es, f"for {span.en}"))
    return stated("duration", replace(clause, attached=rng.random() < 0.5))


def has_been_so(rng: Random) -> Sentence:
    """Vivo en Madrid desde hace diez años."""
    span = times.span(rng, times.WEEKS)
    clause = without_manner(act(rng, rng.choice(_LIVING), anybody(rng), Tense.SINCE, 0.3))
    since = Text(f"desde hace {span.es}", f"for {span.en}")
    return stated("duration", extended(clause, since))
