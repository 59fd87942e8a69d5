"""Captioned pictures of TensorFlow Datasets. Nothing of it is imported before a call."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import blake2b
from typing import Any

from common.data import tfds
from common.data.caption_sources import CAPTION_OPTION, IMAGE_OPTION, RawCaption
from common.data.sources import Source
from common.errors import UserError, listed, one_line
from common.image.picture import Picture

# Names of features to read where a builder has several; the first is an option's default.
_IMAGES = ("image",)
_CAPTIONS = ("caption", "captions", "text")
# What the text is called where a feature holds a list of captions with more about each.
_TEXTS = ("text", "caption", "raw")
_FILE = "image/filename"
_AHEAD = 16


def captions_of_tfds(data: str, image_column: str, caption_column: str) -> Source[RawCaption]:
    """Opens a builder of TensorFlow Datasets and prepares its data.

    Its encoded images go into a temporary file as a split is read, so they take as much room there
    as in the prepared data, and none in memory.

    Args:
        data: `tfds:NAME`.
        image_column: the feature with the image.
        caption_column: the feature with a caption, or with a list of them: `captions` in
            `coco_captions`, each of which is a `text`.

    Raises:
        UserError: there is no such builder, it has no such features, or its data can be neither
            found nor downloaded.
    """
    name = data.removeprefix(tfds.PREFIX)
    builder = tfds.open_builder(name)
    captions = _caption_features(builder)
    image, caption = (
        tfds.choose_feature(
            name, builder, some, kind=kind, wanted=wanted, preferred=preferred, option=option
        )
        for some, kind, wanted, preferred, option in (
            (_image_features(builder), "an image", image_column, _IMAGES, IMAGE_OPTION),
            (list(captions), "captions", caption_column, _CAPTIONS, CAPTION_OPTION),
        )
    )
    tfds.prepare(name, builder)
    splits, ignored = tfds.labelled_splits(builder)
    notes = [f"read {listed((image, caption))} of {builder.info.full_name}", *ignored]
    spool = _Spool(data)

    def read(split: str) -> list[RawCaption]:
        rows = []
        own = splits[split]
        for number, example in enumerate(_examples(name, builder, own, image, caption), start=1):
            where = f"{data}/{own}:{number}"
            contents = example[image]
            shown = example.get(_FILE, b"").decode("utf-8", "replace")
            picture = Picture(f"{where} ({shown})" if shown else where, spool.add(contents))
            content = blake2b(contents, digest_size=16).digest()
            said = example[caption]
            if inner := captions[caption]:
                said = said[inner]
            texts = [said] if isinstance(said, bytes) else list(said)
            rows += [
                RawCaption(where, picture, text.decode("utf-8", "replace"), where, content)
                for text in texts
            ] or [RawCaption(where, picture, None, where, content)]
        return rows

    return Source(data, {split: partial(read, split) for split in splits}, notes)


class _Spool:
    """Encoded images in a temporary file that goes when the last of them is forgotten."""

    def __init__(self, data: str) -> None:
        self._data = data
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._lock = threading.Lock()
        self._size = 0

    def add(self, contents: bytes) -> Callable[[], bytes]:
        """Returns what reads the contents again."""
        begin = self._size
        try:
            with self._lock:
                self._file.seek(begin)
                self._file.write(contents)
                self._file.flush()
        except OSError as error:
            raise UserError(
                f"{self._data}: its images do not fit into the folder for temporary files, "
                f"{tempfile.gettempdir()} ({error.strerror}); choose another with TMPDIR"
            ) from error
        self._size += len(contents)
        return partial(self._read, begin, len(contents))

    def _read(self, begin: int, size: int) -> bytes:
        with self._lock:
            self._file.seek(begin)
            return self._file.read(size)


def _image_features(builder: Any) -> list[str]:
    import tensorflow_datasets

    kind = tensorflow_datasets.features.Image
    return [name for name, feature in _features(builder).items() if isinstance(feature, kind)]


def _caption_features(builder: Any) -> dict[str, str | None]:
    """Returns the features that hold captions; of a list with more about each, what is the text."""
    import tensorflow_datasets

    kinds = tensorflow_datasets.features
    found: dict[str, str | None] = {}
    for name, feature in _features(builder).items():
        inner = feature.feature if isinstance(feature, kinds.Sequence) else feature
        if _is_text(inner) and name != _FILE:
            found[name] = None
        elif inner is not feature and isinstance(inner, kinds.FeaturesDict):
            text = next((key for key in _TEXTS if key in inner and _is_text(inner[key])), None)
            if text:
                found[name] = text
    return found


def _is_text(feature: Any) -> bool:
    import tensorflow_datasets

    kind = tensorflow_datasets.features.Tensor
    return isinstance(feature, kind) and feature.shape == () and feature.np_dtype in (object,)


def _features(builder: Any) -> dict[str, Any]:
    features = builder.info.features
    # Sorted, because features that were read from files come in another order each time.
    return dict(sorted(features.items())) if hasattr(features, "items") else {}


def _examples(
    name: str, builder: Any, split: str, image: str, caption: str
) -> Iterator[dict[str, Any]]:
    """Reads the examples of a split, in an order that is always the same; images stay encoded."""
    import tensorflow_datasets

    decode = tensorflow_datasets.decode
    wanted = {key: True for key in (image, caption, _FILE) if key in builder.info.features}
    try:
        data = builder.as_dataset(
            split=split,
            shuffle_files=False,
            read_config=tensorflow_datasets.ReadConfig(try_autocache=False),
            decoders=decode.PartialDecoding(wanted, {image: decode.SkipDecoding()}),
        )
        yield from tensorflow_datasets.as_numpy(data.prefetch(_AHEAD))
    except Exception as error:
        raise UserError(
            f"{tfds.PREFIX}{name}: the prepared data in {builder.data_dir} cannot be read "
            f"({one_line(f'{type(error).__name__}: {error}')}); delete that folder and run again"
        ) from error
