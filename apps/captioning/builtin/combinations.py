"""The combinations that training never shows: who can name them has learnt more than a list.

They are of a colour with a shape, and of two shapes with what the first is to the second. Each
shape is in some of either kind, so that no shape, colour or arrangement is rare in training.
"""

from collections.abc import Iterator
from itertools import combinations as pairs

from .scene import COLOURS, SHAPES, Arrangement, Scene

# A shape's colour that training does not show is so many times its own number on in `COLOURS`.
_STRIDE = 3
# Behind or to the right of a shape, training does not show the shape so many places on in `SHAPES`.
_STEPS = {
    Arrangement.ROW: (2, 6),
    Arrangement.COLUMN: (4, 7),
    Arrangement.OVERLAP: (1, 5),
}
# What training does not show inside a hollow shape.
_INSIDE = {"ring": ("star", "square"), "frame": ("heart", "circle")}

_COLOURED = frozenset(
    (COLOURS[_STRIDE * number % len(COLOURS)], shape) for number, shape in enumerate(SHAPES)
)
_ARRANGED = frozenset(
    (shape, arrangement, SHAPES[(number + step) % len(SHAPES)])
    for arrangement, steps in _STEPS.items()
    for step in steps
    for number, shape in enumerate(SHAPES)
) | frozenset(
    (shape, Arrangement.NESTED, hollow) for hollow, shapes in _INSIDE.items() for shape in shapes
)

Coloured = tuple[str, str]
Arranged = tuple[str, Arrangement, str]


def coloured(scene: Scene) -> Iterator[Coloured]:
    """The colours of a scene with their shapes."""
    for group in scene.groups:
        yield group.colour, group.shape


def arranged(scene: Scene) -> Iterator[Arranged]:
    """Every two shapes of a scene, in their order, with how they stand to each other."""
    for one, other in pairs(scene.groups, 2):
        yield one.shape, scene.arrangement, other.shape


def held_out(scene: Scene) -> list[Coloured | Arranged]:
    """The combinations of a scene that training may not show; empty when it may be in training."""
    found: list[Coloured | Arranged] = [pair for pair in coloured(scene) if pair in _COLOURED]
    found += [triple for triple in arranged(scene) if triple in _ARRANGED]
    return found
