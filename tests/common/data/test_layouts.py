"""Labelled texts: every layout through one harness.

The sizes of parts that were split off are what the hashes give. They are pinned because a change
of them would silently change everybody's dev and test texts.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

from tests.common.data.data_case import DataCase, Pairs, csv_table, pairs, table, write


class TestBuiltin(DataCase):
    train, dev, test = 20, 6, 4
    rows = 30

    def make(self, folder: Path) -> str:
        return "builtin"

    def builtin(self) -> Mapping[str, Pairs]:
        return {"train": pairs(20), "dev": pairs(6, 20), "test": pairs(4, 26)}


class TestSplitTables(DataCase):
    train, dev, test = 20, 6, 4
    rows = 30

    def make(self, folder: Path) -> str:
        write(folder / "train.tsv", table(pairs(20)))
        rows = [(label, text) for text, label in pairs(6, 20)]
        write(folder / "valid.csv", csv_table(rows, ("label", "text")))
        write(folder / "test.tsv.gz", gzip.compress(table(pairs(4, 26)).encode()))
        write(folder / "README.md", "no data")
        return str(folder)


class TestSharedTexts(DataCase):
    train, dev, test = 20, 6, 4
    rows = 20 + 3 + 6 + 1 + 4
    notes = (
        "removed 1 of 7 dev texts because the same is also in test",
        "removed 1 of 23 train texts because the same is also in dev",
        "removed 2 of 23 train texts because the same is also in test",
        "kept 2 of 18 train texts although they have several labels",
    )

    def make(self, folder: Path) -> str:
        train, dev, test = pairs(16), pairs(6, 20), pairs(4, 26)
        train += [("So", "negative"), ("so ", "positive")]
        train += [("two minds", "positive"), ("two minds", "negative")]
        shared = [(test[0][0].upper(), "negative"), (f" {test[0][0]}", "negative"), dev[0]]
        write(folder / "train.tsv", table(train + shared))
        write(folder / "dev.tsv", table([*dev, test[1]]))
        write(folder / "test.tsv", table(test))
        return str(folder)

    def test_texts_and_labels_belong_together(self, data: str) -> None:
        found = self.load(data, splits={"all"}).splits["all"]
        assert [e.label for e in found if e.text == "two minds"] == ["positive", "negative"]


class TestDevFromTrain(DataCase):
    train, dev, test = 177, 23, 10
    rows = 210
    notes = ("ignored what is no split", "split dev off train by hash, class by class, with seed 0")

    def make(self, folder: Path) -> str:
        write(folder / "training.csv", csv_table(pairs(200)))
        write(folder / "test.csv", csv_table(pairs(10, 200)))
        write(folder / "more.csv", csv_table(pairs(10, 300)))
        return str(folder)


class TestSingleTable(DataCase):
    train, dev, test = 165, 12, 23
    rows = 200
    notes = ("split into train, dev and test by hash, class by class, with seed 0: 165 train, 12 ",)

    def make(self, folder: Path) -> str:
        return str(write(folder / "reviews.tsv", table(pairs(200))))


class TestSplitColumn(DataCase):
    train, dev, test = 20, 6, 4
    rows = 30

    def make(self, folder: Path) -> str:
        names = ["Train"] * 10 + ["validation"] * 6 + ["test"] * 4 + ["training"] * 10
        rows = [(*pair, name) for pair, name in zip(pairs(30), names, strict=True)]
        return str(write(folder / "reviews.tsv", table(rows, ("text", "label", "split"))))


class TestClassFolders(DataCase):
    train, dev, test = 165, 12, 23
    rows = 200
    notes = ("ignored what is no .txt file of a class", "split into train, dev and test")
    some = (("a dull film , number 0", "negative"),)  # no byte-order mark, no line end

    def make(self, folder: Path) -> str:
        for number, (text, label) in enumerate(pairs(200)):
            write(folder / label / f"{number}.TXT", f"\ufeff{text}\r\n")
        write(folder / "negative" / "notes.md", "no data")
        write(folder / "negative" / ".DS_Store", b"\0")
        write(folder / "README", "no data")
        return str(folder)


class TestAclImdb(DataCase):
    train, dev, test = 37, 3, 10
    rows = 50
    labels = ("neg", "pos")
    notes = (
        "ignored what is no .txt file of a class in",
        "ignored the unlabelled examples",
        "split dev off train by hash",
    )
    some = (("good\n\nfilm 0", "pos"), ("film 1", "neg"))

    def make(self, folder: Path) -> str:
        for number in range(40):
            label, text = (("neg", "film"), ("pos", "good\n\nfilm"))[number % 2 == 0]
            write(folder / "train" / label / f"{number}_7.txt", f"{text} {number}")
        for number in range(40, 50):
            write(folder / "test" / ("pos", "neg")[number % 2] / f"{number}.txt", f"t {number}")
        write(folder / "train" / "unsup" / "0_0.txt", "who knows")
        write(folder / "train" / "urls_pos.txt", "http://localhost")
        write(folder / "imdb.vocab", "the")
        return str(folder)
