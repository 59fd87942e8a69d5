"""Statements that compare, that say whose something is, and exclamations."""

from dataclasses import replace
from random import Random

from ..lexicon.nouns import NOUNS, of_kinds
from ..lexicon.places import COUNTRIES
from ..lexicon.qualities import LASTING, fits
from ..meaning import (
    Adjective,
    Asked,
    Clause,
    Degree,
    Det,
    Form,
    Identity,
    Indefinite,
    Name,
    Nominal,
    Phrase,
    Prep,
    Pronoun,
    Quality,
    Sentence,
    Tense,
    Verb,
)
from . import people
from .descriptions import NOW_OR_THEN, SER, graded, lasts, plainly_known, undescribed
from .frames import denied_at_times, stated
from .people import NAMES, anybody, named
from .things import thing

# What can be compared.
_KINDS = (
    "pet,fruit,clothes,pair,furniture,room,bag,book,test,film,tune,picture,vehicle,building,"
    "opened,nature,event"
)
_POINTING = (Det.THE, Det.THIS, Det.THAT)


def comparable(phrase: Phrase) -> list[Adjective]:
    """What `phrase` can be more or less of than another."""
    found = LASTING.get(phrase.noun.kind, ())
    return [q for q in found if graded(q) and lasts(q) and fits(q, phrase.noun)]


def _people(rng: Random) -> tuple[Nominal, Nominal, list[Adjective]]:
    """Two people, and what both can be."""
    first, second = undescribed(anybody(rng)), undescribed(anybody(rng))
    if isinstance(second, Pronoun):
        second = replace(second, spoken=True)
    return first, second, [quality for quality in LASTING["person"] if graded(quality)]


def _things(rng: Random) -> tuple[Nominal, Nominal, list[Adjective]]:
    """Two things of one kind, and what both can be."""
    first = replace(plainly_known(rng, _KINDS), adjectives=())
    others = [n for n in NOUNS[first.noun.kind] if n != first.noun and n.form is first.noun.form]
    if not others:
        return _things(rng)
    second = replace(first, noun=rng.choice(others), det=rng.choice(_POINTING), of=None)
    return first, second, [q for q in comparable(first) if fits(q, second.noun)]


_DENIED = {Degree.MORE: 0.15, Degree.AS: 0.5, Degree.LESS: 0}


def comparative(rng: Random) -> Sentence:
    """Esta casa es más grande que la iglesia; Ana no es tan alta como su hermano."""
    first, second, shared = _people(rng) if rng.random() < 0.5 else _things(rng)
    same_person = first.agreement.person_en == second.agreement.person_en != 3
    if not shared or same_person:
        return comparative(rng)
    quality = rng.choice(shared)
    degree = rng.choice((Degree.MORE, Degree.MORE, Degree.AS, Degree.LESS))
    if degree is Degree.LESS and len(quality.en) < 8:
        degree = Degree.MORE
    compared = Quality(quality, degree, second)
    clause = Clause(SER, first, rng.choice(NOW_OR_THEN), complements=(compared,))
    return stated("comparative", denied_at_times(rng, clause, _DENIED[degree]))


# Kinds of things, and in what one of them can be the first.
_WITHIN: tuple[tuple[str, str], ...] = (
    ("sight,building,opened,landmark", "ciudad pueblo país"),
    ("worker,person", "ciudad pueblo país barrio"),
    ("pupil", "clase escuela"),
    ("nature", "país mundo"),
    ("clothes,gift,instrument,furniture", "tienda mercado"),
    ("room", "casa hotel"),
    ("book", "biblioteca"),
    ("picture", "museo"),
)


def _region(rng: Random, name: str) -> Nominal:
    if name == "país":
        country = rng.choice(COUNTRIES)
        return Name(country.es, country.en, feminine=False, human=False)
    return Phrase(next(noun for noun in NOUNS["region"] if noun.es == name))


def _superlative_phrase(rng: Random) -> Phrase:
    """la casa más grande de la ciudad."""
    kinds, regions = rng.choice(_WITHIN)
    noun = rng.choice(of_kinds(kinds))
    region = rng.choice(regions.split())
    phrase = Phrase(noun, Det.THE, plural=rng.random() < 0.2 and noun.form is Form.COUNT)
    options = [q for q in comparable(phrase) if q.en not in ("new", "slow", "cheap")]
    if not options or noun.es == region:
        return _superlative_phrase(rng)
    best = rng.choice(options) if rng.random() < 0.85 else Adjective("bueno", "good")
    return replace(phrase, superlative=best, within=_region(rng, region))


def this(phrase: Phrase) -> Indefinite:
    """The pronoun that points at `phrase`: esta, this; estos, these."""
    of = phrase.agreement
    es = ("estas" if of.plural else "esta") if of.feminine else ("estos" if of.plural else "este")
    return Indefinite(es, "these" if of.plural_en else "this", False, of.plural, of.feminine)


def superlative(rng: Random) -> Sentence:
    """Esta es la torre más alta de París; Ana es la alumna más lista de la clase."""
    phrase = _superlative_phrase(rng)
    if not phrase.noun.human:
        clause = Clause(SER, this(phrase), complements=(Identity(phrase),))
        return stated("superlative", denied_at_times(rng, clause, 0.1))
    phrase = replace(phrase, plural=False)
    name = rng.choice([n for n in NAMES if n.feminine == phrase.noun.feminine])
    clause = Clause(SER, name, rng.choice(NOW_OR_THEN), complements=(Identity(phrase),))
    return stated("superlative", denied_at_times(rng, clause, 0.1))


_OWNED = "clothes,pair,belonging,bag,book,vehicle,instrument,pet"
_BELONG = Verb("ser", "belong", state=True)
_MINE = (Adjective("mío", "mine"), Adjective("tuyo", "yours"), Adjective("nuestro", "ours"))


def belonging(rng: Random) -> Sentence:
    """Este coche es de mi hermano; los zapatos rojos son míos."""
    phrase = thing(rng, "known", _OWNED, people.ME)
    phrase = replace(phrase, det=rng.choice(_POINTING), possessor=None)
    if rng.random() < 0.5:
        clause = Clause(SER, phrase, complements=(Quality(rng.choice(_MINE)),))
    else:
        clause = Clause(_BELONG, phrase, complements=(Prep("de", "to", named(rng)),))
    clause = replace(clause, tense=rng.choice((*NOW_OR_THEN, Tense.PRESENT)))
    return stated("belonging", denied_at_times(rng, clause, 0.2))


def exclamation(rng: Random) -> Sentence:
    """¡Qué bonita es esta casa!"""
    phrase = thing(rng, "known", _KINDS, people.ME, NAMES, 0)
    options = comparable(phrase)
    if not options:
        return exclamation(rng)
    asked = Asked("qué", "how", quality=rng.choice(options))
    clause = Clause(SER, phrase, rng.choice(NOW_OR_THEN), asks=asked)
    return Sentence("exclamation", "¡{0}!", "{0}!", (clause,))
