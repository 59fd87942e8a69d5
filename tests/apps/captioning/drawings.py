"""Pictures that a small captioner learns in seconds: one coloured shape on grey, left or right."""

from __future__ import annotations

import io
import random
from itertools import product
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw

_COLOURS = {
    "red": (215, 35, 35),
    "green": (30, 160, 60),
    "blue": (40, 70, 220),
    "yellow": (235, 215, 40),
}
_SHAPES = ("disc", "bar")
_SIDES = ("left", "right")
KINDS = tuple(product(_COLOURS, _SHAPES, _SIDES))
WIDTH, HEIGHT = 60, 44


class Drawing(NamedTuple):
    """A picture and what can be said of it.

    Attributes:
        name: of its file; its suffix says which kind of file it is.
        image: the picture.
        captions: one, or two in other words. Were there two of each, both would be as likely, and
            which one is written would hang on the rounding of a number.
    """

    name: str
    image: Image.Image
    captions: tuple[str, ...]


def captions(colour: str, shape: str, side: str) -> tuple[str, str]:
    """Returns what can be said of such a picture, the usual words first."""
    return f"A {colour} {shape} on the {side} .", f"On the {side} there is a {colour} {shape}."


def draw(colour: str, shape: str, side: str, seed: int = 0) -> Image.Image:
    """Draws such a picture, `WIDTH` x `HEIGHT`, each seed a little otherwise."""
    chance = random.Random(f"{colour} {shape} {side} {seed}")
    grey = 100 + seed % 61  # a prime, so that no two drawings of some are the same
    image = Image.new("RGB", (WIDTH, HEIGHT), (grey, grey, grey))
    x = WIDTH * (1 if side == "left" else 3) // 4 + chance.randint(-3, 3)
    y = HEIGHT // 2 + chance.randint(-4, 4)
    across, down = (11, 11) if shape == "disc" else (3, 21)
    pencil = ImageDraw.Draw(image)
    paint = pencil.ellipse if shape == "disc" else pencil.rectangle
    paint((x - across, y - down, x + across, y + down), fill=_COLOURS[colour])
    return image


def drawings(sizes: dict[str, int]) -> dict[str, list[Drawing]]:
    """Returns so many drawings for each split, every kind as often as the others."""
    made: dict[str, list[Drawing]] = {}
    seed = 0
    for split, size in sizes.items():
        made[split] = []
        for number in range(size):
            kind = KINDS[number % len(KINDS)]
            name = f"{split}-{number:03}.{'jpg' if number % 3 else 'png'}"
            some = captions(*kind)[: 1 if number // len(KINDS) % 3 else 2]
            made[split].append(Drawing(name, draw(*kind, seed=seed), some))
            seed += 1
    return made


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """Returns a picture as a file of a kind of Pillow."""
    content = io.BytesIO()
    more = {"quality": 95} if kind == "JPEG" else {}
    image.save(content, kind, **{**more, **options})
    return content.getvalue()


def table(splits: dict[str, list[Drawing]]) -> str:
    """Returns `captions.tsv`, a row for each caption."""
    rows = [
        f"{one.name}\t{caption}\t{split}\n"
        for split, some in splits.items()
        for one in some
        for caption in one.captions
    ]
    return "image\tcaption\tsplit\n" + "".join(rows)


def write(folder: Path, splits: dict[str, list[Drawing]]) -> None:
    """Writes pictures and their table as the data of a captioner."""
    (folder / "images").mkdir(parents=True)
    for one in (one for some in splits.values() for one in some):
        kind = "JPEG" if one.name.endswith(".jpg") else "PNG"
        (folder / "images" / one.name).write_bytes(saved(one.image, kind))
    (folder / "captions.tsv").write_text(table(splits), encoding="utf-8")
