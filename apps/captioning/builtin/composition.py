"""Scenes at random."""

from collections.abc import Sequence
from random import Random

from .layout import fits
from .scene import (
    COLOURS,
    HOLLOW,
    MOST,
    SHAPES,
    SIZES,
    TONES,
    Arrangement,
    Group,
    Place,
    Scene,
)

# Arrangements and numbers of groups with their shares. Of those that often cannot be drawn or are
# held out, more are drawn than are wanted.
_KINDS = (
    ((Arrangement.ALONE, 1), 14),
    ((Arrangement.ROW, 2), 20),
    ((Arrangement.COLUMN, 2), 20),
    ((Arrangement.OVERLAP, 2), 32),
    ((Arrangement.NESTED, 2), 11),
    ((Arrangement.ROW, 3), 17),
    ((Arrangement.COLUMN, 3), 17),
)
# Shares of the counts 1 to `MOST` by the number of groups.
_COUNTS = {1: (2, 3, 3, 3), 2: (9, 5, 4, 4), 3: (8, 2, 1, 1)}
_SAME_COLOUR = 0.2  # of two groups


def _group(rng: Random, groups: int, shapes: Sequence[str] = SHAPES) -> Group:
    (count,) = rng.choices(range(1, MOST + 1), _COUNTS[groups])
    return Group(count, rng.choice(SIZES), rng.choice(COLOURS), rng.choice(shapes))


def _scene(rng: Random) -> Scene:
    ((arrangement, number),) = rng.choices(
        [kind for kind, _ in _KINDS], [share for _, share in _KINDS]
    )
    groups = [_group(rng, number) for _ in range(number)]
    if arrangement in (Arrangement.OVERLAP, Arrangement.NESTED):
        hollow = arrangement is Arrangement.NESTED
        shapes = [shape for shape in SHAPES if (shape in HOLLOW) is hollow]
        groups[1] = Group(1, "big", groups[1].colour, rng.choice(shapes))
    elif number == 2 and rng.random() < _SAME_COLOUR:
        one, other = groups
        groups[1] = Group(other.count, other.size, one.colour, other.shape)
    place = rng.choice(list(Place)) if arrangement is Arrangement.ALONE else None
    return Scene(tuple(groups), arrangement, rng.choice(TONES), place)


def draw(rng: Random) -> Scene:
    """Returns a scene that can be drawn, no two of its groups of the same colour and shape."""
    while True:
        scene = _scene(rng)
        kinds = {(group.colour, group.shape) for group in scene.groups}
        if len(kinds) == len(scene.groups) and fits(scene):
            return scene
