"""Clips that cannot be read: left out and counted, or one sentence where too much is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from common.audio.sound import SoundArray, SoundFile
from common.data.clips import Clip, read_clips
from tests.common.data.clip_files import (
    RATE,
    fault,
    load,
    numbers,
    samples,
    write_broken,
    write_classes,
    write_clip,
)
from tests.common.data.data_case import table, write


def two_splits(folder: Path) -> Path:
    write_classes(folder / "train", {"a": 10, "b": 10})
    write_classes(folder / "dev", {"a": 5, "b": 5}, start=20)
    return folder


def test_what_cannot_be_read_is_left_out_and_counted(tmp_path: Path) -> None:
    two_splits(tmp_path)
    for n in (1, 3, 5, 7):
        write_broken(tmp_path / "train" / "a" / f"{n}.wav")
    soundfile.write(tmp_path / "dev" / "b" / "2.wav", np.zeros((10, 6)), RATE)
    loaded = load(tmp_path)
    assert numbers(loaded) == {
        "train": [0, 2, 4, 6, 8, *range(9, 20)],
        "dev": [20, 21, 22, 23, 24, 25, 26, 28, 29],
    }
    of_dev, of_train, _ = loaded.notes
    assert of_dev == (
        "left out, because they cannot be read, 1 of 10 dev clips: "
        f"{tmp_path / 'dev' / 'b' / '2.wav'}: it has 6 channels"
    )
    assert of_train.startswith("left out, because they cannot be read, 4 of 20 train clips: ")
    assert of_train.endswith(", and 1 more")
    assert of_train.count("this is no sound") == 3
    for n in (1, 3, 5):
        assert str(tmp_path / "train" / "a" / f"{n}.wav") in of_train
    assert "\n" not in of_train


def test_damage_that_shows_late(tmp_path: Path) -> None:
    two_splits(tmp_path)
    long = np.zeros(25 * RATE)
    long[-1] = np.nan
    soundfile.write(tmp_path / "train" / "a" / "0.wav", long, RATE, subtype="FLOAT")
    loaded = load(tmp_path)
    assert len(loaded.splits["train"]) == 19
    assert "some samples are not numbers" in loaded.notes[0]


def test_no_clip_of_a_class_is_left(tmp_path: Path) -> None:
    two_splits(tmp_path)
    for n in range(5):
        path = write_broken(tmp_path / "dev" / "b" / f"{n}.wav")
    message = fault(tmp_path)
    assert message.startswith(f"{path.with_name('0.wav')}: this is no sound of a kind")
    assert message.endswith(
        "and none of the 5 dev clips of the class 'b' can be read; replace them"
    )


def test_the_only_clip_of_a_class(tmp_path: Path) -> None:
    write_classes(tmp_path, {"a": 10, "b": 10})
    path = write_broken(tmp_path / "c" / "0.wav")
    message = fault(tmp_path)
    assert message.startswith(f"{path}: this is no sound of a kind")
    assert message.endswith("and it is alone among the clips of the class 'c'; replace it")


@pytest.mark.parametrize("broken", [10, 11])
def test_more_than_half_cannot_be_read(tmp_path: Path, broken: int) -> None:
    two_splits(tmp_path)
    for n in range(broken):
        write_broken(tmp_path / "train" / "ab"[n % 2] / f"{n // 2}.wav")
    if broken == 10:
        assert len(load(tmp_path).splits["train"]) == 10
        return
    message = fault(tmp_path)
    assert message.startswith(f"{tmp_path / 'train' / 'a' / '0.wav'}: this is no sound of a kind")
    assert message.endswith("and 11 of 20 train clips cannot be read; replace them")


def test_a_row_of_a_table_that_cannot_be_read(tmp_path: Path) -> None:
    rows = [(f"{n}.wav", "ab"[n % 2]) for n in range(20)]
    for n, (name, _) in enumerate(rows):
        write_clip(tmp_path / name, n)
    write_broken(tmp_path / "7.wav")
    loaded = load(write(tmp_path / "list.tsv", table(rows, ("path", "label"))), splits={"all"})
    assert numbers(loaded)["all"] == [n for n in range(20) if n != 7]
    assert loaded.notes[0].startswith("left out, because they cannot be read, 1 of 20 clips: ")


def test_more_clips_than_are_read_at_a_time_keep_their_order(tmp_path: Path) -> None:
    made = [
        Clip(SoundArray(samples(n), RATE, f"{n}"), "ab"[n % 2], "", f"{n}") for n in range(1000)
    ]
    read, notes = read_clips(iter(made), "train", RATE)
    assert [clip.where for clip in read] == [clip.where for clip in made]
    assert len({clip.content for clip in read}) == 1000
    assert notes == []


def test_a_file_that_vanishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_clip(tmp_path / "a.wav", 0)

    def blocks(sound: SoundFile, *_: object) -> list[object]:
        sound.path.unlink()
        return [samples(0)]

    monkeypatch.setattr(SoundFile, "blocks", blocks)
    clips = [
        Clip(SoundFile(path), "a", "", "a"),
        Clip(SoundArray(samples(1), RATE, "b"), "a", "", ""),
    ]
    read, (note,) = read_clips(clips, "dev", RATE)
    assert len(read) == 1
    assert f"{path}: the file cannot be read (No such file or directory)" in note


def test_a_key_is_of_the_group_or_the_sound(tmp_path: Path) -> None:
    array = SoundArray(samples(0), RATE, "0")
    other = SoundArray(samples(1), RATE, "1")
    made = [("s", array), ("s", other), ("t", array), ("", array), ("", other), ("", array)]
    clips = [Clip(sound, "a", group, "") for group, sound in made]
    keys = [clip.key for clip in read_clips(clips, "", RATE)[0]]
    assert keys[0] == keys[1]
    assert keys[3] == keys[5]
    assert len(set(keys)) == 4
    odd = read_clips([Clip(array, "a", "\udce9", "")], "", RATE)[0][0]  # of a name not in UTF-8
    assert odd.key not in keys
