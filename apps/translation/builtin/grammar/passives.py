"""What was done by whom, and what is done in general."""

from dataclasses import replace
from random import Random

from ..lexicon import times
from ..lexicon.notation import verb
from ..lexicon.nouns import of_kinds
from ..meaning import (
    Clause,
    Det,
    Form,
    Nominal,
    Phrase,
    Prep,
    Pronoun,
    Sentence,
    Tense,
    Text,
    Voice,
)
from . import people
from .comparisons import comparable
from .descriptions import NOW_OR_THEN
from .frames import denied_at_times, extended, stated
from .people import NAMES, named
from .things import thing

# What was done to what, and since which year it may have been; of no year, a few days ago.
_DONE = (
    ("construir=build", "raised", 1700),
    ("escribir=write", "book", 1950),
    ("pintar=paint", "picture", 1950),
    ("vender=sell", "home", 1950),
    ("plantar=plant", "tree", 1950),
    ("abrir=open", "gate", 0),
    ("encontrar=find", "belonging", 0),
    ("robar=steal", "stolen", 0),
    ("limpiar=clean", "room", 0),
    ("romper=break", "dish", 0),
    ("preparar=prepare", "homemade", 0),
    ("arreglar=fix", "driven", 0),
)
_SEVERAL = ("book", "picture", "belonging", "tree", "dish", "homemade")
_BY_NOBODY = ("stolen", "raised")
_LAST_YEAR = 2015


def _date(rng: Random, since: int) -> Text:
    if not since:
        return times.when(rng, Tense.PRETERITE) or times.ago(rng)
    year = times.year(rng, since, _LAST_YEAR)
    return Text(f"en {year}", f"in {year}")


def _agent(rng: Random) -> Nominal:
    if rng.random() < 0.15:
        return Pronoun(rng.choice((people.HE, people.SHE, people.THEY)), spoken=True)
    return named(rng)


def passive(rng: Random) -> Sentence:
    """La iglesia fue construida en 1850; las cartas fueron escritas por Ana."""
    entry, kinds, since = rng.choice(_DONE)
    style = "known" if kinds in _SEVERAL else "one"
    subject = thing(rng, style, kinds, people.ME, NAMES, 0.3)
    if subject.det is Det.POSSESSIVE:
        subject = replace(subject, det=Det.THE, possessor=None)
    clause = Clause(verb(entry), subject, Tense.PRETERITE, voice=Voice.PASSIVE)
    agent = kinds not in _BY_NOBODY and rng.random() < 0.6
    if agent:
        clause = extended(clause, Prep("por", "by", _agent(rng)))
    if not agent or rng.random() < 0.4:
        clause = extended(clause, _date(rng, since))
    return stated("passive", clause)


# What is offered, and where.
_OFFERED = (
    ("hablar=speak", "language", "here city village school"),
    ("enseñar=teach", "language", "here school city"),
    ("vender=sell", "fruit,vegetable", "here market shop street"),
    ("vender=sell", "flower,food", "here market shop street"),
    ("vender=sell", "clothes", "here market shop street"),
    ("comprar=buy", "book", "here shop street"),
    ("arreglar=fix", "machine", "here shop street village"),
    ("servir=serve", "cooked,drink", "here restaurant hotel"),
    ("alquilar=rent", "rented", "here shop street village"),
    ("necesitar=need", "worker", "here village city"),
)
_HERE = {
    "here": Text("aquí", "here"),
    "market": Text("en este mercado", "at this market"),
    "shop": Text("en esta tienda", "in this shop"),
    "village": Text("en este pueblo", "in this village"),
    "city": Text("en esta ciudad", "in this city"),
    "school": Text("en esta escuela", "at this school"),
    "street": Text("en esta calle", "in this street"),
    "restaurant": Text("en este restaurante", "in this restaurant"),
    "hotel": Text("en este hotel", "at this hotel"),
}
_SALEABLE = ("old", "cheap", "elegant", "pretty", "interesting")


def reflexive_passive(rng: Random) -> Sentence:
    """En esta tienda se venden flores."""
    entry, kinds, places = rng.choice(_OFFERED)
    noun = rng.choice(of_kinds(kinds))
    phrase = Phrase(noun, Det.NONE, plural=noun.form is Form.COUNT)
    described = [quality for quality in comparable(phrase) if quality.en in _SALEABLE]
    if kinds in ("clothes", "book") and described:
        phrase = replace(phrase, adjectives=(rng.choice(described),))
    offering = verb(entry, state=True)
    clause = Clause(offering, phrase, rng.choice(NOW_OR_THEN), voice=Voice.REFLEXIVE)
    where = _HERE[rng.choice(places.split())]
    first = rng.random() < 0.7
    clause = replace(clause, front=where) if first else extended(clause, where)
    return stated("passive", denied_at_times(rng, clause, 0.2))
