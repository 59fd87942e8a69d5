"""What a fixed backbone makes of pictures, computed once and kept on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from apps.captioning.encoder import PictureEncoder
from common.errors import UserError
from common.generation.application import Array
from common.image.picture import Picture
from common.image.reading import read_pictures
from common.progress import Progress

# Half precision: a feature map of 25 places and 1,280 channels takes 64 kB of disk.
_KEPT = np.float16
_BATCH = 32


def cached_features(
    encoder: PictureEncoder,
    pictures: Sequence[Picture],
    size: int,
    folder: Path,
    progress: Progress,
) -> Sequence[Array]:
    """Returns the feature map of each picture, computed now or found in a folder.

    A file in the folder belongs to one backbone with its weights, one size and the contents of all
    pictures, in order; a computation that was interrupted goes on.

    Args:
        encoder: whose backbone.
        pictures: that can all be read.
        size: sides that they are resized to, in pixels.
        folder: is made if it is not there.
        progress: told about every batch.

    Returns:
        Views `(rows, columns, channels)`, float16, of a file in memory.

    Raises:
        UserError: a picture cannot be read, or the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise UserError(f"--features {folder}: a file is in the way; name a folder") from error
    path = folder / f"{_key(encoder, size)}-{_contents(pictures)}.npy"
    if not path.exists():
        _compute(encoder, pictures, size, path, progress)
    return list(np.load(path, mmap_mode="r"))


def _compute(
    encoder: PictureEncoder,
    pictures: Sequence[Picture],
    size: int,
    path: Path,
    progress: Progress,
) -> None:
    part, state = path.with_suffix(".part"), path.with_suffix(".json")
    shape = (len(pictures), *encoder.backbone.output_shape[1:])
    done = json.loads(state.read_text())["done"] if state.exists() and part.exists() else 0
    kept = np.lib.format.open_memmap(
        part, mode="r+" if done else "w+", dtype=_KEPT, shape=None if done else shape
    )
    run = tf.function(encoder.features, reduce_retracing=True, autograph=False)
    progress.start("features", len(pictures) - done)
    waiting: list[Any] = []
    for index, pixels in enumerate(read_pictures(pictures[done:], size), done + 1):
        if isinstance(pixels, UserError):
            raise pixels
        waiting.append(pixels)
        if len(waiting) == _BATCH or index == len(pictures):
            features = run(tf.constant(np.stack(waiting))).numpy()
            kept[index - len(waiting) : index] = features.astype(_KEPT)
            kept.flush()
            state.write_text(json.dumps({"done": index}))
            waiting = []
        progress.advance()
    progress.close()
    part.replace(path)
    state.unlink(missing_ok=True)


def _key(encoder: PictureEncoder, size: int) -> str:
    digest = hashlib.sha256(f"{encoder.kind} {size}".encode())
    for values in encoder.backbone.get_weights():
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:16]


def _contents(pictures: Sequence[Picture]) -> str:
    digest = hashlib.sha256()
    for picture in pictures:
        digest.update(hashlib.sha256(picture.read()).digest())
    return digest.hexdigest()[:16]
