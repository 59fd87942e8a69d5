"""The combinations that no training sentence shows: held-out sentences ask for more than memory.

They are of an adjective with a noun, and of a verb with its object, its subject, its tense, a modal
verb, and the kind of a sentence.
"""

import zlib
from collections.abc import Iterator
from functools import cache

from .lexicon.actions import ACTIONS
from .meaning import Clause, Nominal, Phrase, Polarity, Prep, Quality
from .traversal import Contents

_ONE_IN = 10
_ACTION_VERBS = frozenset(action.verb.es for action in ACTIONS)


@cache
def held_out(combination: str) -> bool:
    """Whether `combination` is one of those that training never shows: about one in ten."""
    return zlib.crc32(combination.encode()) % _ONE_IN == 0


def _described(nominals: list[Nominal]) -> Iterator[str]:
    """Nouns with their adjectives."""
    for of in nominals:
        if isinstance(of, Phrase):
            best = () if of.superlative is None else (of.superlative,)
            for adjective in (*of.adjectives, *best):
                yield f"{of.noun.es} + {adjective.es}"


def _participants(clause: Clause) -> Iterator[str]:
    """The verb with its subject and its objects, the subject with what it is said to be."""
    verb, subject = clause.verb.es, clause.subject
    if isinstance(subject, Phrase):
        yield f"{subject.noun.es} > {verb}"
        for part in clause.complements:
            if isinstance(part, Quality):
                yield f"{subject.noun.es} + {part.adjective.es}"
    inside = [part.nominal for part in clause.complements if isinstance(part, Prep)]
    for of in (clause.object, *inside):
        if isinstance(of, Phrase):
            yield f"{verb} < {of.noun.es}"


def _mode(clause: Clause) -> str:
    """How a tense is said: every form is seen in some of these ways."""
    if clause.question:
        return "asked"
    if clause.polarity is not Polarity.YES:
        return "denied"
    return "moved" if clause.late or clause.front is not None else "plain"


def _constructions(clause: Clause, name: str, compound: bool) -> Iterator[str]:
    """The verb with its modal verbs, its tense, and the kind of a compound sentence."""
    verb = clause.verb.es
    for modal in clause.modals:
        yield f"{modal.es} … {verb}"
    if verb in _ACTION_VERBS:
        yield f"{verb}: {clause.tense.name} {_mode(clause)}"
        if compound:
            yield f"{name}: {verb}"


def combinations(name: str, inside: Contents) -> Iterator[str]:
    """All combinations in a sentence of the construction `name`, as words that name them."""
    for clause, nominals in inside:
        yield from _participants(clause)
        yield from _described(nominals)
        yield from _constructions(clause, name, len(inside) > 1)


def is_held_out(name: str, inside: Contents) -> bool:
    """Whether training may not have such a sentence."""
    return any(held_out(combination) for combination in combinations(name, inside))
