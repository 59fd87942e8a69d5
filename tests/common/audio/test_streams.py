"""Live streams of raw PCM, and WAV files in memory."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import wave
from collections.abc import Iterator

import numpy as np
import pytest

from common.audio.sound import pcm_blocks, wav_bytes
from tests.common.audio.tones import noise


class Chunks(io.RawIOBase):
    """A stream from which little arrives at a time."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""

    def read(self, size: int = -1) -> bytes:
        held = self._held or next(self._chunks, b"")
        self._held = held[size:]
        return held[:size]


class ChunksAtOnce(Chunks):
    """The same, where `read` would wait for everything."""

    def read1(self, size: int = -1) -> bytes:
        return super().read(size)

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("read waits for a full block")


@pytest.mark.parametrize("kind", [Chunks, ChunksAtOnce])
@pytest.mark.parametrize("seed", range(20))
def test_any_chunks_are_the_same_samples(kind: type[Chunks], seed: int) -> None:
    samples = noise(5000, seed)
    data = samples.astype("<i2").tobytes() + b"\x7f" * (seed % 2)
    rng = random.Random(seed)

    def chunks() -> Iterator[bytes]:
        at = 0
        while at < len(data):
            size = rng.choice([1, 1, 2, 3, 7, 500, 3001])
            yield data[at : at + size]
            at += size

    blocks = list(pcm_blocks(kind(chunks()), 0.1, 8000))  # type: ignore[arg-type]
    assert all(1 <= len(block) <= 801 for block in blocks)
    assert all(block.dtype == np.int16 for block in blocks)
    np.testing.assert_array_equal(np.concatenate(blocks), samples)


def test_bytes_are_little_endian() -> None:
    blocks = list(pcm_blocks(io.BytesIO(b"\x01\x00\x00\x80\xff\xff"), 1.0, 8000))
    assert [block.tolist() for block in blocks] == [[1, -32768, -1]]


@pytest.mark.parametrize("data", [b"", b"\x01"])
def test_a_stream_without_a_whole_sample(data: bytes) -> None:
    assert list(pcm_blocks(io.BytesIO(data), 1.0, 8000)) == []


def test_what_has_arrived_is_not_held_back() -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as stream, open(writing, "wb", buffering=0) as microphone:  # noqa: PTH123
        blocks = pcm_blocks(stream, 10.0, 16000)
        for value in (1, 2, 3):
            microphone.write(np.full(100, value, "<i2").tobytes())
            assert next(blocks).tolist() == [value] * 100
        microphone.close()
        assert list(blocks) == []


def test_a_senseless_block() -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        next(pcm_blocks(io.BytesIO(b"1234"), 0.0, 16000))


def test_wav_bytes() -> None:
    samples = noise(1000)
    data = wav_bytes(samples, 16000)
    with wave.open(io.BytesIO(data)) as file:
        assert file.getparams()[:4] == (1, 2, 16000, 1000)
        assert file.readframes(2000) == samples.astype("<i2").tobytes()
    assert len(data) == 44 + 2000


def test_wav_bytes_of_something_else() -> None:
    with pytest.raises(ValueError, match="int16"):
        wav_bytes(np.zeros(10), 16000)  # type: ignore[arg-type]


def test_the_module_imports_little() -> None:
    """Other modules' `--help` answers at once, and a device may have no TensorFlow."""
    code = (
        "import sys, common.audio.sound; "
        "print({'tensorflow', 'librosa', 'soundfile', 'soxr', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
