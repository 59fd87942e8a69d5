"""A captioner small enough for tests: flat pictures of two colours, networks of a few channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from apps.captioning.application import APPLICATION
from apps.captioning.encoder import PictureEncoder
from apps.captioning.front_end import PictureFrontEnd
from apps.captioning.settings import CaptioningSettings
from common.generation.application import GenerationData
from common.generation.network import Generator
from common.image.picture import Picture
from common.text.pieces import END_ID
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


@dataclass(frozen=True)
class Captioner:
    """A captioner with random weights, so far from zero that its answers differ and end.

    Attributes:
        model: the network.
        front_end: of the network.
        settings: of the network.
    """

    model: Generator
    front_end: PictureFrontEnd
    settings: CaptioningSettings


def captioner(seed: int = 1) -> Captioner:
    """Returns a captioner of pictures of two colours."""
    # The converter makes 8 bits of matrices with 1024 numbers and more.
    settings = CaptioningSettings(
        encoder="small", size=24, units=32, heads=2, beam=2, max_tokens=9, seed=seed
    ).settled(False)
    front_end = APPLICATION.make_front_end(two_colours(), settings)
    assert isinstance(front_end, PictureFrontEnd)
    keras.utils.set_random_seed(seed)
    model = APPLICATION.build_network(settings, front_end)
    rng = np.random.default_rng(seed)
    for variable in model.decoder.variables:
        scale = 0.3
        if len(variable.shape) == 2:
            scale = 2 / variable.shape["embeddings" in variable.path] ** 0.5
        variable.assign(rng.normal(scale=scale, size=variable.shape))
    # Statistics of what the convolutions make of pictures, as training would have them.
    for _ in range(60):
        model.encoder(rng.integers(0, 256, (16, 24, 24, 3)).astype(np.uint8), training=True)
    model.decoder.bias.assign(model.decoder.bias + np.eye(len(front_end.vocabulary))[END_ID])
    return Captioner(model, front_end, settings)
