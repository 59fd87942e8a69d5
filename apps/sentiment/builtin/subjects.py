"""What a text of the builtin corpus can be about: the shape of a subject and of its aspects.

Every aspect has pairs of opposites, a word of praise and one of blame for the same property
("clean", "dirty"), all mild enough to be denied without becoming unclear: "not dirty at all" is
praise. Stronger words ("awful") are kept in `lexicon.py`, for the places where nothing is denied.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Aspect:
    """A thing one can praise or blame; `pronoun` (it, they, he, she) decides the verb's form."""

    name: str
    opposites: tuple[tuple[str, str], ...]  # (praise, blame)
    pronoun: str = "it"


@dataclass(frozen=True)
class Domain:
    """A subject: its names, its aspects, and the neutral things people say around an opinion."""

    items: tuple[str, ...]
    whole: Aspect  # the words that fit the subject itself; its name is one of `items`
    aspects: tuple[Aspect, ...]
    traits: frozenset[str]  # of lasting (it still is), unfolding (it has a start), recurring
    rivals: tuple[str, ...]  # what it is compared with: a noun phrase that begins with "the"
    unit: str  # one of the many pieces it is made of
    virtues: tuple[str, ...]  # uncountable or plural nouns: "plenty of charm"
    vices: tuple[str, ...]
    tried: str  # participle: "I have never seen a better film"
    again: str  # base verb phrase: "I would watch it again"
    settings: tuple[str, ...]  # neutral sentences that come before the opinion
    asides: tuple[str, ...]  # neutral sentences that may come after it
    verdicts: tuple[tuple[str, str], ...]  # sentences of praise and their twins of blame
    tags: tuple[str, ...]
    emoji: str


def aspect(name: str, opposites: str, pronoun: str = "it") -> Aspect:
    """An aspect from blank-separated opposites, each as "praise/blame"."""
    pairs = (pair.split("/") for pair in opposites.split())
    return Aspect(name, tuple((good, bad) for good, bad in pairs), pronoun)


def _list(text: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in text.split(","))


def domain(
    items: str,
    aspects: Iterable[Aspect],
    *,
    whole: str,
    traits: str,
    rivals: str,
    unit: str,
    virtues: str,
    vices: str,
    tried: str,
    again: str,
    settings: tuple[str, ...],
    asides: tuple[str, ...],
    verdicts: tuple[tuple[str, str], ...],
    tags: str,
    emoji: str,
) -> Domain:
    """A domain from comma-separated lists; `whole` is as in `aspect`, `traits` blank-separated."""
    return Domain(
        items=_list(items),
        whole=aspect("", whole),
        aspects=tuple(aspects),
        traits=frozenset(traits.split()),
        rivals=_list(rivals),
        unit=unit,
        virtues=_list(virtues),
        vices=_list(vices),
        tried=tried,
        again=again,
        settings=settings,
        asides=asides,
        verdicts=verdicts,
        tags=_list(tags),
        emoji=emoji,
    )
