"""Questions: yes or no, question words of every kind, and questions inside statements."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from ..lexicon.actions import ACTIONS, Action
from ..lexicon.nouns import of_kinds
from ..lexicon.places import PLACES
from ..meaning import (
    Asked,
    Clause,
    Det,
    Form,
    Gap,
    Nominal,
    Noun,
    Part,
    Phrase,
    Polarity,
    Prep,
    Pronoun,
    Sentence,
    Tense,
    Text,
)
from . import descriptions, feelings, people, schedules, statements
from .clauses import act, with_time, without_manner
from .denial import denied
from .descriptions import ESTAR, NOW_OR_THEN, SER, plainly_known
from .frames import asked, front_last
from .modals import suited
from .people import subject_for

_TENSES = {
    "daily": (Tense.PRESENT, Tense.PRETERITE, Tense.PROGRESSIVE, Tense.FUTURE, Tense.GOING_TO),
    "routine": (Tense.PRESENT, Tense.PRETERITE, Tense.FUTURE, Tense.GOING_TO),
    "task": (Tense.PRETERITE, Tense.GOING_TO, Tense.PROGRESSIVE, Tense.FUTURE),
    "moment": (Tense.PRETERITE, Tense.PERFECT, Tense.GOING_TO),
    "accident": (Tense.PRETERITE, Tense.PERFECT),
}


def _tense(rng: Random, action: Action) -> Tense:
    """A tense in which people ask about `action`."""
    return rng.choice(_TENSES["accident" if "accident" in action.flags else action.rhythm])


def addressee(rng: Random, flags: frozenset[str] = frozenset()) -> Nominal:
    """Of whom a question is: mostly the hearer, never the speaker."""
    if rng.random() < 0.5:
        chosen = rng.choices((people.YOU, people.YOU_ALL), (3, 1))[0]
        return Pronoun(people.with_sex(rng, chosen))
    subject = subject_for(rng, flags)
    while subject.agreement.person == 1:
        subject = subject_for(rng, flags)
    return subject


_ASKABLE: tuple[Callable[[Random], Sentence], ...] = (
    descriptions.lasting,
    descriptions.state,
    descriptions.identity,
    descriptions.location,
    descriptions.existence,
    feelings.having,
    feelings.liking,
    schedules.schedule,
    schedules.opening_hours,
    statements.state,
    statements.modal,
)


def _asked_of_you(clause: Clause) -> Clause:
    """`clause` with the hearer for the speaker."""
    if clause.subject is None or clause.subject.agreement.person != 1:
        return clause
    of = clause.subject.agreement
    you = people.YOU_ALL if of.plural else people.YOU
    return replace(clause, subject=Pronoun(replace(you, feminine=of.feminine)))


def yes_no(rng: Random) -> Sentence:
    """¿Compró Ana el libro?; ¿te gustan los gatos?; ¿está abierta la tienda?"""
    if rng.random() < 0.5:
        clause = statements.plain(rng, addressee(rng))
    else:
        clause = _asked_of_you(rng.choice(_ASKABLE)(rng).clauses[0])
    plainly = clause.polarity is Polarity.YES
    surprised = clause.polarity is Polarity.NO and clause.tense is Tense.PRESENT
    if clause.mid is not None or not (plainly or (surprised and rng.random() < 0.4)):
        return yes_no(rng)
    if any(modal.again for modal in clause.modals):
        clause = replace(clause, front=None)  # not 'this morning again'
    return asked("yes or no", front_last(replace(clause, attached=True)))


def _of(test: Callable[[Action], bool]) -> tuple[Action, ...]:
    return tuple(action for action in ACTIONS if test(action))


def _takes_things(action: Action) -> bool:
    goals = [goal for goal in action.goals if goal is not None]
    return bool(goals) and not any(goal.es or goal.is_person for goal in goals)


def _takes_people(action: Action) -> bool:
    return any(goal is not None and goal.is_person and not goal.es for goal in action.goals)


# Of these the object is hardly in question. What did she make, or what did she do: Spanish has one
# word for both.
_OBVIOUS = frozenset("apagar encender ponerse quitarse lavarse tocar perder".split())
_WHAT = _of(lambda a: _takes_things(a) and a.verb.es not in _OBVIOUS and a.verb.en != "make")
_WHOM = _of(lambda a: _takes_people(a) and a.verb.es not in ("recoger", "cuidar"))
_WHO = _of(lambda a: not a.verb.es.endswith("se") and "young" not in a.flags)
_NOT_WHERE = ("caerse", "dormirse", "llegar", "invitar", "despedirse")
_SOMEWHERE = _of(lambda a: bool(a.places) and a.verb.es not in _NOT_WHERE)


def what(rng: Random) -> Sentence:
    """¿Qué compró Ana en el mercado?; ¿a quién llamaste ayer?"""
    if rng.random() < 0.65:
        action, word = rng.choice(_WHAT), Asked("qué", "what", "object")
    else:
        action, word = rng.choice(_WHOM), Asked("a quién", "who", "object")
    clause = act(rng, action, addressee(rng, action.flags), _tense(rng, action), 0.35)
    clause = _at_some_time(rng, clause, action)
    return asked("what", front_last(replace(clause, object=None, asks=word)))


def _at_some_time(rng: Random, clause: Clause, action: Action) -> Clause:
    """`clause` without its manner, at times with a time: not 'looking at at the moment'."""
    chance = 0 if action.verb.en.endswith(" at") else 0.35
    return with_time(rng, without_manner(clause), action, chance)


def mentions_owner(clause: Clause) -> bool:
    """Whether something belongs to a third person: who lost his keys."""
    inside = [part.nominal for part in clause.complements if isinstance(part, Prep)]
    return any(
        isinstance(of, Phrase) and of.possessor is not None and of.possessor.person == 3
        for of in (clause.object, clause.recipient, *inside)
    )


def who(rng: Random) -> Sentence:
    """¿Quién ha roto la ventana?"""
    action = rng.choice(_WHO)
    clause = act(rng, action, Gap(people.HE), _tense(rng, action), 0.5)
    if mentions_owner(clause):
        return who(rng)
    clause = front_last(with_time(rng, clause, action, 0.35))
    return asked("who", replace(clause, asks=Asked("quién", "who", "subject")))


def where_from(rng: Random) -> Sentence:
    """¿De dónde es Luis?"""
    word = Asked("de dónde", "where", stranded="from")
    return asked("where", Clause(SER, addressee(rng), asks=word))


def where_is(rng: Random) -> Sentence:
    """¿Dónde están las llaves de Ana?"""
    subject: Nominal = addressee(rng)
    if rng.random() < 0.7:
        subject = plainly_known(rng, "belonging,bag,book,opened,pet,clothes,pair", 0.3)
    tense = rng.choice(NOW_OR_THEN)
    return asked("where", Clause(ESTAR, subject, tense, asks=Asked("dónde", "where")))


def _is_place(part: Part, kind: str) -> bool:
    """Whether `part` is one of the places of that kind."""
    if isinstance(part, Text):
        return part in PLACES[kind]
    nominal = part.nominal if isinstance(part, Prep) else None
    return isinstance(nominal, Phrase) and nominal.noun.kind == "place"


def where(rng: Random) -> Sentence:
    """¿Dónde trabaja tu hermana?; ¿adónde vas?"""
    action = rng.choice(_SOMEWHERE)
    clause = act(rng, action, addressee(rng, action.flags), _tense(rng, action), 0)
    kept = tuple(part for part in clause.complements if not _is_place(part, action.places))
    going = action.places in ("go", "travel", "return", "party")
    word = Asked("adónde" if going else "dónde", "where")
    return asked("where", replace(clause, complements=kept, asks=word))


# Question words, with the actions they are asked of.
_CIRCUMSTANCES = (
    (Asked("cuándo", "when"), suited()),
    (Asked("cuándo", "when"), suited()),
    (Asked("por qué", "why"), suited()),
    (Asked("por qué", "why"), suited()),
    (Asked("por qué", "why"), suited()),
    (Asked("a qué hora", "what time"), _of(lambda a: "clock" in a.flags)),
    (Asked("con quién", "who", stranded="with"), _of(lambda a: "with" in a.flags)),
    (Asked("con quién", "who", stranded="with"), _of(lambda a: "with" in a.flags)),
    (Asked("cómo", "how"), _of(lambda a: a.verb.es in ("ir", "venir", "viajar", "volver"))),
)
_MEANS = ("a pie", "en taxi", "en tren", "en coche", "en autobús", "en avión", "en bicicleta")
_TIMELY = ("tarde", "temprano", "muy temprano", "muy tarde", "a tiempo")


def _answers(word: Asked, part: Part) -> bool:
    """Whether `part` says what is asked for, or cannot stand beside it."""
    if isinstance(part, Prep):
        return part.es == "con" and word.es != "por qué"
    return isinstance(part, Text) and part.es in _MEANS + _TIMELY


def how(rng: Random) -> Sentence:
    """¿Cuándo llega el tren?; ¿por qué no comes?; ¿con quién fuiste al cine?"""
    word, actions = rng.choice(_CIRCUMSTANCES)
    action = rng.choice(actions)
    if action.verb.en == "wear":
        return how(rng)
    tense = _tense(rng, action)
    if word.es == "cuándo" and tense in (Tense.PROGRESSIVE, Tense.PERFECT):
        tense = Tense.PRETERITE
    clause = act(rng, action, addressee(rng, action.flags), tense, 0.5)
    kept = tuple(part for part in clause.complements if not _answers(word, part))
    clause = replace(clause, complements=kept, asks=word, attached=True)
    if word.es == "por qué" and rng.random() < 0.45:
        clause = denied(clause)
    return asked("how", clause)


_STUFF = ("food", "drink", "spice", "money")
_CHOSEN_STYLES = ("a", "new", "known", "bare")


def _which(rng: Random, noun: Noun) -> Phrase | None:
    """which book, how many books, how much bread; nothing if one does not ask."""
    if noun.form is Form.COUNT:
        det = Det.HOW_MANY if rng.random() < 0.6 else Det.WHICH
        return Phrase(noun, det, plural=det is Det.HOW_MANY)
    return Phrase(noun, Det.HOW_MANY) if noun.kind in _STUFF else None


def how_many(rng: Random) -> Sentence:
    """¿Cuántos libros compraste?; ¿qué película vieron los niños?"""
    action = rng.choice(_WHAT)
    kinds = [g.kinds for g in action.goals if g is not None and g.style in _CHOSEN_STYLES]
    phrase = _which(rng, rng.choice(of_kinds(rng.choice(kinds)))) if kinds else None
    if phrase is None:
        return how_many(rng)
    clause = act(rng, action, addressee(rng, action.flags), _tense(rng, action), 0.4)
    clause = _at_some_time(rng, clause, action)
    word = Asked("", "", "object", phrase=phrase)
    return asked("how many", front_last(replace(clause, object=None, asks=word)))


def how_long(rng: Random) -> Sentence:
    """¿Cuánto tiempo llevas esperando?"""
    action = rng.choice([a for a in suited("ongoing") if a.rhythm == "daily"])
    clause = act(rng, action, addressee(rng, action.flags), Tense.FOR_HOURS, 0.3)
    word = Asked("cuánto tiempo", "how long")
    return asked("how long", replace(without_manner(clause), asks=word, attached=True))
