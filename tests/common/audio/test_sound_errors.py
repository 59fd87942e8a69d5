"""Sounds that cannot be used: one sentence each, which names the file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from common.audio.sound import Sound, SoundArray, SoundFile
from common.errors import UserError
from tests.common.audio.tones import noise, tone, with_data_size, write_sound


def fault(sound: Sound) -> str:
    """Returns the message of the error, which is one line, names the sound and says what to do."""
    with pytest.raises(UserError) as caught:
        sound.read(16000)
    message = str(caught.value)
    assert message.startswith(f"{sound.name}: ")
    assert "\n" not in message
    assert "; " in message
    return message


def file_fault(path: Path) -> str:
    return fault(SoundFile(path))


def test_a_missing_file(tmp_path: Path) -> None:
    assert "there is no such file" in file_fault(tmp_path / "none.wav")


def test_a_folder(tmp_path: Path) -> None:
    assert "this is a folder" in file_fault(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read anything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "secret.wav", tone(8000), 8000)
    path.chmod(0)
    assert "cannot be read (Permission denied)" in file_fault(path)


def test_a_disk_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", path)

    path = write_sound(tmp_path / "secret.wav", tone(8000), 8000)
    monkeypatch.setattr(Path, "open", fail)
    assert "cannot be read (Permission denied); check it" in file_fault(path)


@pytest.mark.parametrize("name", ["t.wav", "t.mp3", "t.flac", "t.raw", "t.ogg", "t"])
def test_a_text(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("This is no sound.\n" * 100)
    assert "this is no sound of a kind that can be read" in file_fault(tmp_path / name)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    assert "the file is empty" in file_fault(tmp_path / "empty.wav")


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg", "mp3", "aiff", "au", "rf64"])
@pytest.mark.parametrize("part", [0.4, 0.7, 0.98])
def test_a_file_that_was_cut_off(tmp_path: Path, kind: str, part: float) -> None:
    path = write_sound(tmp_path / f"cut.{kind}", noise(80_000) // 2, 16000)
    SoundFile(path).read(16000)
    data = path.read_bytes()
    path.write_bytes(data[: int(part * len(data))])
    said = "cut off in the middle of a page; copy" if kind == "ogg" else "; copy or record it again"
    assert said in file_fault(path)


def test_a_wav_that_ends_in_its_header(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "cut.wav", noise(1000), 16000)
    path.write_bytes(path.read_bytes()[:30])
    assert "its header is damaged" in file_fault(path)


@pytest.mark.parametrize("kind", ["flac", "vorbis.ogg", "opus.ogg", "mp3"])
@pytest.mark.parametrize("how", ["zeros", "noise", "gap"])
def test_a_file_that_is_damaged_in_the_middle(tmp_path: Path, kind: str, how: str) -> None:
    options = {"subtype": "OPUS"} if kind == "opus.ogg" else {}
    path = write_sound(tmp_path / f"damaged.{kind}", noise(80_000) // 2, 16000, **options)
    SoundFile(path).read(16000)
    data = path.read_bytes()
    half = len(data) // 2
    middle = {"zeros": bytes(2000), "noise": noise(1000).tobytes(), "gap": b""}[how]
    path.write_bytes(data[:half] + middle + data[half + 2000 :])
    assert "damaged" in file_fault(path)


@pytest.mark.parametrize("kind", ["flac", "ogg"])
def test_a_single_wrong_bit(tmp_path: Path, kind: str) -> None:
    path = write_sound(tmp_path / f"bit.{kind}", noise(80_000) // 2, 16000)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert "damaged" in file_fault(path)


def test_a_page_that_is_missing(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "page.ogg", noise(80_000) // 2, 16000)
    pages = path.read_bytes().split(b"OggS")
    path.write_bytes(b"OggS".join(pages[:4] + pages[5:]))
    assert "damaged" in file_fault(path)


@pytest.mark.parametrize("more", [1, 1000, 10**6])
def test_a_header_that_promises_too_much(tmp_path: Path, more: int) -> None:
    path = write_sound(tmp_path / "promise.wav", noise(1000), 16000)
    with_data_size(path, 2000 + more)
    message = file_fault(path)
    assert f"the header promises {2000 + more:,} bytes of sound" in message
    assert "there are only 2,000" in message


def test_a_flac_that_promises_too_much(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "promise.flac", noise(80_000) // 2, 16000)
    data = bytearray(path.read_bytes())
    data[22:26] = (90_000).to_bytes(4, "big")
    path.write_bytes(data)
    assert "(90,000 samples are promised, 80,000 are there)" in file_fault(path)


def test_a_flac_of_unknown_length_that_was_cut_off(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "cut.flac", noise(80_000) // 2, 16000)
    data = bytearray(path.read_bytes())
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    path.write_bytes(data[: len(data) // 2])
    assert "is damaged or cut off (Error : flac decoder lost sync); copy" in file_fault(path)


def test_an_mp3_whose_end_would_be_lost(tmp_path: Path) -> None:
    """Of varying bit rate and without its first frame, which says how many there are."""
    samples = np.concatenate([noise(32_000) / 65536, np.zeros(200_000), noise(80_000) / 65536])
    options = {"bitrate_mode": "VARIABLE", "compression_level": 0.3}
    path = write_sound(tmp_path / "vbr.mp3", samples, 16000, **options)
    assert abs(len(SoundFile(path).read(16000)) - len(samples)) < 2000
    data = path.read_bytes()
    path.write_bytes(data[data.index(data[:2], 100) :])
    assert soundfile.info(path).frames < 0.9 * len(samples)
    assert "its end would be lost" in file_fault(path)


@pytest.mark.parametrize("kind", ["wav", "ogg", "aiff"])
def test_no_samples(tmp_path: Path, kind: str) -> None:
    path = write_sound(tmp_path / f"none.{kind}", np.zeros(0), 16000)
    assert "there are no samples" in file_fault(path)


def test_no_samples_but_a_title(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "none.wav", np.zeros(0), 16000)
    path.write_bytes(path.read_bytes() + b"LIST\x04\0\0\0INFO")
    assert "there are no samples" in file_fault(path)


def test_too_short_to_leave_a_sample(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "short.wav", np.ones(1), 48000)
    assert "there are no samples" in file_fault(path)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_samples_that_are_no_numbers(tmp_path: Path, value: float, subtype: str) -> None:
    samples = tone(16000, 10)
    samples[150_000] = value
    path = write_sound(tmp_path / "nan.wav", samples, 16000, subtype=subtype)
    assert "some samples are not numbers" in file_fault(path)
    good = SoundFile(path).blocks(16000)  # which is noticed only when it is reached
    np.testing.assert_array_equal(next(good), np.rint(samples[:16000] * 32768))


@pytest.mark.parametrize("rate", [1, 3999, 384_001, 1_000_000])
def test_a_rate_that_nobody_records(tmp_path: Path, rate: int) -> None:
    path = write_sound(tmp_path / "rate.wav", noise(1000), rate)
    assert f"it has {rate:,} samples a second; convert it" in file_fault(path)


@pytest.mark.parametrize("channels", [3, 6])
def test_too_many_channels(tmp_path: Path, channels: int) -> None:
    path = write_sound(tmp_path / "surround.wav", np.zeros((1000, channels)), 16000)
    said = f"has {channels} channels; mix it down to mono or stereo first"
    assert said in file_fault(path)


ARRAYS: dict[str, tuple[NDArray[Any], int, str]] = {
    "none": (np.zeros(0), 8000, "there are no samples"),
    "none of 16 bit": (np.zeros(0, np.int16), 16000, "there are no samples"),
    "nan": (np.array([0.0, np.nan]), 8000, "not numbers"),
    "rate": (np.zeros(5), 3999, "3,999 samples a second"),
    "rate of 16 bit": (np.zeros(5, np.int16), 1, "1 samples a second"),
    "channels": (np.zeros((5, 3)), 8000, "has 3 channels; mix"),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays(name: str) -> None:
    samples, rate, said = ARRAYS[name]
    assert said in fault(SoundArray(samples, rate, name))


@pytest.mark.parametrize("make", [lambda: np.zeros(5, int), lambda: np.zeros((1, 1, 1))])
def test_arrays_of_another_kind(make: Callable[[], NDArray[Any]]) -> None:
    with pytest.raises(ValueError, match="int16 or floating point"):
        SoundArray(make(), 8000, "kind")


@pytest.mark.parametrize(("rate", "seconds"), [(0, 1.0), (8000, 0.0), (8000, float("nan"))])
def test_senseless_blocks(tmp_path: Path, rate: int, seconds: float) -> None:
    sounds: list[Sound] = [SoundArray(np.zeros(5), 8000, "zeros"), SoundFile(tmp_path / "a.wav")]
    for sound in sounds:
        with pytest.raises(ValueError, match="must be above 0"):
            next(sound.blocks(rate, seconds))
