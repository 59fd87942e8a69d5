"""Groups of clips: from metadata, a column or a pattern; whole, and on one side."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.common.data.clip_files import (
    fault,
    groups,
    load,
    numbers,
    write_broken,
    write_classes,
    write_clip,
)
from tests.common.data.data_case import csv_table, table, write

HEADER = ("path", "group")


def speakers(folder: Path, count: int = 12, clips: int = 4) -> list[tuple[str, str]]:
    """Writes clips of speakers, half of them cats; returns the path and speaker of each."""
    rows = []
    for speaker in range(count):
        for n in range(clips):
            name = f"{'cat' if speaker % 2 else 'dog'}/corpus-s{speaker}-{n}.wav"
            write_clip(folder / name, speaker * clips + n)
            rows.append((name, f"s{speaker}"))
    return rows


def check_divided(folder: Path, by: str, **options: object) -> tuple[str, ...]:
    """Loads clips of `speakers`; returns the notes before that about groups."""
    loaded = load(folder, **options)
    parts = groups(loaded)
    assert {split: len(some) for split, some in parts.items()} == {"train": 8, "dev": 2, "test": 2}
    assert set().union(*parts.values()) == {f"s{n}" for n in range(12)}
    for some in loaded.splits.values():
        assert {clip.label for clip in some} == {"cat", "dog"}
    for split, heard in numbers(loaded).items():
        assert {f"s{n // 4}" for n in heard} == parts[split]
        assert len(heard) == 4 * len(parts[split])
    assert loaded.grouped_by == by
    split, *between, said = loaded.notes
    assert split.startswith("split into train, dev and test")
    assert said == (
        f"clips of one speaker or recording (by {by}) stay on one side: "
        "8 groups in train, 2 groups in dev, 2 groups in test"
    )
    return tuple(between)


# ------------------------------------------------------------------------ what says so


@pytest.mark.parametrize("name", ["metadata.tsv", "metadata.csv", "metadata.tsv.gz"])
def test_metadata_beside_class_folders(tmp_path: Path, name: str) -> None:
    rows = speakers(tmp_path)
    text = csv_table(rows, HEADER) if ".csv" in name else table(rows, HEADER)
    data = text.encode()
    write(tmp_path / name, gzip.compress(data) if name.endswith(".gz") else data)
    assert check_divided(tmp_path, name) == ()
    assert check_divided(tmp_path / "cat" / "..", name) == ()


def test_metadata_may_have_other_columns_and_paths(tmp_path: Path) -> None:
    rows = [("5", f" {group} ", f"./dog/../{path}") for path, group in speakers(tmp_path)]
    write(tmp_path / "metadata.tsv", table(rows, ("age", "who", "file")))
    check_divided(tmp_path, "metadata.tsv", path_column="file", group_column="who")


def test_a_pattern(tmp_path: Path) -> None:
    speakers(tmp_path)
    check_divided(tmp_path, r"the pattern '-(s\d+)-'", group_pattern=r"-(s\d+)-")
    check_divided(tmp_path, r"the pattern 's\d+'", group_pattern=r"s\d+")
    check_divided(
        tmp_path, r"the pattern '(?:a|-)(s\d+)(-|_)'", group_pattern=r"(?:a|-)(s\d+)(-|_)"
    )


def test_a_pattern_is_not_searched_in_the_folder(tmp_path: Path) -> None:
    speakers(tmp_path / "s99")
    check_divided(tmp_path / "s99", r"the pattern 's\d+'", group_pattern=r"s\d+")


@pytest.mark.parametrize("column", ["group", "speaker"])
def test_a_column(tmp_path: Path, column: str) -> None:
    rows = [(path, path.split("/")[0], group) for path, group in speakers(tmp_path)]
    write(tmp_path / "list.tsv", table(rows, ("path", "label", column)))
    check_divided(tmp_path / "list.tsv", f"the column {column}", group_column=column)


def test_the_pattern_wins(tmp_path: Path) -> None:
    rows = [(path, path.split("/")[0], "all") for path, _ in speakers(tmp_path)]
    said = "--group-pattern gives the groups of clips, so {} is not used"
    by = r"the pattern 's\d+'"
    write(tmp_path / "metadata.tsv", table(rows, ("path", "label", "group")))
    notes = check_divided(tmp_path, by, group_pattern=r"s\d+")
    assert notes == (said.format("metadata.tsv"),)
    notes = check_divided(tmp_path / "metadata.tsv", by, group_pattern=r"s\d+")
    assert notes == (said.format("the column group"),)


def test_metadata_for_split_tables_that_have_no_groups(tmp_path: Path) -> None:
    rows = speakers(tmp_path)
    listed = [(path, path.split("/")[0]) for path, _ in rows]
    write(tmp_path / "train.tsv", table(listed, ("path", "label")))
    write(tmp_path / "metadata.tsv", table(rows, HEADER))
    loaded = load(tmp_path)
    assert {split: len(some) for split, some in groups(loaded).items()} == {"train": 10, "dev": 2}
    assert loaded.grouped_by == "metadata.tsv"


# ------------------------------------------------------------------------ given splits


@pytest.mark.parametrize("beside", ["splits", "classes"])
def test_a_group_in_two_given_splits_leaves_train(tmp_path: Path, beside: str) -> None:
    rows = []
    for split, some in (("train", range(8)), ("dev", range(7, 10))):
        within = f"{split}/" if beside == "splits" else ""
        mine = []
        for path, _ in speakers(tmp_path / split):
            speaker = int(path.split("-s")[1].split("-")[0])
            if speaker in some:
                mine.append((within + path, f"s{speaker}"))
            else:
                (tmp_path / split / path).unlink()
        rows += mine
        if beside == "classes":
            write(tmp_path / split / "metadata.tsv", table(mine, HEADER))
    if beside == "splits":
        write(tmp_path / "metadata.tsv", table(rows, HEADER))
    loaded = load(tmp_path)
    assert groups(loaded) == {
        "train": {f"s{n}" for n in range(7)},
        "dev": {"s7", "s8", "s9"},
    }
    assert loaded.notes == (
        "removed 4 of 32 train clips because the same speaker or recording is also in dev",
        "clips of one speaker or recording (by metadata.tsv) stay on one side: 7 groups in train, "
        "3 groups in dev",
    )
    assert groups(load(tmp_path, splits={"dev"})) == {"dev": {"s7", "s8", "s9"}}
    everything = load(tmp_path, splits={"all"})
    assert everything.notes[-1].endswith("10 groups in all")


def test_the_metadata_of_a_split_folder_comes_first(tmp_path: Path) -> None:
    write_classes(tmp_path / "train", {"a": 2, "b": 2})
    write_classes(tmp_path / "dev", {"a": 2, "b": 2}, start=9)
    write(tmp_path / "metadata.tsv", table([("train/a/0.wav", "x"), ("dev/a/0.wav", "y")], HEADER))
    write(tmp_path / "dev" / "metadata.tsv", table([("a/0.wav", "z")], HEADER))
    assert groups(load(tmp_path)) == {"train": {"", "x"}, "dev": {"", "z"}}


def test_clips_without_a_group_stand_alone(tmp_path: Path) -> None:
    rows = speakers(tmp_path)
    write(tmp_path / "metadata.tsv", table([*rows[:-4], (rows[-4][0], " ")], HEADER))
    write_clip(tmp_path / "cat" / "copy of the last.wav", 47)
    loaded = load(tmp_path)
    assert loaded.notes[-1].endswith("; 5 clips have no group and stand alone")
    alone = [clip for some in loaded.splits.values() for clip in some if not clip.group]
    assert len(alone) == 5
    (copies,) = [some for some in numbers(loaded).values() if 47 in some]
    assert copies.count(47) == 2


def test_several_labels_of_a_group(tmp_path: Path) -> None:
    for n in range(60):
        write_clip(tmp_path / "abc"[n % 3] / f"speaker{n // 6}_{n}.wav", n)
    parts = groups(load(tmp_path, group_pattern="speaker[0-9]+"))
    assert {split: len(some) for split, some in parts.items()} == {"train": 8, "dev": 1, "test": 1}
    assert len(set().union(*parts.values())) == 10


# ------------------------------------------------------------------------ errors


@pytest.mark.parametrize("pattern", ["(", "[a", "a{99999999999999999999}", "(?P<n>\n", "(?<\n"])
def test_an_invalid_pattern(tmp_path: Path, pattern: str) -> None:
    message = fault(tmp_path, group_pattern=pattern)
    assert message.startswith("--group-pattern: '")
    assert "is no regular expression (" in message


@pytest.mark.parametrize("pattern", [r"-(s\d+)-", "^$", "", "x*", "(x)?corpus"])
def test_a_name_in_which_the_pattern_finds_nothing(tmp_path: Path, pattern: str) -> None:
    speakers(tmp_path)
    path = write_clip(tmp_path / "cat" / "corpus-a.wav", 99)
    message = fault(tmp_path, group_pattern=pattern)
    if pattern == r"-(s\d+)-":
        assert message.startswith(f"{path}: ")
    assert "finds nothing in the name 'corpus-" in message


def test_a_row_in_which_the_pattern_finds_nothing(tmp_path: Path) -> None:
    write_clip(tmp_path / "a.wav", 0)
    path = write(tmp_path / "list.tsv", table([("a.wav", "x")], ("path", "label")))
    assert fault(path, group_pattern="[0-9]").startswith(f"{path}:2: --group-pattern '[0-9]' finds")


@pytest.mark.parametrize("place", ["", "train"])
def test_metadata_with_an_unknown_path(tmp_path: Path, place: str) -> None:
    write_classes(tmp_path / "train", {"a": 2, "b": 2})
    write_classes(tmp_path / "dev", {"a": 2, "b": 2}, start=9)
    rows = [("a/0.wav" if place else "train/a/0.wav", "x"), ("a/9.wav", "x")]
    path = write(tmp_path / place / "metadata.tsv", table(rows, HEADER))
    message = fault(tmp_path)
    assert message.startswith(f"{path}:3: there is no file {path.parent / 'a' / '9.wav'}; ")


def test_metadata_that_says_two_things(tmp_path: Path) -> None:
    write_classes(tmp_path, {"a": 2, "b": 2})
    rows = [("a/0.wav", "x"), ("a/0.wav", "x"), ("./a/0.wav", "y")]
    path = write(tmp_path / "metadata.tsv", table(rows, HEADER))
    message = fault(tmp_path)
    assert message.startswith(f"{path}:4: the file has another group here than in line 2")


def test_two_tables_of_metadata(tmp_path: Path) -> None:
    write_classes(tmp_path, {"a": 2, "b": 2})
    one = write(tmp_path / "metadata.csv", csv_table([("a/0.wav", "x")], HEADER))
    two = write(tmp_path / "metadata.tsv", table([("a/0.wav", "x")], HEADER))
    assert fault(tmp_path).startswith(f"{two}: this and {one} both give the groups")


@pytest.mark.parametrize(
    ("header", "option"),
    [(("path", "who"), "--group-column"), (("file", "group"), "--path-column")],
)
def test_metadata_without_a_column(tmp_path: Path, header: tuple[str, str], option: str) -> None:
    write_classes(tmp_path, {"a": 2, "b": 2})
    path = write(tmp_path / "metadata.tsv", table([("a/0.wav", "x")], header))
    message = fault(tmp_path)
    assert message.startswith(f"{path}:1: no column is named")
    assert option in message


def test_other_tables_beside_are_still_noted(tmp_path: Path) -> None:
    write_classes(tmp_path / "train", {"a": 9, "b": 9})
    write_broken(tmp_path / "train" / "other.tsv")
    write_broken(tmp_path / "other.tsv")
    write(tmp_path / "metadata.tsv", table([("train/a/0.wav", "x")], HEADER))
    notes = load(tmp_path, splits={"all"}).notes
    assert f"ignored what is no split in {tmp_path}: other.tsv" in notes
    assert any(note.endswith(f"of a class in {tmp_path / 'train'}: other.tsv") for note in notes)
