"""What every source of labelled texts must satisfy, run on a small fixture of each layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from common.data.splits import text_key
from common.data.text_classification import (
    Example,
    TextClassificationData,
    load_text_classification,
)

LABELS = ("negative", "positive")
WORDS = {"negative": "dull", "positive": "bright"}

Pairs = list[tuple[str, str]]


def pairs(count: int, start: int = 0) -> Pairs:
    """Returns distinct texts, the two labels in turn."""
    return [
        (f"a {WORDS[LABELS[n % 2]]} film , number {n}", LABELS[n % 2])
        for n in range(start, start + count)
    ]


def table(rows: Sequence[Sequence[str]], header: Sequence[str] = ("text", "label")) -> str:
    """Writes rows as TSV."""
    return "".join("\t".join(row) + "\n" for row in (header, *rows))


def csv_table(rows: Sequence[Sequence[str]], header: Sequence[str] = ("text", "label")) -> str:
    """Writes rows as CSV, every value in quotes."""
    return "".join(",".join(f'"{value}"' for value in row) + "\n" for row in (header, *rows))


def write(path: Path, content: str | bytes) -> Path:
    """Writes a file with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def no_builtin() -> Mapping[str, Pairs]:
    """Stands for an application's own data where a test must not touch them."""
    raise AssertionError("the built-in data were made although others were named")


class DataCase:
    """Subclass it, make the fixture in `make`, and state what must come out."""

    #: Number of examples in each split that training gets; 0 where there is none.
    train: int
    dev: int
    test: int = 0
    #: Number of rows in the fixture, before anything is removed.
    rows: int
    labels: tuple[str, ...] = LABELS
    #: A part of each note that must be there, in order; no other notes may be.
    notes: tuple[str, ...] = ()
    #: Texts that are written in the fixture, and the label with which they must come out.
    some: tuple[tuple[str, str], ...] = ()

    def make(self, folder: Path) -> str:
        """Writes the fixture; returns what the user would name as data."""
        raise AssertionError("a case says how to make its fixture")

    def builtin(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        return no_builtin()

    @pytest.fixture
    def data(self, tmp_path: Path) -> Iterator[str]:
        yield self.make(tmp_path)

    def load(self, data: str, **options: object) -> TextClassificationData:
        return load_text_classification(data, builtin=self.builtin, **options)  # type: ignore[arg-type]

    def test_counts(self, data: str) -> None:
        loaded = self.load(data)
        counts = {"train": self.train, "dev": self.dev, "test": self.test}
        assert {split: len(some) for split, some in loaded.splits.items()} == {
            split: count for split, count in counts.items() if count
        }
        assert loaded.name == data

    def test_types(self, data: str) -> None:
        loaded = self.load(data)
        for some in loaded.splits.values():
            for example in some:
                assert isinstance(example, Example)
                assert type(example.text) is str
                assert example.text.strip()
                assert example.label in self.labels
        assert loaded.labels == self.labels

    def test_texts_and_labels_belong_together(self, data: str) -> None:
        loaded = self.load(data, splits={"all"})
        found = {example.text: example.label for example in loaded.splits["all"]}
        for text, label in self.some:
            assert found[text] == label
        for text, label in found.items():
            if text.startswith("a "):
                assert text.split()[1] == WORDS[label]

    def test_no_text_is_in_two_splits(self, data: str) -> None:
        keys = [{text_key(e.text) for e in some} for some in self.load(data).splits.values()]
        assert len(set().union(*keys)) == sum(map(len, keys))

    def test_loading_again_gives_the_same(self, data: str) -> None:
        assert self.load(data) == self.load(data)

    def test_a_split_alone_is_the_same_split(self, data: str) -> None:
        whole = self.load(data)
        for split, some in whole.splits.items():
            alone = self.load(data, splits={split}, labels=whole.labels)
            assert alone.splits == {split: some}

    def test_all_is_every_row(self, data: str) -> None:
        assert len(self.load(data, splits={"all"}).splits["all"]) == self.rows

    def test_notes(self, data: str) -> None:
        notes = self.load(data).notes
        assert len(notes) == len(self.notes), notes
        for note, part in zip(notes, self.notes, strict=True):
            assert part in note
            assert "\n" not in note

    def test_the_order_of_known_labels_is_kept(self, data: str) -> None:
        reverse = self.labels[::-1]
        assert self.load(data, labels=reverse).labels == reverse
