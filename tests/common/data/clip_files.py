"""Folders of tiny clips, and the data and errors that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from common.audio.sound import wav_bytes
from common.data.sound_classification import (
    Clip,
    SoundClassificationData,
    load_sound_classification,
)
from common.errors import UserError
from tests.common.data.data_case import write

RATE = 8000
LENGTH = 80


def samples(number: int) -> NDArray[np.int16]:
    """Returns a sound, (LENGTH,), that only this number has, and that begins with it."""
    made = np.random.default_rng(number).integers(-9999, 9999, LENGTH).astype(np.int16)
    made[0] = number
    return made


def write_clip(path: Path, number: int) -> Path:
    """Writes the sound of a number; returns its path."""
    return write(path, wav_bytes(samples(number), RATE))


def write_classes(folder: Path, counts: Mapping[str, int], start: int = 0) -> Path:
    """Writes class folders with `0.wav`, `1.wav` …, numbered through; returns the folder."""
    number = start
    for label, count in counts.items():
        for n in range(count):
            write_clip(folder / label / f"{n}.wav", number)
            number += 1
    return folder


def write_broken(path: Path) -> Path:
    """Writes a text with the name of a sound."""
    return write(path, "This is no sound.\n")


def no_builtin() -> Mapping[str, Sequence[Clip]]:
    """Stands for an application's own data where a test must not touch them."""
    raise AssertionError("the built-in data were made although others were named")


def load(data: str | Path, **options: Any) -> SoundClassificationData:
    defaults: dict[str, Any] = {"builtin": no_builtin, "sample_rate": RATE}
    return load_sound_classification(str(data), **(defaults | options))


def fault(data: str | Path, **options: Any) -> str:
    """Returns the message of the error, which is one line and says what to do."""
    with pytest.raises(UserError) as caught:
        load(data, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert "; " in message
    return message


def number_of(clip: Clip) -> int:
    """Returns the number of a clip's sound, which has not been changed."""
    heard = clip.sound.read(RATE)
    np.testing.assert_array_equal(heard, samples(int(heard[0])))
    return int(heard[0])


def numbers(data: SoundClassificationData) -> dict[str, list[int]]:
    """Returns the numbers of the sounds in each split."""
    return {split: [number_of(clip) for clip in some] for split, some in data.splits.items()}


def groups(data: SoundClassificationData) -> dict[str, set[str]]:
    """Returns the groups in each split."""
    return {split: {clip.group for clip in some} for split, some in data.splits.items()}
