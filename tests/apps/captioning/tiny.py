"""A captioner small enough for tests: flat pictures of two colours, networks of a few channels."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from apps.captioning.encoder import PictureEncoder
from common.generation.application import GenerationData
from common.image.picture import Picture
from tests.common.image.pictures import encoded, picture

SIZE = 16
COLOURS = {"red": (220, 30, 30), "green": (30, 220, 30), "blue": (30, 30, 220)}


def backbone(channels: int = 6, seed: int = 0, size: int = SIZE) -> keras.Model:
    """Returns a convolutional network that halves lines twice, with random weights."""
    keras.utils.set_random_seed(seed)
    x = pixels = keras.Input((size, size, 3))
    for name in ("first", "second"):
        x = keras.layers.Conv2D(channels, 3, 2, "same", activation="relu", name=name)(x)
    return keras.Model(pixels, x, name="tiny")


def encoder(embedding: int = 8, seed: int = 0, **arguments: Any) -> PictureEncoder:
    """Returns an encoder with weights of its own, built."""
    made = PictureEncoder(backbone(seed=seed), "small", embedding, name="encoder", **arguments)
    made(np.zeros((1, SIZE, SIZE, 3), np.uint8))
    return made


def noise(count: int, seed: int = 0) -> NDArray[np.uint8]:
    """Returns random pixels `(count, SIZE, SIZE, 3)`."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (count, SIZE, SIZE, 3)).astype(np.uint8)


def pictures(count: int, seed: int = 0) -> list[Picture]:
    """Returns random pictures, named by their numbers."""
    return [picture(encoded(one, "PNG"), str(i)) for i, one in enumerate(noise(count, seed))]


def halves(upper: str, lower: str) -> Picture:
    """Returns a picture of two colours, one above the other."""
    pixels = np.empty((20, 26, 3), np.uint8)
    pixels[:10], pixels[10:] = COLOURS[upper], COLOURS[lower]
    return picture(encoded(pixels, "PNG"), f"{upper}-{lower}.png")


def two_colours() -> GenerationData:
    """Returns every picture of two colours, with two captions, in all splits."""
    pairs = [(a, b) for a in COLOURS for b in COLOURS]
    made = [halves(a, b) for a, b in pairs]
    captions = [(f"{a} above {b}", f"{b} below {a}") for a, b in pairs]
    splits = ("train", "dev", "test")
    return GenerationData("made up", dict.fromkeys(splits, made), dict.fromkeys(splits, captions))
