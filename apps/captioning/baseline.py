"""The caption of the training picture that looks most alike: no network, nothing learned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from common.errors import UserError
from common.image.picture import Picture
from common.image.reading import read_pictures

NAME = "caption of the training picture most alike at 16 x 16 pixels"

_SIZE = 16
_MOST = 20_000
_TOGETHER = 256


def most_alike(
    train: Sequence[Picture], captions: Sequence[tuple[str, ...]], asked: Sequence[Picture]
) -> list[str]:
    """Returns for each picture the first caption of the training picture that is nearest to it.

    Args:
        train: pictures of the training split; of very many, some.
        captions: of each.
        asked: pictures to caption.
    """
    step = -(-len(train) // _MOST)
    known = _small(train[::step])
    squares = (known**2).sum(axis=1)
    wanted = _small(asked)
    answers = []
    for start in range(0, len(wanted), _TOGETHER):
        some = wanted[start : start + _TOGETHER]
        nearest = np.argmin(squares - 2 * some @ known.T, axis=1)
        answers += [captions[::step][index][0] for index in nearest]
    return answers


def _small(pictures: Sequence[Picture]) -> NDArray[np.float32]:
    """Returns pixels `(pictures, 16 * 16 * 3)`; those of one that cannot be read are black."""
    rows = np.zeros((len(pictures), _SIZE * _SIZE * 3), np.float32)
    for row, pixels in zip(rows, read_pictures(pictures, _SIZE), strict=True):
        if not isinstance(pixels, UserError):
            row[:] = pixels.reshape(-1) / 255
    return rows
