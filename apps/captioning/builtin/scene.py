"""What a picture shows: groups of coloured shapes, and how they stand to each other."""

from dataclasses import dataclass
from enum import Enum, auto

SHAPES = ("circle", "square", "triangle", "diamond", "star", "heart", "cross", "ring", "frame")
COLOURS = ("red", "orange", "yellow", "green", "turquoise", "blue", "purple", "pink")
SIZES = ("small", "big")
TONES = ("dark", "light")
MOST = 4  # things of a group

# Shapes with a hole: only in these can something be inside.
HOLLOW = frozenset({"ring", "frame"})


class Arrangement(Enum):
    """How the groups of a scene stand to each other, in the order of `Scene.groups`."""

    ALONE = auto()  # one group
    ROW = auto()  # two or three, from left to right
    COLUMN = auto()  # two or three, from top to bottom
    OVERLAP = auto()  # the first in front of the second
    NESTED = auto()  # the first inside the second


class Place(Enum):
    """Where in the picture a group is."""

    LEFT = auto()
    RIGHT = auto()
    TOP = auto()
    BOTTOM = auto()
    MIDDLE = auto()


class Relation(Enum):
    """What one group is to another."""

    LEFT_OF = auto()
    RIGHT_OF = auto()
    NEXT_TO = auto()
    ABOVE = auto()
    BELOW = auto()
    IN_FRONT_OF = auto()
    BEHIND = auto()
    INSIDE = auto()
    AROUND = auto()

    @property
    def inverse(self) -> "Relation":
        """What the other is to the one."""
        return _INVERSES[self]


_PAIRS = (
    (Relation.LEFT_OF, Relation.RIGHT_OF),
    (Relation.ABOVE, Relation.BELOW),
    (Relation.IN_FRONT_OF, Relation.BEHIND),
    (Relation.INSIDE, Relation.AROUND),
    (Relation.NEXT_TO, Relation.NEXT_TO),
)
_INVERSES = dict(_PAIRS) | {inverse: relation for relation, inverse in _PAIRS}

# What an earlier group is to a later one.
FORWARD = {
    Arrangement.ROW: Relation.LEFT_OF,
    Arrangement.COLUMN: Relation.ABOVE,
    Arrangement.OVERLAP: Relation.IN_FRONT_OF,
    Arrangement.NESTED: Relation.INSIDE,
}
_ENDS = {
    Arrangement.ROW: (Place.LEFT, Place.RIGHT),
    Arrangement.COLUMN: (Place.TOP, Place.BOTTOM),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind that stand together.

    Attributes:
        count: 1 to `MOST`.
        size: of `SIZES`.
        colour: of `COLOURS`.
        shape: of `SHAPES`.
    """

    count: int
    size: str
    colour: str
    shape: str


@dataclass(frozen=True, slots=True)
class Scene:
    """All that captions may speak of.

    Attributes:
        groups: one to three, no two of the same colour and shape.
        arrangement: of these groups.
        tone: of the plain background, of `TONES`.
        place: of a group that is alone, else `None`.
    """

    groups: tuple[Group, ...]
    arrangement: Arrangement
    tone: str
    place: Place | None = None

    def holds(self, relation: Relation, one: int, other: int) -> bool:
        """Whether the group with index `one` is that to the group with index `other`."""
        if one == other or self.arrangement is Arrangement.ALONE:
            return False
        if relation is Relation.NEXT_TO:
            return self.arrangement is Arrangement.ROW and abs(one - other) == 1
        forward = FORWARD[self.arrangement]
        return relation is (forward if one < other else forward.inverse)

    def between(self, one: int, others: tuple[int, int]) -> bool:
        """Whether the group with index `one` is between the two others."""
        return len(self.groups) == 3 and one == 1 and sorted(others) == [0, 2]

    def place_of(self, index: int) -> Place | None:
        """Where a group is; `None` when nothing can be said of it.

        In a row or column that is the place among its groups: the first of a row is on the left.
        """
        if self.arrangement is Arrangement.ALONE:
            return self.place
        ends = _ENDS.get(self.arrangement)
        if ends is None:
            return None
        if index == 0:
            return ends[0]
        return ends[1] if index == len(self.groups) - 1 else Place.MIDDLE
