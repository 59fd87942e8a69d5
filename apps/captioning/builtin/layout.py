"""Where the things of a scene are drawn: so that each thing captions say of them can be seen."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from .scene import HOLLOW, Arrangement, Group, Place, Scene

SIDE = 96  # pixels of a picture
# Diameters in pixels. What others are inside of or in front of is larger than anything else.
_DIAMETERS = {"small": (13.5, 14.5), "big": (23.0, 25.0)}
_BEHIND, _AROUND = (43.0, 47.0), (70.0, 74.0)

_MARGIN = 3.0  # pixels that stay free at the edges of a picture
_GAP, _WIDEST_GAP = 9.0, 20.0  # between groups
_SPACING = 3.0  # between things of a group
_JITTER = 0.75  # of a thing, in either direction
_GRIDS = {
    1: ((1, 1),),
    2: ((2, 1), (1, 2)),
    3: ((3, 1), (1, 3), (2, 2)),
    4: ((4, 1), (1, 4), (2, 2)),
}
_SQUARE = {count: min(grids, key=max) for count, grids in _GRIDS.items()}
# A group on the left, on the right, at the top or at the bottom has its middle in that third.
_THIRD = 0.35 * SIDE
_TILT = 9.0  # degrees


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing of a picture.

    Attributes:
        group: index of its group in the scene.
        x, y: of its middle, in pixels from the upper left corner.
        diameter: in pixels.
        angle: it is turned by, in degrees.
    """

    group: int
    x: float
    y: float
    diameter: float
    angle: float


Grid = tuple[int, int]  # columns, rows
Box = tuple[float, float]  # width, height


def _pitch(size: str) -> float:
    """From the middle of one thing of a group to that of the next."""
    return _DIAMETERS[size][1] * 1.06 + _SPACING


def _box(group: Group, grid: Grid) -> Box:
    columns, rows = grid
    return columns * _pitch(group.size), rows * _pitch(group.size)


def _fitting(scene: Scene) -> list[tuple[Grid, ...]]:
    """The grids that the groups of a row, a column or a group alone can stand in."""
    room = SIDE - 2 * _MARGIN
    found = []
    for grids in product(*(_GRIDS[group.count] for group in scene.groups)):
        boxes = np.array([_box(*pair) for pair in zip(scene.groups, grids, strict=True)])
        width, height = boxes.max(axis=0)
        gaps = _GAP * (len(boxes) - 1)
        if scene.arrangement is Arrangement.ROW:
            width = boxes[:, 0].sum() + gaps
        elif scene.arrangement is Arrangement.COLUMN:
            height = boxes[:, 1].sum() + gaps
        elif scene.place in (Place.LEFT, Place.RIGHT):
            width += room - 2 * (_THIRD - _MARGIN)
        elif scene.place in (Place.TOP, Place.BOTTOM):
            height += room - 2 * (_THIRD - _MARGIN)
        if max(width, height) <= room:
            found.append(grids)
    return found


def fits(scene: Scene) -> bool:
    """Whether a scene can be drawn."""
    if scene.arrangement in (Arrangement.OVERLAP, Arrangement.NESTED):
        front, back = scene.groups
        hollow = back.shape in HOLLOW
        return (
            (back.count, back.size) == (1, "big")
            and front.colour != back.colour
            and hollow is (scene.arrangement is Arrangement.NESTED)
            and (front.count == 1 or (front.size == "small" and (hollow or front.count == 2)))
        )
    return bool(_fitting(scene))


class _Layout:
    """The spots of one picture, as they are found."""

    def __init__(self, scene: Scene, rng: np.random.Generator) -> None:
        self._scene = scene
        self._rng = rng
        self.spots: list[Spot] = []

    def _add(self, index: int, grid: Grid, x: float, y: float, sizes: Box | None = None) -> None:
        """Puts a group's things around a point, in the cells of a grid."""
        group, (columns, rows) = self._scene.groups[index], grid
        diameter = self._rng.uniform(*sizes or _DIAMETERS[group.size])
        pitch = _pitch(group.size)
        for number in range(group.count):
            row, column = divmod(number, columns)
            # A last row that is not full stands in the middle.
            filled = min(columns, group.count - row * columns)
            jitter = self._rng.uniform(-_JITTER, _JITTER, 2)
            self.spots.append(
                Spot(
                    index,
                    x + (column - (filled - 1) / 2) * pitch + jitter[0],
                    y + (row - (rows - 1) / 2) * pitch + jitter[1],
                    diameter * self._rng.uniform(0.97, 1.03),
                    self._rng.uniform(-_TILT, _TILT),
                )
            )

    def _grids(self) -> tuple[Grid, ...]:
        found = _fitting(self._scene)
        return found[int(self._rng.integers(len(found)))]

    def alone(self) -> None:
        """One group, in its place."""
        (grid,) = self._grids()
        half = np.array(_box(self._scene.groups[0], grid)) / 2
        middle = SIDE / 2 + self._rng.uniform(-5, 5, 2)
        # From the edge, as near as possible or a few pixels farther.
        edge = _MARGIN + half + self._rng.uniform(0, 8, 2)
        edge = np.minimum(edge, np.maximum(_THIRD, _MARGIN + half))
        x, y = middle
        match self._scene.place:
            case Place.LEFT:
                x = edge[0]
            case Place.RIGHT:
                x = SIDE - edge[0]
            case Place.TOP:
                y = edge[1]
            case Place.BOTTOM:
                y = SIDE - edge[1]
        x, y = np.clip((x, y), _MARGIN + half, SIDE - _MARGIN - half)
        self._add(0, grid, x, y)

    def in_line(self, across: bool) -> None:
        """Groups one after the other, all about as high or as far left."""
        grids = self._grids()
        boxes = [_box(*pair) for pair in zip(self._scene.groups, grids, strict=True)]
        along = [box[not across] for box in boxes]
        athwart = max(box[across] for box in boxes)
        free = SIDE - 2 * _MARGIN - sum(along) - _GAP * (len(along) - 1)
        gap = _GAP + self._rng.uniform(0, min(_WIDEST_GAP - _GAP, free / len(along)))
        length = sum(along) + gap * (len(along) - 1)
        slack = (SIDE - 2 * _MARGIN - length) / 4
        at = (SIDE - length) / 2 + self._rng.uniform(-slack, slack)
        slack = min(14.0, (SIDE - 2 * _MARGIN - athwart) / 2)
        level = SIDE / 2 + self._rng.uniform(-slack, slack)
        for index, (grid, extent) in enumerate(zip(grids, along, strict=True)):
            middle = at + extent / 2
            x, y = (middle, level) if across else (level, middle)
            self._add(index, grid, x, y)
            at += extent + gap

    def overlap(self) -> None:
        """The second large; the first before it, beside its middle so that both can be told."""
        front = self._scene.groups[0]
        x, y = SIDE / 2 + self._rng.uniform(-12, 12, 2)
        self._add(1, (1, 1), x, y, _BEHIND)
        far = (0.5, 0.75) if front.size == "big" else (0.0, 0.35)
        distance = self._rng.uniform(*far) * _BEHIND[0] / 2
        angle = self._rng.uniform(0, 2 * np.pi)
        x, y = x + distance * np.cos(angle), y + distance * np.sin(angle)
        self._add(0, _SQUARE[front.count], x, y)

    def nested(self) -> None:
        """The second large and hollow; the first in its hole."""
        x, y = SIDE / 2 + self._rng.uniform(-6, 6, 2)
        self._add(1, (1, 1), x, y, _AROUND)
        x, y = np.add((x, y), self._rng.uniform(-0.5, 0.5, 2))
        self._add(0, _SQUARE[self._scene.groups[0].count], x, y)


def arrange(scene: Scene, rng: np.random.Generator) -> tuple[Spot, ...]:
    """Returns the things of a scene in the order they are drawn in.

    Args:
        scene: one that `fits`.
        rng: of all draws.
    """
    layout = _Layout(scene, rng)
    match scene.arrangement:
        case Arrangement.ALONE:
            layout.alone()
        case Arrangement.ROW:
            layout.in_line(across=True)
        case Arrangement.COLUMN:
            layout.in_line(across=False)
        case Arrangement.OVERLAP:
            layout.overlap()
        case Arrangement.NESTED:
            layout.nested()
    return tuple(layout.spots)
