"""Questions about things and the weather, and questions inside statements and questions."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from ..meaning import (
    Asked,
    Clause,
    Det,
    Indefinite,
    Linked,
    Polarity,
    Pronoun,
    Sentence,
    Tense,
    Text,
    Verb,
)
from . import people, questions, schedules
from .clauses import place, without_manner
from .descriptions import ESTAR, NOW_OR_THEN, SER, plainly_known
from .frames import asked, extended, stated
from .people import named
from .questions import addressee, mentions_owner

_COLOURED = "clothes,pair,vehicle,bag,pet,flower,furniture"
_OWNED = "belonging,bag,clothes,pair,book,pet"


def how_much(rng: Random) -> Sentence:
    """¿Cuánto cuestan los zapatos?"""
    clause = schedules.price(rng).clauses[0]
    return asked("thing", replace(clause, object=None, asks=Asked("cuánto", "how much")))


def what_colour(rng: Random) -> Sentence:
    """¿De qué color es tu coche?"""
    subject = plainly_known(rng, _COLOURED, 0)
    if subject.possessor == people.ME:
        subject = replace(subject, possessor=people.YOU)
    word = Asked("de qué color", "what colour")
    return asked("thing", Clause(SER, subject, rng.choice(NOW_OR_THEN), asks=word))


def whose(rng: Random) -> Sentence:
    """¿De quién es este paraguas?"""
    det = rng.choice((Det.THIS, Det.THAT))
    subject = replace(plainly_known(rng, _OWNED), det=det, possessor=None, of=None)
    return asked("thing", Clause(SER, subject, asks=Asked("de quién", "whose")))


def how_old(rng: Random) -> Sentence:
    """¿Cuántos años tiene Ana?"""
    verb = Verb("tener", "be", state=True)
    return asked("person", Clause(verb, addressee(rng), asks=Asked("cuántos años", "how old")))


def how_is(rng: Random) -> Sentence:
    """¿Cómo está tu madre?"""
    return asked("person", Clause(ESTAR, named(rng), asks=Asked("cómo", "how")))


_WEATHER = Indefinite("", "the weather", human=False)
_WEATHER_TENSES = (*NOW_OR_THEN, Tense.FUTURE)


def weather(rng: Random) -> Sentence:
    """¿Qué tiempo hace en Madrid?"""
    tense = rng.choice(_WEATHER_TENSES)
    verb = Verb("hacer", "be", state=True)
    clause = Clause(verb, _WEATHER, tense, asks=Asked("qué tiempo", "what"))
    clause = extended(clause, Text("", "like"), place(rng, "city"))
    if tense is Tense.FUTURE:
        clause = extended(clause, Text("mañana", "tomorrow"))
    return asked("weather", clause)


_INNER: tuple[Callable[[Random], Sentence], ...] = (
    questions.where,
    questions.where_is,
    questions.how,
    questions.how,
    questions.how_many,
    questions.what,
    questions.who,
    how_much,
    how_old,
    whose,
)
_KNOW = Verb("saber", "know", state=True)
_ASK = Verb("preguntar", "ask", dative="shift")


def _inner(rng: Random) -> Clause:
    """A question about somebody else, in the order of a statement."""
    clause = without_manner(rng.choice(_INNER)(rng).clauses[0])
    if clause.subject is not None and clause.subject.agreement.person != 3:
        clause = replace(clause, subject=named(rng))
    if clause.recipient is not None or mentions_owner(clause):
        return _inner(rng)
    return replace(clause, question=False)


def embedded(rng: Random) -> Sentence:
    """No sé dónde vive Ana; ¿sabes qué compró tu padre?; le pregunté a Luis por qué lloraba."""
    inner = Linked("", "", _inner(rng))
    pick = rng.random()
    if pick < 0.3:
        you = Pronoun(rng.choice((people.YOU, people.YOU_ALL)))
        return asked("embedded", Clause(_KNOW, you, complements=(inner,)))
    asker = Pronoun(rng.choice((people.ME, people.ME, people.WE, people.THEY)))
    if pick < 0.7:
        clause = Clause(_KNOW, asker, polarity=Polarity.NO, complements=(inner,))
        return stated("embedded", clause)
    tense = rng.choice((Tense.PRETERITE, Tense.GOING_TO, Tense.PERFECT))
    clause = Clause(_ASK, asker, tense, recipient=named(rng), complements=(inner,))
    return stated("embedded", replace(clause, attached=rng.random() < 0.5))
