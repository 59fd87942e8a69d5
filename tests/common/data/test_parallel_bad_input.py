"""Translations: files, tables and folders that cannot be used, and what is said about them."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from common.data.parallel_text import Pair
from tests.common.data.data_case import write
from tests.common.data.parallel_case import (
    HEADER,
    fault,
    load_all,
    load_path,
    pair_table,
    pairs,
)

# ------------------------------------------------------------------------ parallel files


def test_lines_that_do_not_match(tmp_path: Path) -> None:
    source, target = (tmp_path / f"train.{language}" for language in ("es", "en"))
    write(source, "a\n" * 1_200)
    write(target, "b\n" * 1_201)
    write(tmp_path / "dev.tsv", pair_table(pairs(2)))
    message = fault(tmp_path)
    assert message.startswith(f"{source}: it has 1,200 lines and {target} has 1,201; make each ")


@pytest.mark.parametrize(
    ("source", "target", "count"),
    [("a\nb", "1\n2\n", 2), ("a\nb\n", "1\n2\n\n \r\n", 2), ("a\rb\r", "1\n2\n", 2)],
)
def test_line_ends_at_the_end_do_not_count(
    tmp_path: Path, source: str, target: str, count: int
) -> None:
    write(tmp_path / "c.es", source)
    write(tmp_path / "c.en", target)
    assert load_all(tmp_path / "c") == (Pair("a", "1"), Pair("b", "2"))


@pytest.mark.parametrize(("there", "missing"), [("es", "en"), ("en", "es")])
def test_a_lone_side(tmp_path: Path, there: str, missing: str) -> None:
    write(tmp_path / "dev.tsv", pair_table(pairs(2)))
    path = write(tmp_path / f"train.{there}.gz", gzip.compress(b"a\n"))
    said = f"{path}: its translation {tmp_path}/train.{missing} is missing; add it, or choose"
    assert fault(tmp_path).startswith(said)
    assert fault(tmp_path / "train").startswith(said)
    assert "--languages" in fault(tmp_path)


def test_one_file_of_two(tmp_path: Path) -> None:
    for language in ("es", "en"):
        path = write(tmp_path / f"corpus.{language}", "a\n")
        message = fault(path)
        assert message.startswith(f"{path}: this is one of two parallel files; name both of them ")
        assert message.endswith(f" as {tmp_path}/corpus")


@pytest.mark.parametrize("side", ["es", "en"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", ": the file is empty"),
        (b"a\nb\xe9\n", ":2: the text is not UTF-8 at byte offset 3 "),
        (b"a\nb\0\n", ":2: there is a NUL byte"),
        ("a\nb\n".encode("utf-16"), ":1: the file is UTF-16"),
        (gzip.compress(b"a\nb\n"), ": the file is gzip-compressed"),
    ],
    ids=["empty", "latin-1", "nul", "utf-16", "gzip"],
)
def test_a_file_that_is_no_text(tmp_path: Path, side: str, content: bytes, said: str) -> None:
    for language in ("es", "en"):
        write(tmp_path / f"c.{language}", content if language == side else b"a\nb\n")
    assert fault(tmp_path / "c").startswith(f"{tmp_path}/c.{side}{said}")


# ------------------------------------------------------------------------ tables


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("alone", "got 1 column, expected 2"),
        ("a\tb\tc", "got 3 columns, expected 2"),
        ("", "the line is blank"),
        ("a\0\tb", "NUL byte"),
    ],
)
def test_a_bad_row(tmp_path: Path, row: str, said: str) -> None:
    path = write(tmp_path / "d.tsv", f"source\ttarget\na\tb\n{row}\nc\td\n")
    message = fault(path)
    assert message.startswith(f"{path}:3: ")
    assert said in message


def test_a_row_that_is_not_utf8(tmp_path: Path) -> None:
    path = write(tmp_path / "d.tsv", b"source\ttarget\na\tb\ncaf\xe9\tc\n")
    assert fault(path).startswith(f"{path}:3: the text is not UTF-8")


def test_an_unknown_split_in_the_split_column(tmp_path: Path) -> None:
    rows = [(*pair, "train") for pair in pairs(4)] + [("a", "b", "eval")]
    path = write(tmp_path / "d.tsv", pair_table(rows, (*HEADER, "split")))
    assert fault(path).startswith(f"{path}:6: no split is called 'eval'; write one of train, ")


# ------------------------------------------------------------------------ paths


@pytest.mark.parametrize("data", ["no/such.tsv", "no_such_corpus", "", "~/no/such"])
def test_no_such_path(data: str) -> None:
    message = fault(data)
    assert message.startswith(f"{data or repr('')}: there is no such file or folder")


@pytest.mark.parametrize("name", ["d.json", "d.txt", "d", "d.de", ".es"])
def test_a_file_of_another_kind(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, pair_table(pairs(4)))
    assert fault(path).startswith(f"{path}: this is neither a folder nor a table named .tsv, .csv")


def test_a_folder_without_splits(tmp_path: Path) -> None:
    message = fault(tmp_path)
    assert message.startswith(f"{tmp_path}: there is neither the table of a split (such as train.")
    assert "(such as train.es and train.en); check the path" in message
    for language in ("es", "en"):
        write(tmp_path / f"corpus.{language}", "a\n")
    assert fault(tmp_path).endswith(f"; name two parallel files as {tmp_path}/corpus")


def test_a_split_folder(tmp_path: Path) -> None:
    write(tmp_path / "train" / "corpus.es", "a\n")
    message = fault(tmp_path)
    assert message.startswith(f"{tmp_path}/train: a split is a table (such as train.tsv) or two ")


@pytest.mark.parametrize(
    "names",
    [
        ("dev.tsv", "valid.csv"),
        ("train.es", "train.tsv"),
        ("train.en", "training.es"),
        ("train.es", "train.es.gz"),
        ("dev.en", "dev.es", "val.en", "val.es"),
    ],
)
def test_two_sources_of_one_split(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        write(tmp_path / name, "x")
    message = fault(tmp_path)
    first, second = (tmp_path / names[0], tmp_path / names[len(names) // 2])
    split = "train" if "train" in names[0] else "dev"
    assert message.startswith(f"{second}: this and {first} are both the {split} split; keep one")


def test_both_forms_of_a_side_of_a_prefix(tmp_path: Path) -> None:
    for name in ("c.en", "c.en.gz", "c.es"):
        write(tmp_path / name, "x")
    message = fault(tmp_path / "c")
    assert message.startswith(f"{tmp_path}/c.en.gz: this and {tmp_path}/c.en are both one side ")


# ------------------------------------------------------------------------ missing splits


def test_no_such_split(tmp_path: Path) -> None:
    write(tmp_path / "dev.tsv", pair_table(pairs(20)))
    assert fault(tmp_path).startswith(f"{tmp_path}: there is no train split, only dev; add it")


def test_too_little_to_split(tmp_path: Path) -> None:
    path = write(tmp_path / "d.tsv", pair_table(pairs(2)))
    assert fault(path).startswith(f"{path}: there are too few pairs to make a ")


def test_nothing_left_of_a_split(tmp_path: Path) -> None:
    write(
        tmp_path / "train.tsv", pair_table([(s, f"other {n}") for n, (s, _) in enumerate(pairs(9))])
    )
    write(tmp_path / "dev.tsv", pair_table(pairs(9)))
    message = fault(tmp_path)
    assert message.startswith(f"{tmp_path}: no usable pairs are left in the train split (removed ")


def test_sentences_that_are_their_own_translations(tmp_path: Path) -> None:
    table = tmp_path / "all.tsv"
    same = [(f"frase {n}", f"frase {n}") for n in range(10)]
    write(table, pair_table(same))
    message = fault(table)
    assert message.startswith(f"{table}:2: source and target are the same here and in all other")
    write(table, pair_table([*same, *pairs(9)]))
    (note,) = (n for n in load_path(table).notes if "its own translation" in n)
    assert note == f"the source is its own translation in 10 of 19 pairs, the first at {table}:2"
    write(table, pair_table([*same, *pairs(10)]))
    assert not any("its own translation" in note for note in load_path(table).notes)
    write(table, pair_table([("Tom", "Tom")]))
    assert load_all(table) == (Pair("Tom", "Tom"),)
