"""Sounds of TensorFlow Datasets, without a network."""

from __future__ import annotations

import array
import sys
import wave
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

import numpy as np
import pytest
import tensorflow_datasets as tfds

from common.audio.sound import SoundArray
from common.data.sound_classification import SoundClassificationData
from common.data.tfds import audio_features, open_builder, read_split
from tests.common.data.clip_files import LENGTH, RATE, fault, groups, samples, write_clip
from tests.common.data.clip_files import load as load_data
from tests.common.data.tiny_sound_builders import LABELS, prepare_sound_builders


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_sound_builders(tmp_path_factory.mktemp("tensorflow_datasets"))


@pytest.fixture(autouse=True)
def _data_dir(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFDS_DATA_DIR", str(prepared))


def load(name: str, **options: Any) -> SoundClassificationData:
    return load_data(f"tfds:{name}", **options)


def heard(data: SoundClassificationData, scale: int = 1) -> dict[str, list[int]]:
    """Returns the numbers of the sounds in each split, which are whole and rightly labelled."""
    found: dict[str, list[int]] = {}
    for split, some in data.splits.items():
        for clip in some:
            sound = clip.sound.read(RATE)
            n = int(sound[0])
            np.testing.assert_array_equal(sound, np.append(samples(n), np.arange(n)))
            assert clip.label == LABELS[n % 2]
            assert clip.where.startswith(f"{data.name}/")
            assert clip.sound.name == clip.where
            found.setdefault(split, []).append(n)
    return found


def test_given_splits() -> None:
    loaded = load("tiny_words")
    assert loaded.labels == LABELS
    assert {split: sorted(some) for split, some in heard(loaded).items()} == {
        "train": [*range(20)],
        "dev": [20, 21, 22, 23],
        "test": [24, 25, 26, 27],
    }
    assert loaded.splits["dev"][0].where == "tfds:tiny_words/validation:1"
    read, alone = loaded.notes
    assert read == "read audio, label of tiny_words/1.0.0"
    assert alone.startswith("every clip stands alone")
    assert heard(load("tiny_words")) == heard(loaded)
    assert heard(load("tiny_words", splits={"dev"}))["dev"] == heard(loaded)["dev"]


@pytest.mark.parametrize("name", ["tiny_short", "tiny_floats", "tiny_stereo"])
def test_every_kind_of_sample(name: str) -> None:
    assert sorted(heard(load(name, splits={"all"}))["all"]) == [*range(30)]


def test_another_rate() -> None:
    loaded = load("tiny_words", sample_rate=2 * RATE)
    for clip in loaded.splits["dev"]:
        assert isinstance(clip.sound, SoundArray)
        assert clip.sound.sample_rate == 2 * RATE
    assert sorted(len(c.sound.read(2 * RATE)) for c in loaded.splits["dev"]) == [
        2 * (LENGTH + n) for n in range(20, 24)
    ]


def test_a_rate_that_the_builder_does_not_say() -> None:
    loaded = load("tiny_rateless", sample_rate=16_000, splits={"all"})
    said = "took audio for 16,000 samples a second, because the builder says none"
    assert said in loaded.notes
    assert sorted(len(clip.sound.read(16_000)) for clip in loaded.splits["all"]) == [
        LENGTH + n for n in range(30)
    ]


def test_audio_features() -> None:
    assert audio_features(open_builder("tiny_mixtures")) == {"music": RATE, "noise": RATE}
    assert audio_features(open_builder("tiny_rateless")) == {"audio": None}
    assert audio_features(open_builder("tiny_unheard")) == {}


def test_examples_of_unequal_shape_come_in_the_same_order() -> None:
    builder = open_builder("tiny_words")
    ragged = list(read_split("tiny_words", builder, "train", ("audio", "label")))
    batched = list(read_split("tiny_words", builder, "train", ("label",)))
    assert [int(label) for _, label in ragged] == [int(label) for (label,) in batched]
    assert sorted(len(audio) for audio, _ in ragged) == [LENGTH + n for n in range(20)]


# ------------------------------------------------------------------------ groups


@pytest.mark.parametrize(
    ("name", "feature", "options"),
    [
        ("tiny_speaker_id", "speaker_id", {}),
        ("tiny_speaker", "speaker", {}),
        ("tiny_who", "who", {"group_column": "who"}),
        ("tiny_speaker_id", "speaker_id", {"group_column": "speaker_id"}),
    ],
)
def test_speakers(name: str, feature: str, options: dict[str, Any]) -> None:
    loaded = load(name, **options)
    parts = groups(loaded)
    prefix = "s" if name == "tiny_speaker_id" else ""
    assert set().union(*parts.values()) == {f"{prefix}{n}" for n in range(12)}
    assert {split: len(some) for split, some in parts.items()} == {"train": 11, "dev": 1}
    for split, some in heard(loaded).items():
        assert {f"{prefix}{n // 4}" for n in some} == parts[split]
    assert loaded.grouped_by == f"the feature {feature}"
    assert loaded.notes[0] == ", ".join(["read audio", "label", f"{feature} of {name}/1.0.0"])


def test_a_pattern_is_searched_in_file_names() -> None:
    loaded = load("tiny_digits", group_pattern="_(.*)_")
    parts = groups(loaded)
    assert set().union(*parts.values()) == {f"speaker{n}" for n in range(12)}
    assert sum(map(len, parts.values())) == 12
    assert load("tiny_digits").grouped_by == ""


def test_a_pattern_without_file_names() -> None:
    message = fault("tfds:tiny_words", group_pattern="_(.*)_")
    assert message.startswith("tfds:tiny_words: it has no feature with file names (filename, ")


def test_a_pattern_that_finds_nothing() -> None:
    message = fault("tfds:tiny_digits", group_pattern="jackson")
    assert message.startswith("tfds:tiny_digits/train:1: --group-pattern 'jackson' finds nothing")


# ------------------------------------------------------------------------ TFDS's own builder


class AudioSegment:
    """Stands in for pydub's, which TFDS decodes files with when it prepares them."""

    def __init__(self, file: wave.Wave_read) -> None:
        self.channels = file.getnchannels()
        self._data = file.readframes(file.getnframes())

    @classmethod
    def from_file(cls, file: BinaryIO, format: str | None = None) -> AudioSegment:
        with wave.open(file) as opened:
            return cls(opened)

    def get_array_of_samples(self) -> array.array[int]:
        return array.array("h", self._data)


@pytest.mark.parametrize("decoder", [True, False])
def test_spoken_digit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decoder: bool) -> None:
    """On a few files laid out as those that it downloads."""
    pydub = ModuleType("pydub")
    pydub.AudioSegment = AudioSegment  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pydub", pydub if decoder else None)
    folder = tmp_path / "free-spoken-digit-dataset-1.0.9" / "recordings"
    for n in range(40):
        write_clip(folder / f"{n % 2}_jackson{n // 4}_{n}.wav", n)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "data"))
    manager = tfds.download.DownloadManager
    monkeypatch.setattr(manager, "download_and_extract", lambda manager, url: str(tmp_path))
    if not decoder:
        message = fault("tfds:spoken_digit")
        assert message.startswith("tfds:spoken_digit: it needs a missing package (")
        assert message.endswith("; install pydub with pip")
        return
    loaded = load("spoken_digit", splits={"all"})
    assert loaded.labels == ("0", "1")
    for clip in loaded.splits["all"]:
        sound = clip.sound.read(RATE)
        np.testing.assert_array_equal(sound, samples(int(sound[0])))
        assert clip.label == f"{sound[0] % 2}"
    assert sorted(clip.sound.read(RATE)[0] for clip in loaded.splits["all"]) == [*range(40)]
    speakers = load("spoken_digit", group_pattern="^[0-9]_([a-z0-9]+)_").splits
    assert {clip.group for some in speakers.values() for clip in some} == {
        f"jackson{n}" for n in range(10)
    }


# ------------------------------------------------------------------------ what cannot be used


def test_clips_without_a_label_or_a_sound_are_left_out() -> None:
    loaded = load("tiny_odd_sounds", splits={"all"})
    assert sorted(heard(loaded)["all"]) == [*range(30)]
    unlabelled, unread = loaded.notes[1:3]
    assert unlabelled == "left out, because they have no label, 3 of 34 train clips"
    assert "cannot be read, 1 of 31 train clips: tfds:tiny_odd_sounds/train:" in unread
    assert unread.endswith("there are no samples")


def test_two_sounds() -> None:
    assert "choose one of music, noise with --path-column" in fault("tfds:tiny_mixtures")
    assert sorted(heard(load("tiny_mixtures", path_column="music", splits={"all"}))["all"]) == [
        *range(30)
    ]


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("tiny_unheard", {}, "none of its features is a sound (label)"),
        ("tiny_unnamed", {}, "none of its features is a class label (audio)"),
        (
            "tiny_words",
            {"path_column": "label"},
            "'label' is not a sound of it; choose one of audio",
        ),
        ("tiny_who", {"group_column": "whom"}, "no feature 'whom' can tell speakers apart; choose"),
        ("tiny_none", {}, "TensorFlow Datasets has no builder of this name"),
    ],
)
def test_what_a_builder_lacks(name: str, options: dict[str, Any], said: str) -> None:
    assert fault(f"tfds:{name}", **options).startswith(f"tfds:{name}: {said}")


@pytest.mark.parametrize("name", ["tiny_loud", "tiny_deep"])
def test_more_than_16_bits(name: str) -> None:
    message = fault(f"tfds:{name}")
    assert message.startswith(f"tfds:{name}/train:")
    assert "the samples are of more than 16 bits; choose other data" in message
