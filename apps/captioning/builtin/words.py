"""The words of the captions: those `phrases` writes with and `reading` understands."""

from .scene import SHAPES, Place, Relation

NUMBER_WORDS = dict(enumerate("one two three four five six seven eight nine ten".split(), 1))
NUMBERS = {word: number for number, word in NUMBER_WORDS.items()}
PLURALS = {shape: f"{shape}es" if shape.endswith("s") else f"{shape}s" for shape in SHAPES}
SIZE_WORDS = {"big": ("big", "large"), "small": ("small", "little")}

PLACES = {
    Place.LEFT: ("on the left",),
    Place.RIGHT: ("on the right",),
    Place.TOP: ("at the top",),
    Place.BOTTOM: ("at the bottom",),
    Place.MIDDLE: ("in the middle",),
}
RELATIONS = {
    Relation.LEFT_OF: ("to the left of", "left of"),
    Relation.RIGHT_OF: ("to the right of", "right of"),
    Relation.NEXT_TO: ("next to", "beside"),
    Relation.ABOVE: ("above",),
    Relation.BELOW: ("below", "under"),
    Relation.IN_FRONT_OF: ("in front of",),
    Relation.BEHIND: ("behind", "partly hidden behind"),
    Relation.INSIDE: ("inside", "surrounded by"),
    Relation.AROUND: ("around",),
}
# The same after "with": a star with a ring to its left. Of one thing, then of several.
COMPANIONS = {
    Relation.LEFT_OF: ("to its left", "to their left"),
    Relation.RIGHT_OF: ("to its right", "to their right"),
    Relation.NEXT_TO: ("next to it", "next to them"),
    Relation.ABOVE: ("above it", "above them"),
    Relation.BELOW: ("below it", "below them"),
    Relation.IN_FRONT_OF: ("in front of it", "in front of them"),
    Relation.BEHIND: ("behind it", "behind them"),
    Relation.INSIDE: ("inside it", "inside them"),
    Relation.AROUND: ("around it", "around them"),
}
# Enumerations in the order of a row and of a column.
ORDERS = {
    Relation.LEFT_OF: "from left to right",
    Relation.ABOVE: "from top to bottom",
}


def noun(shape: str, count: int) -> str:
    """The name of so many of a shape."""
    return shape if count == 1 else PLURALS[shape]


def article(word: str) -> str:
    """The indefinite article before `word`."""
    return "an" if word[0] in "aeiou" else "a"


def be(count: int) -> str:
    """The verb for so many things."""
    return "is" if count == 1 else "are"
