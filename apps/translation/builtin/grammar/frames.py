"""Small steps that all kinds of sentences share."""

from dataclasses import replace
from random import Random

from ..meaning import Clause, Part, Polarity, Sentence


def stated(name: str, clause: Clause) -> Sentence:
    """The statement that `clause` is."""
    return Sentence(name, "{0}.", "{0}.", (clause,))


def asked(name: str, clause: Clause) -> Sentence:
    """The question that `clause` is."""
    return Sentence(name, "¿{0}?", "{0}?", (replace(clause, question=True),))


def denied_at_times(rng: Random, clause: Clause, chance: float) -> Clause:
    """`clause`, by that `chance` in the negative."""
    return replace(clause, polarity=Polarity.NO) if rng.random() < chance else clause


def extended(clause: Clause, *parts: Part) -> Clause:
    """`clause` with more at its end."""
    return replace(clause, complements=(*clause.complements, *parts))


def front_last(clause: Clause) -> Clause:
    """`clause` with what stands first at its end."""
    if clause.front is None:
        return clause
    return extended(replace(clause, front=None), clause.front)
