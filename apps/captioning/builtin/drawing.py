"""Scenes as pictures: smooth edges, and no two alike even of the same scene."""

import io
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from .layout import SIDE, Spot, arrange
from .outlines import Points, outline
from .scene import HOLLOW, Scene

Pixels = NDArray[np.uint8]

PALETTE = {
    "red": (214, 32, 36),
    "orange": (250, 136, 14),
    "yellow": (250, 222, 30),
    "green": (28, 150, 54),
    "turquoise": (48, 214, 208),
    "blue": (36, 76, 222),
    "purple": (146, 58, 198),
    "pink": (250, 112, 182),
}
BACKGROUNDS = {
    "dark": ((18, 18, 20), (34, 38, 44), (42, 34, 30)),
    "light": ((240, 240, 238), (206, 212, 220), (228, 218, 204)),
}
# Drawn so many times as large and then averaged.
_SUPERSAMPLING = 4
# How much of a hollow thing is not its hole: a share of its diameter, and at least so many pixels.
_BAND, _NARROWEST = 0.34, 5.0
_COLOUR_JITTER = 10  # of 255, for each thing and channel
_BRIGHTNESS = (0.86, 1.06)
_NOISE = (2, 12)  # largest difference of a pixel, of 255


def _corners(points: Points, spot: Spot) -> Points:
    """A polygon at its spot, in supersampled pixels."""
    angle = np.radians(spot.angle)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    placed = points @ turn * (spot.diameter / 2) + (spot.x, spot.y)
    return placed * _SUPERSAMPLING - 0.5


def stencil(shape: str, spot: Spot) -> tuple[Image.Image, tuple[int, int]]:
    """Returns where a thing is.

    Args:
        shape: of `SHAPES`.
        spot: its place.

    Returns:
        A picture of the thing alone, 255 where it is and 0 elsewhere, in supersampled pixels; and
        where the upper left corner of it is in the whole, likewise.
    """
    corners = _corners(outline(shape), spot)
    left, top = corners.min(axis=0).astype(int) - 1
    width, height = corners.max(axis=0).astype(int) + 2 - (left, top)
    mask = Image.new("L", (int(width), int(height)))
    pen = ImageDraw.Draw(mask)
    pen.polygon((corners - (left, top)).ravel().tolist(), fill=255)
    if shape in HOLLOW:
        hole = 1 - max(_BAND, _NARROWEST / spot.diameter)
        corners = _corners(hole * outline(shape), spot)
        pen.polygon((corners - (left, top)).ravel().tolist(), fill=0)
    return mask, (int(left), int(top))


def draw(scene: Scene, rng: np.random.Generator) -> Pixels:
    """Draws a scene.

    Args:
        scene: one that fits (`layout.fits`).
        rng: of all that a scene leaves open: where exactly, which shade, how bright, the noise.

    Returns:
        The picture, uint8 `(SIDE, SIDE, 3)`, red, green and blue.
    """
    spots = arrange(scene, rng)
    shades = BACKGROUNDS[scene.tone]
    large = Image.new("RGB", (SIDE * _SUPERSAMPLING,) * 2, shades[int(rng.integers(len(shades)))])
    # What is in front comes first in a scene and is drawn last.
    for spot in sorted(spots, key=lambda spot: -spot.group):
        group = scene.groups[spot.group]
        jitter = rng.integers(-_COLOUR_JITTER, _COLOUR_JITTER, 3, endpoint=True)
        red, green, blue = np.clip(np.add(PALETTE[group.colour], jitter), 0, 255).tolist()
        mask, corner = stencil(group.shape, spot)
        large.paste((red, green, blue), corner, mask)
    small = np.asarray(large.reduce(_SUPERSAMPLING), np.float32) * rng.uniform(*_BRIGHTNESS)
    strength = int(rng.integers(*_NOISE, endpoint=True))
    small += rng.integers(-strength, strength, small.shape, np.int8, endpoint=True)
    return np.clip(np.rint(small), 0, 255).astype(np.uint8)


def encode(pixels: Pixels) -> bytes:
    """Returns a picture as PNG."""
    file = io.BytesIO()
    # Noise does not repeat itself: to search for repetitions would only take time.
    Image.fromarray(pixels).save(file, "PNG", compress_type=zlib.Z_HUFFMAN_ONLY)
    return file.getvalue()
