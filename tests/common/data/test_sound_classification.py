"""Labelled clips: every layout, splits that share nothing, the application's own clips."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from common.audio.sound import SoundArray, SoundFile
from common.data.sound_classification import SOUND_SUFFIXES, Clip
from tests.common.data.clip_files import (
    RATE,
    fault,
    load,
    number_of,
    numbers,
    samples,
    write_broken,
    write_classes,
    write_clip,
)
from tests.common.data.data_case import csv_table, table, write

ALONE = "every clip stands alone; --group-pattern, a column group or metadata.tsv keeps"


def disjoint(parts: Mapping[str, Sequence[int]]) -> bool:
    return len(set().union(*parts.values())) == sum(map(len, parts.values()))


# ------------------------------------------------------------------------ layouts


def test_class_folders(tmp_path: Path) -> None:
    write_classes(tmp_path, {"cat": 20, "dog": 30})
    write(tmp_path / "README.md", "no sound")
    write(tmp_path / "cat" / ".DS_Store", b"\0")
    loaded = load(tmp_path)
    assert loaded.name == str(tmp_path)
    assert loaded.labels == ("cat", "dog")
    assert loaded.grouped_by == ""
    parts = numbers(loaded)
    assert disjoint(parts)
    assert set().union(*parts.values()) == set(range(50))
    for some in loaded.splits.values():
        assert {clip.label for clip in some} == {"cat", "dog"}
        for clip in some:
            assert clip.label == ("cat" if number_of(clip) < 20 else "dog")
            assert clip.where == clip.sound.name
            assert Path(clip.where).parent == tmp_path / clip.label
            assert clip.group == ""
    assert 2 <= len(parts["dev"]) <= 8
    assert 2 <= len(parts["test"]) <= 8
    ignored, split, alone = loaded.notes
    assert "README.md" in ignored
    assert split.startswith("split into train, dev and test by hash, class by class, with seed 0")
    assert split.endswith(" clips")
    assert alone.startswith(ALONE)


def test_split_folders(tmp_path: Path) -> None:
    write_classes(tmp_path / "train", {"cat": 4, "dog": 5})
    write_classes(tmp_path / "valid", {"cat": 2, "dog": 1}, start=9)
    write_classes(tmp_path / "Test", {"cat": 1, "dog": 1}, start=12)
    loaded = load(tmp_path)
    assert {s: len(some) for s, some in loaded.splits.items()} == {"train": 9, "dev": 3, "test": 2}
    assert numbers(loaded)["dev"] == [9, 10, 11]
    assert len(loaded.notes) == 1


def test_dev_is_split_off_train(tmp_path: Path) -> None:
    write_classes(tmp_path / "train", {"cat": 10, "dog": 10})
    parts = numbers(load(tmp_path))
    assert {split: len(some) for split, some in parts.items()} == {"train": 18, "dev": 2}
    assert disjoint(parts)


def test_a_table(tmp_path: Path) -> None:
    rows = [(f"clips/{n}.wav", "cat" if n % 2 else " dog") for n in range(40)]
    for n, (name, _) in enumerate(rows):
        write_clip(tmp_path / "sounds" / name, n)
    path = write(tmp_path / "sounds" / "list.tsv", table(rows, ("path", "label")))
    loaded = load(path)
    assert loaded.labels == ("cat", "dog")
    assert {split: len(some) for split, some in loaded.splits.items()}.keys() == {
        "train", "dev", "test",
    }  # fmt: skip
    for some in loaded.splits.values():
        for clip in some:
            n = number_of(clip)
            assert clip.where == f"{path}:{n + 2}"
            assert clip.label == ("cat" if n % 2 else "dog")


def test_a_table_with_splits_and_other_columns(tmp_path: Path) -> None:
    rows = []
    for n in range(12):
        file = write_clip(tmp_path / f"{n}.wav", n)
        split = "train" if n < 8 else "validation"
        rows.append((split, "x y"[:: 2 * (n % 2) - 1], str(file)))
    header = ("split", "kind", "file")
    path = write(tmp_path / "list.csv.gz", gzip.compress(csv_table(rows, header).encode()))
    loaded = load(path, path_column="file", label_column="kind")
    assert numbers(loaded) == {"train": list(range(8)), "dev": [8, 9, 10, 11]}


def test_split_tables(tmp_path: Path) -> None:
    for split, some in (("train", range(6)), ("dev", range(6, 10))):
        rows = [(f"{n}.wav", f"class {n % 2}") for n in some]
        for n in some:
            write_clip(tmp_path / f"{n}.wav", n)
        write(tmp_path / f"{split}.tsv", table(rows, ("path", "label")))
    assert numbers(load(tmp_path)) == {"train": list(range(6)), "dev": [6, 7, 8, 9]}


def test_every_suffix(tmp_path: Path) -> None:
    assert set(SOUND_SUFFIXES) == {".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff", ".au"}
    n = 0
    for suffix in (*SOUND_SUFFIXES, *map(str.upper, SOUND_SUFFIXES)):
        for label in ("a", "b"):
            path = tmp_path / label / f"{n}{suffix}"
            path.parent.mkdir(exist_ok=True)
            kind = suffix[1:].upper().replace("AIFF", "AIF").replace("AIF", "AIFF")
            soundfile.write(path, np.sin(np.arange(4000) + n) / 2, RATE, format=kind)
            n += 1
    loaded = load(tmp_path, splits={"all"})
    assert len(loaded.splits["all"]) == n
    assert all(len(clip.sound.read(RATE)) == 4000 for clip in loaded.splits["all"])


# ------------------------------------------------------------------------ splits


def test_the_same_recording_is_never_on_two_sides(tmp_path: Path) -> None:
    for n in range(60):
        for copy in ("", "copy of "):
            write_clip(tmp_path / f"class {n % 2}" / f"{copy}{n}.wav", n)
    parts = {split: set(some) for split, some in numbers(load(tmp_path)).items()}
    assert disjoint(parts)  # type: ignore[arg-type]
    assert all(parts.values())


def test_what_given_splits_share_leaves_train(tmp_path: Path) -> None:
    write_classes(tmp_path / "train", {"a": 5, "b": 5})
    write_classes(tmp_path / "dev", {"a": 2, "b": 2}, start=4)
    loaded = load(tmp_path)
    assert numbers(loaded) == {"train": [0, 1, 2, 3, 8, 9], "dev": [4, 5, 6, 7]}
    said = "removed 4 of 10 train clips because the same speaker or recording is also in dev"
    assert said in loaded.notes


def test_a_sound_with_two_labels(tmp_path: Path) -> None:
    for split, start in (("train", 0), ("dev", 50)):
        write_classes(tmp_path / split, {"a": 5, "b": 5}, start=start)
    write_clip(tmp_path / "train" / "b" / "again.wav", 0)
    notes = load(tmp_path).notes
    assert "kept 1 of 10 train clips although they have several labels" in notes


def test_loading_again_gives_the_same(tmp_path: Path) -> None:
    write_classes(tmp_path, {"a": 20, "b": 20})
    first, second = load(tmp_path), load(tmp_path)
    assert numbers(first) == numbers(second)
    assert first.notes == second.notes
    assert numbers(load(tmp_path, seed=1)) != numbers(first)


def test_the_division_does_not_depend_on_the_rate(tmp_path: Path) -> None:
    write_classes(tmp_path, {"a": 20, "b": 20})
    slow, fast = load(tmp_path), load(tmp_path, sample_rate=16000)
    for split, some in slow.splits.items():
        assert [clip.where for clip in some] == [clip.where for clip in fast.splits[split]]


@pytest.mark.parametrize("given", [False, True])
def test_a_split_alone_is_the_same_split(tmp_path: Path, given: bool) -> None:
    write_classes(tmp_path / "train" if given else tmp_path, {"a": 20, "b": 20})
    if given:
        write_classes(tmp_path / "dev", {"a": 3, "b": 3}, start=18)
    whole = load(tmp_path)
    for split, some in numbers(whole).items():
        assert numbers(load(tmp_path, splits={split}, labels=("a", "b"))) == {split: some}


def test_all_is_every_clip(tmp_path: Path) -> None:
    write_classes(tmp_path / "train", {"a": 5, "b": 5})
    write_classes(tmp_path / "dev", {"a": 2, "b": 2}, start=4)
    assert numbers(load(tmp_path, splits={"all"}))["all"] == [*range(10), *range(4, 8)]


def test_known_labels(tmp_path: Path) -> None:
    write_classes(tmp_path, {"a": 20, "b": 20})
    assert load(tmp_path, labels=("b", "c", "a")).labels == ("b", "c", "a")
    assert "the label 'b' is no class of the model (a, c)" in fault(tmp_path, labels=("a", "c"))


# ------------------------------------------------------------------------ sounds


def test_short_clips_are_kept_at_the_rate_and_long_ones_are_not(tmp_path: Path) -> None:
    write_classes(tmp_path / "train", {"a": 2, "b": 2})
    minute = np.arange(60 * RATE, dtype=np.int16)
    for name, long in (("minute", minute), ("more", np.append(minute, np.int16(0)))):
        soundfile.write(tmp_path / "train" / "a" / f"{name}.wav", long, RATE)
    write_classes(tmp_path / "dev", {"a": 1, "b": 1}, start=10)
    loaded = load(tmp_path)
    by_name = {Path(clip.where).name: clip.sound for clip in loaded.splits["train"]}
    assert isinstance(by_name["more.wav"], SoundFile)
    for name in ("0.wav", "minute.wav"):
        assert isinstance(by_name[name], SoundArray)
    np.testing.assert_array_equal(by_name["minute.wav"].read(RATE), minute)
    fast = load(tmp_path, sample_rate=16000).splits["dev"][0]
    assert isinstance(fast.sound, SoundArray)
    assert fast.sound.sample_rate == 16000
    assert fast.sound.samples.dtype == np.int16
    np.testing.assert_array_equal(fast.sound.samples, SoundFile(Path(fast.where)).read(16000))


# ------------------------------------------------------------------------ built-in


def own(split: str, count: int, start: int = 0, group: str = "") -> list[Clip]:
    return [
        Clip(SoundArray(samples(n), RATE, f"{n}.wav"), "ab"[n % 2], group and f"{group}{n}", f"{n}")
        for n in range(start, start + count)
    ]


def test_builtin() -> None:
    made = {"train": own("train", 6), "dev": own("dev", 4, 6)}
    loaded = load("builtin", builtin=lambda: made)
    assert loaded.name == "builtin"
    assert loaded.labels == ("a", "b")
    assert numbers(loaded) == {"train": list(range(6)), "dev": [6, 7, 8, 9]}
    assert loaded.notes[-1].startswith(ALONE)
    assert len(loaded.notes) == 1


def test_builtin_groups() -> None:
    made = {"train": own("train", 6, group="s"), "dev": own("dev", 4, 5, group="s")}
    loaded = load("builtin", builtin=lambda: made)
    assert numbers(loaded) == {"train": [0, 1, 2, 3, 4], "dev": [5, 6, 7, 8]}
    assert loaded.grouped_by == "speaker"
    loaded = load("builtin", builtin=lambda: made, group_pattern="^.")
    assert {clip.group for clip in loaded.splits["train"]} == set("01234")
    assert "--group-pattern gives the groups of clips, so speaker is not" in (loaded.notes[-2])


# ------------------------------------------------------------------------ errors


def test_no_such_data(tmp_path: Path) -> None:
    assert "there is no such file or folder" in fault(tmp_path / "none")
    assert "this is neither a folder nor a table" in fault(write_clip(tmp_path / "a.wav", 0))


@pytest.mark.parametrize("names", [[], ["a.wav"], ["a/readme.txt"]])
def test_a_folder_without_clips(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        write_broken(tmp_path / name)
    message = fault(tmp_path)
    assert message.startswith(f"{tmp_path}: there is neither a split file")
    assert "nor a folder for each class with .wav or .flac or" in message


def test_an_empty_class_folder(tmp_path: Path) -> None:
    write_classes(tmp_path, {"a": 10, "b": 10})
    (tmp_path / "c").mkdir()
    assert f"{tmp_path / 'c'}: this class folder holds no .wav or" in fault(tmp_path)


def test_a_class_with_one_clip(tmp_path: Path) -> None:
    write_classes(tmp_path, {"a": 10, "b": 10, "c": 1})
    message = fault(tmp_path)
    assert message.startswith(f"{tmp_path / 'c' / '0.wav'}: this is the only example of the class")


def test_a_single_class(tmp_path: Path) -> None:
    write_classes(tmp_path, {"a": 10})
    assert "every example for training has the label 'a'" in fault(tmp_path)


@pytest.mark.parametrize("across", [False, True])
def test_classes_that_differ_only_in_case(tmp_path: Path, across: bool) -> None:
    if across:
        write_classes(tmp_path / "train", {"Dog": 5, "cat": 5})
        write_classes(tmp_path / "dev", {"dog": 5, "cat": 5}, start=10)
    else:
        rows = [(f"{n}.wav", ("dog", "cat", "Dog")[n % 3]) for n in range(30)]
        for n, (name, _) in enumerate(rows):
            write_clip(tmp_path / name, n)
        write(tmp_path / "train.tsv", table(rows, ("path", "label")))
    message = fault(tmp_path)
    assert "'Dog'" in message
    assert "'dog'" in message
    assert "only in case; spell them alike" in message
    if not across:
        path = tmp_path / "train.tsv"
        assert message.startswith(f"{path}:4: the class 'Dog' differs from 'dog' of {path}:2 only")


@pytest.mark.skipif(os.path.normcase("A") == "a", reason="one folder, in this file system")
def test_class_folders_that_differ_only_in_case(tmp_path: Path) -> None:
    write_classes(tmp_path, {"Dog": 1, "cat": 5, "dog": 5})
    message = fault(tmp_path)
    assert str(tmp_path / "Dog") in message
    assert str(tmp_path / "dog") in message


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("none.wav", "a"), "there is no file"),
        ((".", "a"), "there is no file"),
        (("x" * 5000, "a"), "there is no file"),
        (("", "a"), "the path is empty"),
        (("0.wav", " "), "the label is empty"),
        (("0.wav", "a\u2028b"), "there is a line break in the label"),
    ],
)
def test_a_wrong_row(tmp_path: Path, row: tuple[str, str], said: str) -> None:
    write_clip(tmp_path / "0.wav", 0)
    path = write(tmp_path / "list.tsv", table([("0.wav", "a"), row], ("path", "label")))
    message = fault(path)
    assert message.startswith(f"{path}:3: {said}")


def test_a_missing_column(tmp_path: Path) -> None:
    write_clip(tmp_path / "0.wav", 0)
    path = write(tmp_path / "list.tsv", table([("0.wav", "a")], ("file", "kind")))
    assert "choose one with --path-column" in fault(path)
    assert "choose one with --label-column" in fault(path, path_column="file")
    options = {"path_column": "file", "label_column": "kind", "group_column": "speaker"}
    assert "choose one with --group-column" in fault(path, **options)


def test_the_module_imports_little() -> None:
    code = (
        "import sys, common.data.sound_classification; "
        "print({'tensorflow', 'tensorflow_datasets', 'librosa', 'soundfile'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
