"""Sounds from files and arrays: the right samples, on the grid, whatever the block."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from common.audio.sound import Sound, SoundArray, SoundFile
from tests.common.audio.tones import noise, tone, with_data_size, write_sound

RATES = (8000, 16000, 22050, 44100, 48000)
FORMATS = {
    # What is written, and how far a sample may be from the tone.
    "u8.wav": ("PCM_U8", 1.5 / 128),
    "16.wav": ("PCM_16", 1e-4),
    "24.wav": ("PCM_24", 1e-4),
    "32.wav": ("PCM_32", 1e-4),
    "float.wav": ("FLOAT", 1e-4),
    "double.wav": ("DOUBLE", 1e-4),
    "16.flac": ("PCM_16", 1e-4),
    "24.FLAC": ("PCM_24", 1e-4),
    "vorbis.ogg": ("VORBIS", 0.02),
    "layer3.mp3": ("MPEG_LAYER_III", 0.02),
    "16.aiff": ("PCM_16", 1e-4),
    "16.au": ("PCM_16", 1e-4),
}
#: What blocks are cut into, in seconds: one sample, odd, one, more than there is.
SECONDS = (1e-9, 0.0371, 1.0, 1e6)


def same_tone(sound: Sound, sample_rate: int, peak: float, tolerance: float) -> None:
    samples = sound.read(sample_rate)
    assert samples.dtype == np.int16
    assert samples.shape == (sample_rate,)
    steady = slice(sample_rate // 5, -sample_rate // 5)
    expected = tone(sample_rate, peak=peak)
    assert np.abs(samples / 32768 - expected)[steady].max() < tolerance


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("rate", RATES)
def test_a_tone_is_the_same_tone_in_every_file(tmp_path: Path, name: str, rate: int) -> None:
    subtype, tolerance = FORMATS[name]
    # As good as it gets, because it is the encoder that changes the tone.
    options = {"compression_level": 0.0} if name in ("vorbis.ogg", "layer3.mp3") else {}
    path = write_sound(tmp_path / name, tone(rate), rate, subtype=subtype, **options)
    same_tone(SoundFile(path), 16000, 0.5, tolerance)
    if rate == 44100:
        same_tone(SoundFile(path), 8000, 0.5, tolerance)


@pytest.mark.parametrize("name", ["16.wav", "vorbis.ogg", "layer3.mp3"])
def test_stereo_is_the_mean(tmp_path: Path, name: str) -> None:
    both = np.stack([tone(44100, peak=0.6), tone(44100, peak=0.2)], axis=1)
    path = write_sound(tmp_path / name, both, 44100, subtype=FORMATS[name][0])
    same_tone(SoundFile(path), 16000, 0.4, FORMATS[name][1])
    same_tone(SoundArray(both, 44100, "stereo"), 16000, 0.4, 1e-4)


@pytest.mark.parametrize("rate", [4000, 384000])
def test_the_slowest_and_the_fastest_rate(tmp_path: Path, rate: int) -> None:
    path = write_sound(tmp_path / "extreme.wav", tone(rate), rate)
    same_tone(SoundFile(path), 16000, 0.5, 1e-4)


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_16_bit_samples_come_out_as_they_went_in(tmp_path: Path, subtype: str) -> None:
    samples = noise(100_000)
    path = write_sound(tmp_path / "noise.wav", samples / 32768, 16000, subtype=subtype)
    np.testing.assert_array_equal(SoundFile(path).read(16000), samples)
    np.testing.assert_array_equal(SoundArray(samples, 16000, "noise").read(16000), samples)


def test_samples_are_rounded_half_to_even_and_clipped() -> None:
    grid = np.array([0.5, 1.5, -0.5, -1.5, 2.4, 40000, -40000, 32767.5, 1e300, 3e-300]) / 32768
    expected = [0, 2, 0, -2, 2, 32767, -32768, 32767, 32767, 0]
    assert SoundArray(grid, 8000, "grid").read(8000).tolist() == expected
    halves = np.array([[1, 2], [2, 3], [-1, -2], [32767, 32767]], np.int16)
    assert SoundArray(halves, 8000, "halves").read(8000).tolist() == [2, 2, -2, 32767]


def test_absurdly_loud_samples_are_clipped_at_any_rate() -> None:
    both = np.full((4000, 2), 1e308)
    for rate in (16000, 44100):
        loud = SoundArray(both, rate, "loud").read(16000)
        assert set(loud[200:-200].tolist()) == {32767}


def test_resampling_is_that_of_soxr_at_high_quality() -> None:
    samples = noise(44100) / 65536
    expected = np.rint(soxr.resample(samples.astype(np.float32), 44100, 16000, "HQ") * 32768)
    np.testing.assert_array_equal(SoundArray(samples, 44100, "noise").read(16000), expected)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("name", ["16.wav", "16.flac", "vorbis.ogg", "opus.ogg", "layer3.mp3"])
def test_the_length_of_a_block_changes_no_sample(tmp_path: Path, name: str, rate: int) -> None:
    if name == "opus.ogg" and rate in (22050, 44100):
        pytest.skip("Opus knows no such rate")
    # Longer than a block of the decoder, at every rate.
    samples = noise(200_001) // 2
    subtype = "OPUS" if name == "opus.ogg" else FORMATS[name][0]
    sound = SoundFile(write_sound(tmp_path / name, samples, rate, subtype=subtype))
    whole = sound.read(16000)
    for seconds in SECONDS if name == "16.wav" else SECONDS[1:]:
        blocks = list(sound.blocks(16000, seconds))
        np.testing.assert_array_equal(np.concatenate(blocks), whole)
        assert {len(block) for block in blocks[:-1]} <= {max(1, round(seconds * 16000))}
        assert 1 <= len(blocks[-1]) <= max(1, round(seconds * 16000))
    if name == "16.wav":
        array = SoundArray(samples, rate, "noise")
        np.testing.assert_array_equal(array.read(16000), whole)
        np.testing.assert_array_equal(np.concatenate(list(array.blocks(16000, 0.3))), whole)


def test_what_is_decoded_in_blocks_is_what_is_decoded_at_once(tmp_path: Path) -> None:
    """A decoder of MP3 that is sought to where it is starts anew, and sounds differently."""
    samples = np.concatenate([tone(16000, 8, hertz=h) for h in (200, 450, 3000)])
    path = write_sound(tmp_path / "long.mp3", samples, 16000)
    with soundfile.SoundFile(path) as file:
        expected = np.rint(file.read() * 32768)
    assert len(expected) > 5 * 65536
    np.testing.assert_array_equal(SoundFile(path).read(16000), expected)


def test_a_long_file_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    minute = noise(60 * 8000) // 2
    with soundfile.SoundFile(path, "w", 8000, 1) as file:
        for _ in range(10):
            file.write(minute)
    count = 0
    next(SoundFile(path).blocks(16000))  # what is imported on the way is not the file's
    tracemalloc.start()
    try:
        for block in SoundFile(path).blocks(16000):
            count += len(block)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 10 * 60 * 16000
    assert peak < 6e6  # the whole would be 19 MB


def test_the_same_file_is_the_same_sound(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", tone(8000), 8000)
    assert SoundFile(path) == SoundFile(path)
    assert SoundFile(path).name == str(path)
    sound = SoundFile(path)
    np.testing.assert_array_equal(sound.read(8000), sound.read(8000))


def test_an_array_is_not_handed_out(tmp_path: Path) -> None:
    samples = noise(100)
    SoundArray(samples, 8000, "noise").read(8000)[:] = 0
    assert samples.any()


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFF000])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
def test_a_stream_that_was_never_closed_is_read_to_its_end(
    tmp_path: Path, size: int, subtype: str
) -> None:
    samples = noise(70_000)
    path = write_sound(tmp_path / "stream.wav", samples / 32768, 16000, subtype=subtype)
    with_data_size(path, size)
    np.testing.assert_array_equal(SoundFile(path).read(16000), samples)


def test_silence_that_was_never_closed_is_silence(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "stream.wav", np.zeros(4000, np.int16), 16000)
    assert SoundFile(with_data_size(path, 0)).read(16000).tolist() == [0] * 4000


def test_what_follows_the_samples_is_not_heard(tmp_path: Path) -> None:
    samples = noise(999)
    path = write_sound(tmp_path / "tagged.wav", samples, 16000)
    with_data_size(path, 2 * 999, tail=b"LIST\x04\0\0\0INFO")
    np.testing.assert_array_equal(SoundFile(path).read(16000), samples)


def test_a_flac_stream_that_does_not_know_its_length(tmp_path: Path) -> None:
    samples = noise(70_000) // 2
    path = write_sound(tmp_path / "stream.flac", samples, 16000)
    data = bytearray(path.read_bytes())
    data[21] &= 0xF0  # RFC 9639: 36 bits for the number of samples, 0 where it is unknown
    data[22:26] = bytes(4)
    path.write_bytes(data)
    np.testing.assert_array_equal(SoundFile(path).read(16000), samples)
