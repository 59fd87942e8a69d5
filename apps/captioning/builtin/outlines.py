"""The outlines of the shapes, as polygons around the origin."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

_SIDE = 0.88  # half a square's
_CORNERS = 48  # of a circle


def _polygon(*points: tuple[float, float]) -> Points:
    return np.array(points, np.float64)


def _circle(radius: float) -> Points:
    angles = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _square(half: float) -> Points:
    return _polygon((-half, -half), (half, -half), (half, half), (-half, half))


def _star() -> Points:
    angles = np.pi * (np.arange(10) / 5 - 0.5)
    radii = np.where(np.arange(10) % 2, 0.48, 1.15)
    return np.stack([radii * np.cos(angles), radii * np.sin(angles) + 0.08], axis=1)


def _heart() -> Points:
    # Two round lobes on top and straight sides to the point below.
    lobe = np.linspace(0.8 * np.pi, 2 * np.pi, 20)
    left = np.stack([-0.49 + 0.51 * np.cos(lobe), -0.36 + 0.51 * np.sin(lobe)], axis=1)
    right = left[::-1] * (-1, 1)
    return np.concatenate([left, right, _polygon((0, 0.98))])


def _cross() -> Points:
    inner, outer = 0.33, 1.02
    quarter = _polygon((inner, -outer), (inner, -inner), (outer, -inner))
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    parts = [quarter]
    for _ in range(3):
        parts.append(parts[-1] @ turn.T)
    return np.concatenate(parts)


@cache
def outline(shape: str) -> Points:
    """Returns the edge of a shape of `SHAPES`; that of the hole of a hollow one is similar.

    Returns:
        The corners, `(corners, 2)`, as x to the right and y down in units of half the diameter.
    """
    drawn = {
        "circle": _circle(1),
        "square": _square(_SIDE),
        "triangle": _polygon((0, -0.98), (1.04, 0.82), (-1.04, 0.82)),
        "diamond": _polygon((0, -1.12), (0.74, 0), (0, 1.12), (-0.74, 0)),
        "star": _star(),
        "heart": _heart(),
        "cross": _cross(),
        "ring": _circle(1),
        "frame": _square(_SIDE),
    }
    return drawn[shape]
