"""What a caption can claim of a picture."""

from dataclasses import dataclass, field

from .scene import Place, Relation


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase: it means all things that fit it.

    Attributes:
        shape: of these things.
        plural: whether there are several.
        count: how many there are, `None` when that is not said.
        size, colour: `None` when not said.
    """

    shape: str
    plural: bool
    count: int | None
    size: str | None
    colour: str | None


@dataclass(frozen=True, slots=True)
class IsAt:
    """A mention is in a place."""

    what: Mention
    place: Place


@dataclass(frozen=True, slots=True)
class IsRelated:
    """A mention is something to another."""

    what: Mention
    relation: Relation
    other: Mention


@dataclass(frozen=True, slots=True)
class IsBetween:
    """A mention is between two others."""

    what: Mention
    others: tuple[Mention, Mention]


@dataclass(frozen=True, slots=True)
class IsLike:
    """All that is mentioned has a size or a colour, `None` when not said."""

    what: tuple[Mention, ...]
    size: str | None = None
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class AreCounted:
    """All that is mentioned is two things ('both of them') or more ('all of them')."""

    what: tuple[Mention, ...]
    two: bool


@dataclass(frozen=True, slots=True)
class IsAll:
    """There is nothing but what is mentioned."""

    what: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class IsTone:
    """The background is dark or light."""

    tone: str


Claim = IsAt | IsRelated | IsBetween | IsLike | AreCounted | IsAll | IsTone


@dataclass(slots=True)
class Reading:
    """What a caption says: that what it mentions is there, and its claims about that."""

    mentions: list[Mention] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
