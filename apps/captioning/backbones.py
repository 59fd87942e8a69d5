"""The convolutional networks that turn pixels into a map of features."""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras

from apps.captioning.settings import SMALL
from apps.captioning.small_network import small_network
from common.errors import UserError, one_line

IMAGENET = "imagenet"


def names() -> list[str]:
    """Returns the names of all backbones: `small` and those of keras.applications."""
    return [SMALL, *sorted(_modules())]


def preprocessing(name: str) -> Callable[[Any], Any]:
    """Returns what a backbone wants done to RGB of 0 to 255 in float."""
    if name == SMALL:
        return lambda pixels: pixels / 127.5 - 1
    function: Callable[[Any], Any] = _modules()[name].preprocess_input
    return function


def build_backbone(name: str, size: int, weights: str | None) -> keras.Model:
    """Builds a network from preprocessed pixels `(batch, size, size, 3)` to features.

    Args:
        name: of `names()`.
        size: sides of the pictures, in pixels.
        weights: of keras.applications: "imagenet", a file of weights, or None for random ones.

    Returns:
        The network; its output is `(batch, rows, columns, channels)`.

    Raises:
        UserError: there is no such network, it takes no pictures of this size, or its weights
            cannot be had.
    """
    if name == SMALL:
        return small_network(size)
    if name not in _modules():
        raise UserError(
            f"--encoder {one_line(name, 60)}: no network of this name; known are "
            f"{', '.join(names())}"
        )
    try:
        backbone = getattr(keras.applications, name)(
            input_shape=(size, size, 3), include_top=False, weights=None
        )
    except ValueError as error:
        raise UserError(f"--size {size}: {name} cannot take it ({one_line(error, 120)})") from error
    if weights == IMAGENET:
        _download(backbone, name, size)
    elif weights is not None:
        _read(backbone, name, Path(weights))
    return backbone


def _download(backbone: keras.Model, name: str, size: int) -> None:
    try:
        # Standard output is for answers, and Keras would tell there how far it is.
        with contextlib.redirect_stdout(sys.stderr):
            trained = getattr(keras.applications, name)(
                input_shape=(size, size, 3), include_top=False, weights=IMAGENET
            )
    except Exception as error:  # urllib's, http's and Keras's own have no common base
        raise UserError(
            f"the ImageNet weights of {name} could not be downloaded ({one_line(error, 250)}): try "
            "again with a network, or give a file of them with --encoder-weights FILE"
        ) from error
    backbone.set_weights(trained.get_weights())


def _read(backbone: keras.Model, name: str, path: Path) -> None:
    if not path.is_file():
        raise UserError(
            f"--encoder-weights {path}: there is no such file; give a file of weights of {name} "
            f"without its top, or {IMAGENET} to download them"
        )
    try:
        backbone.load_weights(path)
    except Exception as error:  # HDF5's, zip's and Keras's own have no common base
        raise UserError(
            f"--encoder-weights {path}: these are no weights of {name} without its top "
            f"({one_line(error, 80)})"
        ) from error


def _modules() -> dict[str, Any]:
    """Returns for each network of keras.applications the module with its preprocessing."""
    # Not by the public modules: not all of them show their networks.
    networks = inspect.getmembers(keras.applications, inspect.isfunction)
    return {name: sys.modules[one.__module__] for name, one in networks if name[0].isupper()}
