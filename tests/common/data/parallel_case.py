"""What every source of translations must satisfy, run on a small fixture of each layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from common.data.parallel_text import Pair, ParallelTextData, load_parallel_text
from common.data.splits import text_key
from common.errors import UserError
from common.text.normalization import normalize
from tests.common.data.data_case import Pairs, no_builtin, table

HEADER = ("source", "target")


def pairs(count: int, start: int = 0) -> Pairs:
    """Returns distinct sentences, each with the translation that has the same number."""
    return [(f"la frase {n}", f"the sentence {n}") for n in range(start, start + count)]


def pair_table(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> str:
    """Writes rows as TSV."""
    return table(rows, header)


def sides(some: Pairs) -> tuple[str, str]:
    """Writes pairs as the texts of two parallel files."""
    source, target = ("".join(f"{text}\n" for text in side) for side in zip(*some, strict=True))
    return source, target


def load_path(path: Path, **options: object) -> ParallelTextData:
    """Loads a path that is not to touch the built-in pairs."""
    return load_parallel_text(str(path), builtin=no_builtin, **options)  # type: ignore[arg-type]


def load_all(path: Path, **options: object) -> Sequence[Pair]:
    """Returns every usable pair of a path."""
    return load_path(path, splits={"all"}, **options).splits["all"]


def fault(path: Path | str, **options: object) -> str:
    """Returns the message of the error, which is one line and says what to do."""
    with pytest.raises(UserError) as caught:
        load_parallel_text(str(path), builtin=no_builtin, **options)  # type: ignore[arg-type]
    message = str(caught.value)
    assert "\n" not in message
    assert "; " in message
    return message


class ParallelCase:
    """Subclass it, make the fixture in `make`, and state what must come out."""

    #: Number of pairs in each split that training gets; 0 where there is none.
    train: int
    dev: int
    test: int = 0
    #: Number of usable pairs in the fixture, before any are removed as overlap.
    rows: int
    #: A part of each note that must be there, in order; no other notes may be.
    notes: tuple[str, ...] = ()
    languages: tuple[str, str] = ("es", "en")

    def make(self, folder: Path) -> str:
        """Writes the fixture; returns what the user would name as data."""
        raise AssertionError("a case says how to make its fixture")

    def builtin(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        return no_builtin()

    @pytest.fixture
    def data(self, tmp_path: Path) -> Iterator[str]:
        yield self.make(tmp_path)

    def load(self, data: str, **options: object) -> ParallelTextData:
        return load_parallel_text(
            data,
            builtin=self.builtin,
            languages=self.languages,
            **options,  # type: ignore[arg-type]
        )

    def test_counts(self, data: str) -> None:
        loaded = self.load(data)
        counts = {"train": self.train, "dev": self.dev, "test": self.test}
        assert {split: len(some) for split, some in loaded.splits.items()} == {
            split: count for split, count in counts.items() if count
        }
        assert loaded.name == data

    def test_types(self, data: str) -> None:
        for some in self.load(data).splits.values():
            for pair in some:
                assert isinstance(pair, Pair)
                for text in (pair.source, pair.target):
                    assert type(text) is str
                    assert text
                    assert normalize(text) == text

    def test_no_sentence_of_either_language_is_in_two_splits(self, data: str) -> None:
        splits = self.load(data).splits.values()
        for side in HEADER:
            keys = [{text_key(getattr(pair, side)) for pair in some} for some in splits]
            assert len(set().union(*keys)) == sum(map(len, keys))

    def test_no_pair_is_there_twice(self, data: str) -> None:
        for some in self.load(data).splits.values():
            assert len(set(some)) == len(some)

    def test_sentences_keep_their_translations_and_their_order(self, data: str) -> None:
        for some in self.load(data).splits.values():
            numbers = [_number(pair.source) for pair in some]
            assert numbers == [_number(pair.target) for pair in some]
            assert numbers == sorted(numbers)

    def test_loading_again_gives_the_same(self, data: str) -> None:
        assert self.load(data) == self.load(data)

    def test_a_split_alone_is_the_same_split(self, data: str) -> None:
        for split, some in self.load(data).splits.items():
            assert self.load(data, splits={split}).splits == {split: some}

    def test_all_is_every_pair(self, data: str) -> None:
        assert len(self.load(data, splits={"all"}).splits["all"]) == self.rows

    def test_notes(self, data: str) -> None:
        notes = self.load(data).notes
        assert len(notes) == len(self.notes), notes
        for note, part in zip(notes, self.notes, strict=True):
            assert part in note
            assert "\n" not in note


def _number(text: str) -> int:
    return int(re.findall(r"\d+", text)[0])
