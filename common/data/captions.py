"""Captioned pictures from every source: made by the application, files, TFDS."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import NamedTuple

from common.data import tfds
from common.data.caption_sources import RawCaption, captions_of_path
from common.data.sources import ALL, BUILTIN, Source, read_splits
from common.data.splits import SPLITS
from common.data.tfds_captions import captions_of_tfds
from common.errors import UserError, one_line
from common.image.picture import Picture
from common.text.normalization import normalize

__all__ = ["BUILTIN", "CaptionedPicture", "LoadedCaptions", "load_captions"]


@dataclass(frozen=True, slots=True)
class CaptionedPicture:
    """A picture and what was said of it.

    Attributes:
        picture: encoded; it may turn out to be no picture when it is decoded.
        captions: at least one, written in the one way of `common.text.normalization`.
    """

    picture: Picture
    captions: tuple[str, ...]


@dataclass(frozen=True)
class LoadedCaptions:
    """Captioned pictures, checked and divided. No picture has been decoded.

    Attributes:
        name: `builtin`, the path as it was given, or `tfds:NAME`.
        splits: the wanted ones of `train`, `dev` and `test`; or `all` alone.
        notes: what a reader of a score must know: how the data were divided, what was left out
            and why, with counts.
    """

    name: str
    splits: Mapping[str, Sequence[CaptionedPicture]]
    notes: tuple[str, ...]


class _Item(NamedTuple):
    captioned: CaptionedPicture
    key: bytes


def load_captions(
    data: str,
    *,
    builtin: Callable[[], Mapping[str, Sequence[CaptionedPicture]]],
    splits: Collection[str] | None = None,
    image_column: str = "image",
    caption_column: str = "caption",
    seed: int = 0,
) -> LoadedCaptions:
    """Loads the data that the user named.

    Splits share no picture: one with the same bytes as another, whatever it is called, leaves
    train if it is in dev or test, and dev if it is in test. Where there are no splits, a tenth of
    the pictures goes to test and a tenth to dev, by a hash of their bytes; where only dev is
    missing, it is split off train. A split asked for alone is the same as after loading all of
    them. Every file is read for this once, but not decoded.

    Pictures that are not there, captions that are empty, and pictures without captions are left
    out and counted.

    Args:
        data: `builtin`; a path to a table (`.tsv`, `.csv`, `.gz` of them) with a row for each
            caption, the columns `image` (a path relative to the table or to `images/` beside it)
            and `caption`, and perhaps `split`; to a captions file of COCO, whose images lie beside
            it, in `images/`, or in `train2017/` and its like, perhaps one folder above; to a folder
            with a table `captions`, with the tables of splits, or with COCO's
            `annotations/captions_train*.json` and `captions_val*.json`; or `tfds:NAME`.
        builtin: makes the application's own captioned pictures of each split. No name of a
            picture may be in two splits.
        splits: which splits to return and so to require. `None`: what training needs (train and
            dev, and test where it is there). `{"all"}`: one split with every picture of the source.
        image_column: the column (or TFDS feature) of the image.
        caption_column: the column (or TFDS feature) of the caption or captions.
        seed: decides how data without splits are divided.

    Returns:
        The splits, each in the order of the source; a picture stands where it is named first.

    Raises:
        UserError: the data cannot be used; the message says where and what to do.
        ValueError: `splits` is empty or holds `all` beside others.
    """
    if image_column == caption_column:
        raise UserError(
            f"the columns of image and caption are both '{one_line(image_column, 40)}'; choose two"
        )
    if data == BUILTIN:
        raw = _of_builtin(builtin())
    elif data.startswith(tfds.PREFIX):
        raw = captions_of_tfds(data, image_column, caption_column)
    else:
        raw = captions_of_path(data, image_column, caption_column)

    def read(split: str) -> list[_Item]:
        return _clean(raw.readers[split](), "" if split == ALL else f"{split} ", raw.notes)

    items = read_splits(
        Source(data, {split: partial(read, split) for split in raw.readers}, raw.notes),
        splits,
        key=lambda item: item.key,
        seed=seed,
        items="images",
        same="the same image",
    )
    loaded = {split: tuple(item.captioned for item in some) for split, some in items.items()}
    return LoadedCaptions(data, loaded, tuple(raw.notes))


def _of_builtin(made: Mapping[str, Sequence[CaptionedPicture]]) -> Source[RawCaption]:
    def read(split: str) -> list[RawCaption]:
        rows = []
        for number, (picture, captions) in enumerate(
            ((one.picture, one.captions) for one in made[split]), start=1
        ):
            where = f"{BUILTIN}/{split}:{number}"
            content = _hash(picture.name.encode())  # which costs less than making the picture
            texts = captions or (None,)
            rows += [RawCaption(picture.name, picture, text, where, content) for text in texts]
        return rows

    return Source(BUILTIN, {split: partial(read, split) for split in SPLITS if split in made})


def _clean(rows: Sequence[RawCaption], of_split: str, notes: list[str]) -> list[_Item]:
    """Gathers the captions of each picture, and notes what was left out.

    Raises:
        UserError: none of the pictures is there, or none has a caption.
    """
    firsts: dict[str, RawCaption] = {}
    captions: dict[str, list[str]] = {}
    empty: list[RawCaption] = []
    for row in rows:
        firsts.setdefault(_name(row), row)
        some = captions.setdefault(_name(row), [])
        if row.caption is not None:
            if text := normalize(row.caption):
                some.append(text)
            else:
                empty.append(row)
    there = [row for row in firsts.values() if row.picture is not None]
    missing = [row for row in firsts.values() if row.picture is None]
    silent = [row for row in there if not captions[_name(row)]]
    kept = [row for row in there if captions[_name(row)]]
    images = f"{len(firsts):,} {of_split}images"
    if missing and not there:
        raise UserError(
            f"{missing[0].where}: there is no image '{one_line(missing[0].name, 80)}', and none of "
            f"the {images} is there; correct the paths (they are relative to the folder of the "
            "captions or to images/ beside it)"
        )
    if silent and not kept:
        raise UserError(
            f"{silent[0].where}: none of the {images} has a caption; write some or remove them"
        )
    for some_rows, why, among in (
        (missing, "left out, because the image is missing,", images),
        (empty, "left out, because the caption is empty,", f"{len(rows):,} {of_split}captions"),
        (silent, "left out, because the image has no caption,", images),
    ):
        if some_rows:
            first = f"the first at {some_rows[0].where} ({one_line(some_rows[0].name, 80)})"
            notes.append(f"{why} {len(some_rows):,} of {among}, {first}")
    return [
        _Item(CaptionedPicture(picture, tuple(captions[_name(row)])), key)
        for (row, picture), key in zip(
            ((row, row.picture) for row in kept if row.picture is not None),
            _contents(kept),
            strict=True,
        )
    ]


def _name(row: RawCaption) -> str:
    """Returns what all captions of a picture share, however its path is written."""
    return row.picture.name if row.picture else row.name


def _contents(rows: Sequence[RawCaption]) -> list[bytes]:
    """Returns for each picture what only equal ones share."""
    # Threads, because hashing leaves Python alone; more would only wait for the disk.
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        return list(pool.map(_content, rows, chunksize=64))


def _content(row: RawCaption) -> bytes:
    if row.content is not None:
        return row.content
    if row.picture is not None and isinstance(row.picture.source, Path):
        # Whoever decodes a picture gets the error, if it cannot be read or nothing is in it.
        with contextlib.suppress(OSError), row.picture.source.open("rb") as file:
            if os.fstat(file.fileno()).st_size:
                return file_digest(file, partial(blake2b, digest_size=16)).digest()
    return _hash(_name(row).encode("utf-8", "surrogateescape"))


def _hash(name: bytes) -> bytes:
    return blake2b(b"name " + name, digest_size=16).digest()
