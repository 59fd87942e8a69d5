"""What people say, think and know."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from ..meaning import Clause, Linked, Nominal, Sentence, Tense, Verb
from . import causes, conditions, meanwhile, relatives, sequences, statements
from .descriptions import in_some_state
from .frames import denied_at_times, stated
from .people import anybody, reference

_SAY = Verb("decir", "say")
_ANSWER = Verb("contestar", "answer")
_KNOW = Verb("saber", "know", state=True)
_BELIEVE = Verb("creer", "think", state=True)
_THINK = Verb("pensar", "think", state=True)
_SAYING = (_SAY, _KNOW, _BELIEVE, _THINK)
_SAID = (_SAY, _ANSWER, _KNOW, _THINK)
# What a tense becomes after 'he said that'.
_BACKSHIFT = {
    Tense.PRESENT: Tense.IMPERFECT,
    Tense.PERFECT: Tense.PLUPERFECT,
    Tense.PRETERITE: Tense.PLUPERFECT,
    Tense.FUTURE: Tense.CONDITIONAL,
    Tense.PROGRESSIVE: Tense.PAST_PROGRESSIVE,
    Tense.GOING_TO: Tense.CONDITIONAL,
}


def _speaker(rng: Random, verb: Verb) -> Nominal:
    """Who says or thinks: not the hearer; and nobody says that he himself says."""
    speaker = anybody(rng)
    while speaker.agreement.person_en == 2 or (verb is _SAY and speaker.agreement.person == 1):
        speaker = anybody(rng)
    return speaker


def _content(rng: Random, speaker: Nominal) -> Linked:
    """What somebody says of himself, or of somebody else."""
    himself = rng.random() < 0.4
    subject = reference(speaker) if himself else meanwhile.other_than(rng, speaker)
    if rng.random() < 0.35:
        clause = replace(in_some_state(rng, subject), tense=Tense.PRESENT)
    else:
        clause = statements.plain(rng, subject)
    return Linked("que", "that", clause)


def says(rng: Random) -> Sentence:
    """Ana dice que su hermano está enfermo."""
    verb = rng.choice(_SAYING)
    speaker = _speaker(rng, verb)
    clause = Clause(verb, speaker, complements=(_content(rng, speaker),))
    ignorant = verb is _KNOW and speaker.agreement.person_en == 3
    return stated("reported", denied_at_times(rng, clause, 0.4 if ignorant else 0))


def _shifted(rng: Random, speaker: Nominal) -> Clause:
    """What somebody said: in the past of its tense, and at no time that would change too."""
    himself = rng.random() < 0.4
    subject = reference(speaker) if himself else meanwhile.other_than(rng, speaker)
    if rng.random() < 0.35:
        return replace(in_some_state(rng, subject), tense=Tense.IMPERFECT)
    clause, _ = statements.undated(rng, subject)
    if clause.tense not in _BACKSHIFT:
        return _shifted(rng, speaker)
    return replace(clause, tense=_BACKSHIFT[clause.tense])


def said(rng: Random) -> Sentence:
    """Luis dijo que vendría a la fiesta; yo no sabía que Ana estaba enferma."""
    verb = rng.choice(_SAID)
    speaker = anybody(rng)
    inner = Linked("que", "that", _shifted(rng, speaker))
    tense = Tense.IMPERFECT if verb.state else Tense.PRETERITE
    clause = Clause(verb, speaker, tense, complements=(inner,))
    return stated("reported", denied_at_times(rng, clause, 0.4 if verb is _KNOW else 0))


# What is told of, besides plain statements.
_TOLD: tuple[Callable[[Random], Sentence], ...] = (
    causes.because,
    causes.although,
    conditions.if_,
    conditions.when,
    conditions.so_that,
    conditions.because_of_it,
    sequences.purpose,
    sequences.without,
    sequences.before_or_after,
    meanwhile.interrupted,
    relatives.is_so,
)


def told(rng: Random) -> Sentence:
    """Mi madre dice que no fuimos al cine porque llovía."""
    verb = rng.choice(_SAYING)
    inner = Linked("que", "that", rng.choice(_TOLD)(rng).clauses[0])
    return stated("told", Clause(verb, _speaker(rng, verb), complements=(inner,)))
