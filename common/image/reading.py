"""Many pictures, one after the other: read, decoded and resized, or the reason why not."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from common.errors import UserError
from common.image.decoding import decode
from common.image.picture import Picture
from common.image.resizing import resize

# Pictures that are decoded ahead of use.
_AHEAD = 64


def read_pictures(
    pictures: Iterable[Picture], size: int
) -> Iterator[NDArray[np.uint8] | UserError]:
    """Reads pictures as a network sees them; one that cannot be used stops nothing.

    Args:
        pictures: what to read.
        size: of a side of the result, in pixels.

    Yields:
        For each picture in turn RGB, (size, size, 3), or the error that names it and says what to
        do. A few are read ahead; all others wait until they are asked for.
    """
    waiting = iter(pictures)
    # Threads, because decoding leaves Python alone; more would only wait for it in between.
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        while some := list(islice(waiting, _AHEAD)):
            yield from pool.map(partial(_read, size=size), some)


def _read(picture: Picture, size: int) -> NDArray[np.uint8] | UserError:
    try:
        return resize(decode(picture), size)
    except UserError as error:
        return error
