"""What every source of captioned pictures must satisfy, run on a small fixture of each layout."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from common.data.captions import CaptionedPicture, LoadedCaptions, load_captions
from common.errors import UserError
from common.image.decoding import decode
from common.image.picture import Picture
from tests.common.data.data_case import csv_table, table, write
from tests.common.image.pictures import encoded, noise

HEADER = ("image", "caption")


def image(number: int) -> bytes:
    """Returns a picture, two pixels wide, that only this number has."""
    return encoded(noise(number + 1, 2, seed=number), "BMP")


def number_of(picture: Picture) -> int:
    """Returns the number of a picture, which can be decoded."""
    return len(decode(picture)) - 1


def name(number: int) -> str:
    return f"{number}.bmp"


def texts(number: int) -> tuple[str, ...]:
    """Returns one to three captions, which only this number has."""
    return tuple(f"Picture {number} of {k} ." for k in range(number % 3 + 1))


def write_images(folder: Path, count: int, start: int = 0) -> Path:
    """Writes the pictures of numbers; returns the folder."""
    for number in range(start, start + count):
        write(folder / name(number), image(number))
    return folder


def rows(count: int, start: int = 0, *more: str) -> list[tuple[str, ...]]:
    """Returns a row for each caption of pictures."""
    return [(name(n), text, *more) for n in range(start, start + count) for text in texts(n)]


def caption_table(some: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> str:
    return table(some, header)


def caption_csv(some: Sequence[tuple[str, ...]], header: Sequence[str] = HEADER) -> str:
    return csv_table(some, header)


def coco(count: int, start: int = 0) -> dict[str, list[dict[str, Any]]]:
    """Returns the content of a captions file of COCO; annotations are in no order of images."""
    numbers = range(start, start + count)
    said = [(1000 + n, text) for n in numbers for text in texts(n)]
    return {
        "images": [{"id": 1000 + n, "file_name": name(n), "height": 1} for n in numbers],
        "annotations": [
            {"image_id": image_id, "id": k, "caption": text}
            for k, (image_id, text) in enumerate(sorted(said, key=lambda one: one[1][::-1]))
        ],
    }


def write_coco(path: Path, content: object) -> Path:
    return write(path, json.dumps(content))


def no_builtin() -> Mapping[str, Sequence[CaptionedPicture]]:
    """Stands for an application's own data where a test must not touch them."""
    raise AssertionError("the built-in data were made although others were named")


def load(data: Path | str, **options: Any) -> LoadedCaptions:
    return load_captions(str(data), builtin=no_builtin, **options)


def load_all(data: Path | str, **options: Any) -> Sequence[CaptionedPicture]:
    """Returns every usable picture of a source."""
    return load(data, splits={"all"}, **options).splits["all"]


def fault(data: Path | str, **options: Any) -> str:
    """Returns the message of the error, which is one line and says what to do."""
    with pytest.raises(UserError) as caught:
        load(data, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert "; " in message
    return message


class CaptionCase:
    """Subclass it, make the fixture in `make`, and state what must come out."""

    #: Number of pictures in each split that training gets; 0 where there is none.
    train: int
    dev: int
    test: int = 0
    #: Number of usable pictures in the fixture, before any are removed as overlap.
    every: int
    #: A part of each note that must be there, in order; no other notes may be.
    notes: tuple[str, ...] = ()
    #: Whether the source keeps the order in which pictures were given.
    in_order = True

    def make(self, folder: Path) -> str:
        """Writes the fixture; returns what the user would name as data."""
        raise AssertionError("a case says how to make its fixture")

    def builtin(self) -> Mapping[str, Sequence[CaptionedPicture]]:
        return no_builtin()

    @pytest.fixture
    def data(self, tmp_path: Path) -> Iterator[str]:
        yield self.make(tmp_path)

    def load(self, data: str, **options: Any) -> LoadedCaptions:
        return load_captions(data, builtin=self.builtin, **options)

    def test_counts(self, data: str) -> None:
        loaded = self.load(data)
        counts = {"train": self.train, "dev": self.dev, "test": self.test}
        assert {split: len(some) for split, some in loaded.splits.items()} == {
            split: count for split, count in counts.items() if count
        }
        assert loaded.name == data

    def test_pictures_keep_their_captions(self, data: str) -> None:
        for some in self.load(data).splits.values():
            for one in some:
                assert isinstance(one, CaptionedPicture)
                assert set(one.captions) == set(texts(number_of(one.picture)))
                assert len(one.captions) == len(set(one.captions))

    def test_order(self, data: str) -> None:
        for some in self.load(data).splits.values():
            numbers = [number_of(one.picture) for one in some]
            assert not self.in_order or numbers == sorted(numbers)
            assert len({one.picture for one in some}) == len(some)

    def test_no_picture_is_in_two_splits(self, data: str) -> None:
        splits = self.load(data).splits.values()
        bytes_of = [{one.picture.read() for one in some} for some in splits]
        names = [{one.picture.name for one in some} for some in splits]
        for parts in (bytes_of, names):
            assert len(set().union(*parts)) == sum(map(len, parts))

    def test_loading_again_gives_the_same(self, data: str) -> None:
        assert self.load(data) == self.load(data)

    def test_a_split_alone_is_the_same_split(self, data: str) -> None:
        for split, some in self.load(data).splits.items():
            assert self.load(data, splits={split}).splits == {split: some}

    def test_all_is_every_picture(self, data: str) -> None:
        assert len(self.load(data, splits={"all"}).splits["all"]) == self.every

    def test_notes(self, data: str) -> None:
        notes = self.load(data).notes
        assert len(notes) == len(self.notes), notes
        for note, part in zip(notes, self.notes, strict=True):
            assert part in note
            assert "\n" not in note
