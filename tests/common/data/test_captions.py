"""Captioned pictures: every layout through one harness.

The sizes of parts that were split off are what the hashes give. They are pinned because a change
of them would silently change everybody's dev and test pictures.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from common.data.captions import CaptionedPicture
from common.image.picture import Picture
from tests.common.data.caption_case import (
    HEADER,
    CaptionCase,
    caption_csv,
    caption_table,
    coco,
    image,
    load,
    load_all,
    name,
    number_of,
    rows,
    texts,
    write_coco,
    write_images,
)
from tests.common.data.data_case import write

ROOT = Path(__file__).parents[3]
CAPTIONS = Path(os.environ.get("RECUR_DATA", ROOT.parent / "shared" / "data")) / "captions"


def made(count: int, start: int = 0) -> list[CaptionedPicture]:
    return [
        CaptionedPicture(Picture(f"made {n}", lambda n=n: image(n)), texts(n))  # type: ignore[misc]
        for n in range(start, start + count)
    ]


class TestBuiltin(CaptionCase):
    train, dev, test = 20, 6, 4
    every = 30

    def make(self, folder: Path) -> str:
        return "builtin"

    def builtin(self) -> Mapping[str, Sequence[CaptionedPicture]]:
        return {"train": made(20), "dev": made(6, 20), "test": made(4, 26)}


class TestTableInAFolder(CaptionCase):
    train, dev, test = 82, 10, 8
    every = 100
    notes = ("split into train, dev and test by hash with seed 0: 82 train, 10 dev, 8",)

    def make(self, folder: Path) -> str:
        write_images(folder / "images", 100)
        write(folder / "captions.tsv", caption_table(rows(100)))
        write(folder / "README.md", "no data")
        return str(folder)


class TestTableWithSplits(CaptionCase):
    train, dev, test = 20, 6, 4
    every = 30

    def make(self, folder: Path) -> str:
        write_images(folder / "Images", 30)
        some = [*rows(20, 0, "Train"), *rows(6, 20, "val"), *rows(4, 26, "test")]
        header = ("caption", "image", "split")
        swapped = [(text, name, split) for name, text, split in some]
        return str(write(folder / "flickr.csv", caption_csv(swapped, header)))


class TestImagesBesideTheTable(CaptionCase):
    train, dev, test = 20, 6, 4
    every = 30

    def make(self, folder: Path) -> str:
        write_images(folder, 30)
        some = [*rows(20, 0, "train"), *rows(6, 20, "dev"), *rows(4, 26, "test")]
        # Rows of a picture need not stand together.
        some.sort(key=lambda row: (texts(int(row[0][:-4])).index(row[1]), int(row[0][:-4])))
        content = caption_table(some, (*HEADER, "split")).encode()
        return str(write(folder / "Captions.tsv.gz", gzip.compress(content)).parent)

    def test_order(self, data: str) -> None:
        """A picture stands where it is named first, and each number is, in order."""
        super().test_order(data)


class TestSplitTables(CaptionCase):
    train, dev, test = 20, 6, 4
    every = 30
    notes = ("ignored what is no split in",)

    def make(self, folder: Path) -> str:
        write_images(folder / "images", 20)
        write_images(folder / "validation", 10, 20)
        write(folder / "train.tsv", caption_table(rows(20)))
        held_out = [(f"validation/{name}", text) for name, text in rows(10, 20)]
        write(folder / "valid.csv", caption_csv(held_out[: len(rows(6, 20))]))
        write(folder / "test.tsv", caption_table(held_out[len(rows(6, 20)) :]))
        write(folder / "more.tsv", "no data")
        return str(folder)


class TestDevFromTrain(CaptionCase):
    train, dev, test = 92, 8, 10
    every = 110
    notes = ("split dev off train by hash with seed 0: 92 train, 8 dev images",)

    def make(self, folder: Path) -> str:
        write_images(folder, 110)
        write(folder / "train.tsv", caption_table(rows(100)))
        write(folder / "test.tsv", caption_table(rows(10, 100)))
        return str(folder)


class TestCocoFolder(CaptionCase):
    train, dev = 20, 6
    every = 26

    def make(self, folder: Path) -> str:
        write_images(folder / "train2017", 20)
        write_images(folder / "val2017", 6, 20)
        write_coco(folder / "annotations" / "captions_train2017.json", coco(20))
        write_coco(folder / "annotations" / "captions_val2017.json", coco(6, 20))
        write_coco(folder / "annotations" / "instances_val2017.json", {"annotations": []})
        return str(folder)


class TestCocoFolderWithImages(CaptionCase):
    train, dev = 20, 6
    every = 26

    def make(self, folder: Path) -> str:
        write_images(folder / "images" / "train2014", 20)
        write_images(folder / "images", 6, 20)
        write_coco(folder / "captions_train2014.json", coco(20))
        compressed = gzip.compress(json.dumps(coco(6, 20)).encode())
        write(folder / "captions_val2014.json.gz", compressed)
        return str(folder)


class TestCocoFile(CaptionCase):
    train, dev, test = 82, 10, 8
    every = 100
    notes = ("split into train, dev and test by hash with seed 0: 82 train, 10 dev, 8",)

    def make(self, folder: Path) -> str:
        write_images(folder / "val2017", 100)
        return str(write_coco(folder / "annotations" / "captions_val2017.json", coco(100)))


class TestCocoFileOfAnotherName(TestCocoFile):
    def make(self, folder: Path) -> str:
        write_images(folder / "images", 100)
        return str(write_coco(folder / "mine.json", coco(100)))


class TestSharedImages(CaptionCase):
    """The same bytes under other names, and the same name in two splits."""

    train, dev, test = 17, 4, 4
    every = 20 + 6 + 4
    notes = (
        "removed 2 of 6 dev images because the same image is also in test",
        "removed 2 of 20 train images because the same image is also in dev",
        "removed 1 of 20 train images because the same image is also in test",
    )

    def make(self, folder: Path) -> str:
        write_images(folder, 27)
        others = {"a.bmp": 26, "b.bmp": 25}
        for other, number in others.items():
            write(folder / other, image(number))
        dev = [(other, text) for other, number in others.items() for text in texts(number)]
        write(folder / "dev.tsv", caption_table([*rows(4, 18), *dev]))
        write(folder / "test.tsv", caption_table([*rows(1, 0), *rows(1, 24), *rows(2, 25)]))
        write(folder / "train.tsv", caption_table(rows(20)))
        return str(folder)

    def test_order(self, data: str) -> None:
        assert [number_of(one.picture) for one in load(data).splits["dev"]] == [18, 19, 20, 21]


class TestUncleanRows(CaptionCase):
    train, dev = 20, 6
    every = 26
    notes = (
        "left out, because the image is missing, 1 of 8 dev images, the first at ",
        "left out, because the caption is empty, 3 of ",
        "left out, because the image has no caption, 1 of 8 dev images, the first at ",
        "left out, because the image is missing, 2 of 22 train images, the first at ",
    )

    def make(self, folder: Path) -> str:
        write_images(folder / "images", 30)
        some = [("no.bmp", "a"), ("no.bmp", "b"), ("x" * 300, "too long a name"), *rows(20)]
        write(folder / "train.tsv", caption_table(some))
        dev = [*rows(6, 20), ("gone.bmp", "c"), (name(28), " "), (name(28), "\u200b")]
        write(folder / "dev.tsv", caption_table([*dev, (name(21), "")]))
        return str(folder)

    def test_the_first_of_each_is_named(self, data: str) -> None:
        notes = load(data).notes
        line = len(rows(6, 20)) + 2
        assert notes[0].endswith(f"{data}/dev.tsv:{line} (gone.bmp)")
        assert notes[1].endswith(f"{data}/dev.tsv:{line + 1} (28.bmp)")
        assert notes[3].endswith(f"{data}/train.tsv:2 (no.bmp)")


def test_captions_are_normalised(tmp_path: Path) -> None:
    write_images(tmp_path, 1)
    write(tmp_path / "captions.tsv", caption_table([("0.bmp", "  “A  dog”\u00a0runs . ")]))
    assert load_all(tmp_path)[0].captions == ('"A dog" runs .',)


def test_a_path_may_be_written_in_several_ways(tmp_path: Path) -> None:
    write_images(tmp_path / "images", 2)
    some = [("0.bmp", "a"), ("./0.bmp", "b"), (" images/0.bmp ", "c"), ("images//0.bmp", "d")]
    write(tmp_path / "captions.tsv", caption_table(some))
    [one] = load_all(tmp_path)
    assert one.captions == ("a", "b", "c", "d")
    assert one.picture.name == str(tmp_path / "images" / "0.bmp")


def test_other_columns(tmp_path: Path) -> None:
    write_images(tmp_path, 2)
    write(tmp_path / "captions.tsv", caption_table(rows(2), ("file", "english")))
    assert len(load_all(tmp_path, image_column="file", caption_column="english")) == 2


def test_a_folder_that_was_moved(tmp_path: Path) -> None:
    write_images(tmp_path / "a" / "images", 60)
    write(tmp_path / "a" / "captions.tsv", caption_table(rows(60)))
    before = {k: [number_of(o.picture) for o in s] for k, s in load(tmp_path / "a").splits.items()}
    shutil.move(tmp_path / "a", tmp_path / "b")
    after = {k: [number_of(o.picture) for o in s] for k, s in load(tmp_path / "b").splits.items()}
    assert before == after


def test_another_seed_divides_otherwise(tmp_path: Path) -> None:
    write_images(tmp_path, 60)
    write(tmp_path / "captions.tsv", caption_table(rows(60)))
    assert load(tmp_path, seed=1).splits["dev"] != load(tmp_path).splits["dev"]


def test_no_picture_is_decoded(tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / name(number), f"no picture {number}")
    for number in (3, 4):  # these are not the same, and decoding will say what they are
        write(tmp_path / name(number), b"")
    write(tmp_path / "train.tsv", caption_table(rows(4)))
    write(tmp_path / "dev.tsv", caption_table(rows(1, 4)))
    loaded = load(tmp_path)
    assert {split: len(some) for split, some in loaded.splits.items()} == {"train": 4, "dev": 1}
    assert not loaded.notes


@pytest.mark.skipif(
    not CAPTIONS.is_dir(),
    reason=f"{CAPTIONS} is absent; point RECUR_DATA at a folder that holds captions/",
)
def test_documented_counts() -> None:
    began = time.perf_counter()
    loaded = load(CAPTIONS)
    assert time.perf_counter() - began < 30  # seconds; one or two when nothing else runs
    counts = {split: len(some) for split, some in loaded.splits.items()}
    assert counts == {"train": 6_000, "dev": 1_000}
    assert not loaded.notes
    assert {len(one.captions) for some in loaded.splits.values() for one in some} == {5}
