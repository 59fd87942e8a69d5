"""Translations: every layout through one harness.

The sizes of parts that were split off are what the hashes give. They are pinned because a change
of them would silently change everybody's dev and test sentences.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

from tests.common.data.data_case import Pairs, csv_table, write
from tests.common.data.parallel_case import HEADER, ParallelCase, pair_table, pairs, sides


def write_sides(prefix: Path, some: Pairs, languages: tuple[str, str] = ("es", "en")) -> None:
    for language, text in zip(languages, sides(some), strict=True):
        write(prefix.with_name(f"{prefix.name}.{language}"), text)


class TestBuiltin(ParallelCase):
    train, dev, test = 20, 6, 4
    rows = 30

    def make(self, folder: Path) -> str:
        return "builtin"

    def builtin(self) -> Mapping[str, Pairs]:
        return {"train": pairs(20), "dev": pairs(6, 20), "test": pairs(4, 26)}


class TestSplitTables(ParallelCase):
    train, dev, test = 20, 6, 4
    rows = 30
    notes = ("ignored what is no split in",)

    def make(self, folder: Path) -> str:
        write(folder / "train.tsv", pair_table(pairs(20)))
        swapped = [(target, source, "x") for source, target in pairs(6, 20)]
        write(folder / "valid.csv", csv_table(swapped, ("target", "source", "note")))
        write(folder / "test.tsv.gz", gzip.compress(pair_table(pairs(4, 26)).encode()))
        write(folder / "README.md", "no data")
        write(folder / "more.tsv", "no data")
        return str(folder)


class TestParallelFiles(ParallelCase):
    train, dev, test = 20, 6, 4
    rows = 30
    notes = ("ignored what is no split in",)

    def make(self, folder: Path) -> str:
        source, target = sides(pairs(20))
        write(folder / "train.es", "\ufeff" + source.replace("\n", "\r\n"))
        write(folder / "train.en.gz", gzip.compress(target.rstrip("\n").encode()))
        write_sides(folder / "Val", pairs(6, 20))
        write(folder / "test.tsv", pair_table(pairs(4, 26)))
        for name in ("train.fr", "notes", "train.movies"):  # which end in "es" too
            write(folder / name, "no data")
        write_sides(folder / "corpus", pairs(3))
        (folder / "scripts").mkdir()
        return str(folder)

    def test_what_is_ignored_is_named(self, data: str) -> None:
        [note] = self.load(data).notes
        assert note.endswith(": corpus.en, corpus.es, scripts/")


class TestPrefix(ParallelCase):
    train, dev, test = 163, 16, 21
    rows = 200
    notes = ("split into train, dev and test by hash with seed 0: 163 train, 16 dev, 21",)

    def make(self, folder: Path) -> str:
        write_sides(folder / "news.v1", pairs(200))
        for other in ("news", "news.v1.old"):
            write_sides(folder / other, pairs(3))
        write(folder / "news.v1.tsv", pair_table(pairs(3)))
        return str(folder / "news.v1")


class TestOtherLanguages(ParallelCase):
    train, dev = 20, 6
    rows = 26
    languages = ("pt-BR", "de")

    def make(self, folder: Path) -> str:
        write_sides(folder / "train", pairs(20), self.languages)
        write_sides(folder / "dev", pairs(6, 20), self.languages)
        write(folder / "train.en", "no data")
        return str(folder)


class TestSingleTable(ParallelCase):
    train, dev, test = 163, 16, 21
    rows = 200
    notes = ("split into train, dev and test by hash with seed 0: 163 train, 16 dev, 21",)

    def make(self, folder: Path) -> str:
        return str(write(folder / "pairs.tsv", pair_table(pairs(200))))


class TestSplitColumn(ParallelCase):
    train, dev, test = 20, 6, 4
    rows = 30
    notes = ("left out, because the source or the target is empty, 1 of 21 train pairs, the first",)

    def make(self, folder: Path) -> str:
        names = ["Train"] * 10 + ["validation"] * 6 + ["test"] * 4 + ["training"] * 10
        rows = [(*pair, name) for pair, name in zip(pairs(30), names, strict=True)]
        rows.insert(3, ("", "alone", "train"))
        return str(write(folder / "pairs.tsv", pair_table(rows, (*HEADER, "split"))))


class TestDevFromTrain(ParallelCase):
    train, dev, test = 179, 21, 10
    rows = 210
    notes = ("split dev off train by hash with seed 0: 179 train, 21 dev pairs",)

    def make(self, folder: Path) -> str:
        write(folder / "train.tsv", pair_table(pairs(200)))
        write(folder / "test.tsv", pair_table(pairs(10, 200)))
        return str(folder)


class TestSharedSentences(ParallelCase):
    """Each split shares with the others a sentence of one language, of the other, or of both."""

    train, dev, test = 11, 5, 5
    rows = 11 + 7 + 5 + 2 + 5
    notes = (
        "removed 2 of 7 dev pairs because the same sentence is also in test",
        "removed 4 of 18 train pairs because the same sentence is also in dev",
        "removed 3 of 18 train pairs because the same sentence is also in test",
    )

    def make(self, folder: Path) -> str:
        train = [*pairs(10), ("la frase 10", "the sentence 10 , too"), *pairs(2, 20)]
        train += [("la frase 22", "another 22"), ("otra 23", "the  SENTENCE 23")]
        train += [("LA FRASE 30", "another 30"), ("otra 31", "the sentence 31"), *pairs(1, 32)]
        dev = [*pairs(4, 20), ("la frase 23", "one more 23")]
        dev += [("una 30", "the sentence 30"), ("la frase 34", "one 34")]
        test = [*pairs(5, 30)]
        for split, some in (("train", train), ("dev", dev), ("test", test)):
            write(folder / f"{split}.tsv", pair_table(some))
        return str(folder)


class TestLinkedPairs(ParallelCase):
    """A sentence with several translations, each of which translates several sentences."""

    train, dev, test = 501, 54, 45
    rows = 600
    notes = ("split into train, dev and test by hash with seed 0: 501 train, 54 dev, 45 test",)

    def make(self, folder: Path) -> str:
        rows = []
        for n in range(200):
            rows += [(f"la {n} frase", f"the {n}"), (f"la {n} frase", f"this {n}")]
            rows += [(f"esta {n}", f"this {n}")]
        return str(write(folder / "pairs.tsv", pair_table(rows)))


class TestUncleanPairs(ParallelCase):
    train, dev = 43, 5
    rows = 49
    notes = (
        "left out, because the same pair stands before, 1 of 6 dev pairs",
        "left out, because both sides are blank, 2 of 51 train pairs, the first at ",
        "left out, because the source or the target is empty, 3 of 51 train pairs, the first at ",
        "left out, because the same pair stands before, 2 of 51 train pairs",
        "unescaped HTML entities in 2 of 51 train pairs",
        "removed 1 of 44 train pairs because the same sentence is also in dev",
    )

    def make(self, folder: Path) -> str:
        some = pairs(40)
        some[5:5] = [("", " \u00a0"), ("", "5"), ("5", "\u200b&nbsp;"), ("\t", "")]
        some += [("", "40"), ("la\u200b frase \u200f39", "the sentence 39"), *pairs(1, 39)]
        some += [("&iquest;41?", "&quot;41&quot;"), ("&amp;#39;42&amp;#39;", "'42'")]
        some += [("43", "43"), ("la frase 50", "44")]
        write_sides(folder / "train", some)
        write(folder / "dev.tsv", pair_table([*pairs(5, 50), *pairs(1, 54)]))
        return str(folder)

    def test_the_first_of_each_is_named(self, data: str) -> None:
        notes = self.load(data).notes
        assert notes[1].endswith(f"{data}/train.es:6")
        assert notes[2].endswith(f"{data}/train.es:7")

    def test_entities_and_invisible_characters(self, data: str) -> None:
        found = {(pair.source, pair.target) for pair in self.load(data).splits["train"]}
        assert {("¿41?", '"41"'), ("'42'", "'42'"), ("la frase 39", "the sentence 39")} <= found
