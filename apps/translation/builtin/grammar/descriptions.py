"""Statements of what somebody or something is, how it is, where it is, and that there is it."""

from dataclasses import replace
from random import Random

from ..lexicon import times
from ..lexicon.nouns import NOUNS, of_kinds
from ..lexicon.places import CITIES, COUNTRIES
from ..lexicon.qualities import LASTING, STATES, fits
from ..meaning import (
    Adjective,
    Clause,
    Couple,
    Degree,
    Det,
    Form,
    Identity,
    Nominal,
    Noun,
    Phrase,
    Quality,
    Sentence,
    Tense,
    Text,
    Verb,
)
from . import people
from .clauses import place
from .denial import denied
from .frames import denied_at_times, stated
from .modals import WANT
from .people import NAMES, anybody, named, pronoun
from .things import describe, thing

SER = Verb("ser", "be", state=True)
ESTAR = Verb("estar", "be", state=True)
HAY = Verb("haber", "be", state=True)
_SEEM = Verb("parecer", "look", state=True)
_FEEL = Verb("sentirse", "feel", state=True)
NOW_OR_THEN = (Tense.PRESENT, Tense.PRESENT, Tense.IMPERFECT)
_DENIED = 0.18
_DEGREES = (Degree.PLAIN,) * 5 + (Degree.VERY,) * 4 + (Degree.TOO,) * 2
# What there can be too much of.
_EXCESSIVE = frozenset(
    (
        "expensive big small long short difficult old serious shy lazy tall young tired slow noisy "
        "dark dangerous cold hot heavy dirty sweet nervous busy"
    ).split()
)
# What there is no more or less of.
_ABSOLUTE = frozenset(
    (
        "open closed broken torn on off empty asleep awake lost full ready alone wooden silver "
        "cotton woollen enormous delicious wet dry older younger antique former unripe rotten ill "
        "Spanish English French German Italian Portuguese Japanese Mexican Argentinian "
        "red blue green yellow black white grey brown blond dark-haired"
    ).split()
) | {"sitting down", "covered in dust", "parked in the street", "out of tune", "full of people"}
_MADE_OF = ("wooden", "silver", "cotton", "woollen")


# Adjectives that follow a noun, but of which Spanish says that something is so now: está frío.
_PASSING = ("frío", "caliente", "maduro")


def lasts(quality: Adjective) -> bool:
    """Whether `quality` is said with ser."""
    return quality.es not in _PASSING


def graded(quality: Adjective) -> bool:
    """Whether there is more or less of `quality`."""
    return quality.en not in _ABSOLUTE


def in_some_degree(rng: Random, quality: Adjective) -> Quality:
    """`quality`, or much of it, or too much."""
    degree = rng.choice(_DEGREES) if graded(quality) else Degree.PLAIN
    if degree is Degree.TOO and quality.en not in _EXCESSIVE:
        degree = Degree.VERY
    return Quality(quality, degree)


def said_of(table: dict[str, tuple[Adjective, ...]], of: Nominal) -> list[Adjective]:
    """The adjectives of `table` that can be said of `of` after a verb."""
    if not isinstance(of, Phrase):
        return list(table["person"])
    found = table.get(of.noun.kind, ())
    return [quality for quality in found if fits(quality, of.noun) and quality.en not in _MADE_OF]


def plainly_known(rng: Random, kinds: str, described: float = 0.2) -> Phrase:
    """A thing that both speakers know: the house, my coat, Ana's dog."""
    style = rng.choice(("known", "known", "one"))
    phrase = thing(rng, style, kinds, people.ME, NAMES, described)
    if phrase.noun.bare or phrase.noun.form is Form.MASS:
        return Phrase(phrase.noun)
    return phrase


def undescribed(of: Nominal) -> Nominal:
    """`of` without its adjectives."""
    return replace(of, adjectives=()) if isinstance(of, Phrase) else of


_KINDS = (
    "pet,farm,fruit,clothes,pair,furniture,opening,dish,appliance,room,belonging,bag,book,letter,"
    "schoolwork,test,film,tune,instrument,picture,vehicle,building,opened,square,nature,event"
)


def lasting(rng: Random) -> Sentence:
    """La casa de Ana es muy bonita; mis vecinos son amables."""
    person = rng.random() < 0.5
    subject = undescribed(anybody(rng)) if person else plainly_known(rng, _KINDS, 0)
    found = [quality for quality in said_of(LASTING, subject) if lasts(quality)]
    if not found:
        return lasting(rng)
    quality = in_some_degree(rng, rng.choice(found))
    clause = Clause(SER, subject, rng.choice(NOW_OR_THEN), complements=(quality,))
    return stated("lasting", denied_at_times(rng, clause, _DENIED))


_CHANGING = (
    "pet,fruit,vegetable,homemade,food,drink,clothes,pair,furniture,opening,dish,appliance,room,"
    "belonging,bag,opened,driven,meal,instrument,transport"
)
_FEELINGS = frozenset("tired happy sad worried angry nervous bored surprised".split())
_MOODS = _FEELINGS | {"asleep", "awake", "ill", "busy"}


def in_some_state(rng: Random, subject: Nominal | None = None) -> Clause:
    """Something is in some state, or `subject`, a person, in some mood."""
    if subject is not None:
        found = [quality for quality in STATES["person"] if quality.en in _MOODS]
    else:
        person = rng.random() < 0.55
        subject = anybody(rng) if person else plainly_known(rng, _CHANGING, 0.15)
        found = list(STATES["person"]) if person else said_of(STATES, subject)
    if not found:
        return in_some_state(rng)
    quality = in_some_degree(rng, rng.choice(found))
    return Clause(ESTAR, subject, rng.choice(NOW_OR_THEN), complements=(quality,))


def _feels(clause: Clause) -> bool:
    quality = clause.complements[0]
    return isinstance(quality, Quality) and quality.adjective.en in _FEELINGS


def state(rng: Random) -> Sentence:
    """Las ventanas están abiertas; ayer Ana estaba muy cansada."""
    clause = in_some_state(rng)
    pick = rng.random()
    if _feels(clause) and pick < 0.3:
        clause = replace(clause, verb=rng.choice((_SEEM, _FEEL)))
    elif pick < 0.5:
        now = (Text("hoy", "today"), Text("ahora", "now"))
        past = clause.tense is Tense.IMPERFECT
        clause = replace(clause, front=Text("ayer", "yesterday") if past else rng.choice(now))
    elif pick < 0.65:
        mid = times.STILL if rng.random() < 0.7 else times.OFTEN[0]
        return stated("in a state", replace(clause, mid=mid))
    return stated("in a state", denied_at_times(rng, clause, _DENIED))


def _of_known_family(rng: Random) -> Nominal:
    """Somebody who is no stranger."""
    subject = undescribed(named(rng)) if rng.random() < 0.6 else pronoun(rng)
    if isinstance(subject, Phrase) and subject.possessor is None and subject.of is None:
        return _of_known_family(rng)
    return subject


def identity(rng: Random) -> Sentence:
    """Ana es médica; mi padre era un gran actor; quiero ser ingeniera."""
    subject = _of_known_family(rng)
    of = subject.agreement
    noun = rng.choice([n for n in NOUNS["worker"] if n.feminine is of.feminine])
    what = describe(rng, Phrase(noun, Det.A, plural=of.plural), 0.35)
    if any(quality.en == "former" for quality in what.adjectives):
        return identity(rng)
    clause = Clause(SER, subject, rng.choice(NOW_OR_THEN), complements=(Identity(what),))
    if rng.random() < 0.25:
        clause = replace(clause, modals=(WANT,))
    return stated("identity", denied_at_times(rng, clause, _DENIED))


# How old, at least and at most.
_AGES = {
    "child": (4, 12),
    "pupil": (6, 17),
    "estudiante": (16, 25),
    "abuelo": (60, 99),
    "abuela": (60, 99),
    "abuelos": (60, 99),
    "anciano": (70, 99),
    "anciana": (70, 99),
    "sobrino": (2, 25),
    "sobrina": (2, 25),
    "hijo": (2, 30),
    "hija": (2, 30),
    "hijos": (2, 30),
    "compañero de clase": (10, 25),
    "compañera de clase": (10, 25),
    "chico": (10, 18),
    "chica": (10, 18),
}
_THIS_YEAR = 2024


def _age(of: Nominal) -> tuple[int, int]:
    if not isinstance(of, Phrase):
        return 8, 70
    return _AGES.get(of.noun.es, _AGES.get(of.noun.kind, (20, 60)))


def age(rng: Random) -> Sentence:
    """Mi abuela tiene ochenta y dos años."""
    subject = anybody(rng)
    if isinstance(subject, Couple):
        return age(rng)
    years = times.count(Text("año", "year"), rng.randint(*_age(subject)))
    verb = Verb(f"tener {years.es}", f"be {years.en} old", state=True)
    return stated("age", Clause(verb, subject, rng.choice(NOW_OR_THEN)))


def _birthday(rng: Random, of: Nominal) -> Text:
    least, most = _age(of)
    year = times.year(rng, _THIS_YEAR - most, _THIS_YEAR - least)
    if rng.random() < 0.7:
        return Text(f"en {year}", f"in {year}")
    month = rng.choice(times.MONTHS)
    return Text(f"en {month.es} de {year}", f"in {month.en} {year}")


def origin(rng: Random) -> Sentence:
    """Mis abuelos son de Sevilla; mi madre nació en Roma en 1952."""
    subject = anybody(rng)
    where = rng.choice(CITIES + COUNTRIES)
    if rng.random() < 0.5:
        clause = Clause(SER, subject, complements=(Text(f"de {where.es}", f"from {where.en}"),))
        return stated("origin", denied_at_times(rng, clause, _DENIED))
    born: tuple[Text, ...] = (Text(f"en {where.es}", f"in {where.en}"),)
    if rng.random() < 0.7 and not isinstance(subject, Couple):
        born += (_birthday(rng, subject),)
    verb = Verb("nacer", "be born")
    return stated("origin", Clause(verb, subject, Tense.PRETERITE, complements=born))


# What is where.
_SITES = (
    ("book,letter,belonging,bag,pen,clothes,pair", "lie"),
    ("book,letter,belonging,bag,pen,clothes,pair", "lie"),
    ("opened", "site"),
    ("picture", "wall"),
)
_WHEREABOUTS = ("work", "stay", "street", "live", "table")


def location(rng: Random) -> Sentence:
    """Las llaves están en la mesa; mi hermana está en el hospital."""
    if rng.random() < 0.35:
        subject, where = anybody(rng), rng.choice(_WHEREABOUTS)
    else:
        kinds, where = rng.choice(_SITES)
        subject = plainly_known(rng, kinds, 0.3)
        if kinds == "opened":
            subject = Phrase(subject.noun)
    clause = Clause(ESTAR, subject, rng.choice(NOW_OR_THEN), complements=(place(rng, where, 0.3),))
    return stated("location", denied_at_times(rng, clause, _DENIED))


# What there is, where.
_FOUND = (
    ("book,letter,pen,dish,belonging,fruit", "lie"),
    ("fruit,vegetable,food,drink", "fridge"),
    ("building,opened,tree", "site"),
    ("person,worker,child,vehicle", "street"),
    ("tree,flower,farm,bug", "garden"),
    ("furniture", "rooms"),
)
_QUANTITIES = (Det.A, Det.A, Det.COUNT, Det.COUNT, Det.MANY, Det.SOME, Det.FEW, Det.TOO_MANY)


def _quantity(rng: Random, noun: Noun) -> Phrase:
    """Some of it: a few books, a lot of milk."""
    if noun.form is Form.MASS:
        return Phrase(noun, rng.choice((Det.NONE, Det.NONE, Det.MANY, Det.SOME, Det.TOO_MANY)))
    few = noun.kind in ("furniture", "building", "opened")
    det = rng.choice(_QUANTITIES[:4] if few else _QUANTITIES)
    return Phrase(noun, det, plural=det is not Det.A, count=rng.randint(2, 3 if few else 9))


def existence(rng: Random) -> Sentence:
    """Hay dos libros en la mesa; no había leche en la nevera."""
    kinds, where = rng.choice(_FOUND)
    of = _quantity(rng, rng.choice(of_kinds(kinds)))
    tenses = (*NOW_OR_THEN, Tense.FUTURE) if of.noun.human else NOW_OR_THEN
    clause = Clause(HAY, None, rng.choice(tenses), complements=(place(rng, where),))
    if rng.random() < 0.75:
        return stated("existence", replace(clause, object=describe(rng, of, 0.3)))
    none = Phrase(of.noun, Det.ANY if of.noun.form is Form.MASS else Det.NOT_ONE)
    return stated("existence", denied(replace(clause, object=none)))
