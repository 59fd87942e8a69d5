"""Walking through a meaning: the clauses of a sentence and all that takes part in them."""

from collections.abc import Iterator

from .meaning import (
    Clause,
    Couple,
    Identity,
    Linked,
    Nominal,
    Part,
    Phrase,
    Prep,
    Quality,
    Sentence,
)

# Every clause of a sentence with its participants and their owners.
Contents = list[tuple[Clause, list[Nominal]]]


def parts(clause: Clause) -> Iterator[Part]:
    """All complements of `clause`, the fronted one first."""
    if clause.front is not None:
        yield clause.front
    yield from clause.complements


def _with_owners(nominal: Nominal) -> Iterator[Nominal]:
    yield nominal
    if isinstance(nominal, Couple):
        yield from _with_owners(nominal.first)
        yield from _with_owners(nominal.second)
    elif isinstance(nominal, Phrase):
        for other in (nominal.of, nominal.within):
            if other is not None:
                yield from _with_owners(other)


def _of_part(part: Part) -> Nominal | None:
    if isinstance(part, Prep):
        return part.nominal
    if isinstance(part, Quality):
        return part.standard
    return part.phrase if isinstance(part, Identity) else None


def _nominals(clause: Clause) -> list[Nominal]:
    """All participants of `clause` itself, not those of clauses inside it."""
    asked = clause.asks.phrase if clause.asks is not None else None
    inside = [_of_part(part) for part in parts(clause)]
    found = (clause.subject, clause.object, clause.recipient, asked, *inside)
    return [deep for of in found if of is not None for deep in _with_owners(of)]


def _inner(clause: Clause, nominals: list[Nominal]) -> Iterator[Clause]:
    """The clauses right inside `clause`."""
    for part in parts(clause):
        if isinstance(part, Linked):
            yield part.clause
    for nominal in nominals:
        if isinstance(nominal, Phrase) and nominal.relative is not None:
            yield nominal.relative.clause


def contents(sentence: Sentence) -> Contents:
    """All clauses of `sentence`, each before those inside it, with their participants."""
    found: Contents = []
    waiting = list(sentence.clauses[::-1])
    while waiting:
        clause = waiting.pop()
        nominals = _nominals(clause)
        found.append((clause, nominals))
        waiting += _inner(clause, nominals)
    return found
