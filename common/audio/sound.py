"""Sound in: files, arrays and live streams, all on the 16-bit grid at the rate a model hears.

A sound is mono; each sample is k / 32768 with k an integer from -32768 to 32767, which is what
devices record. So every artefact gets the very same numbers.
"""

from __future__ import annotations

import io
import wave
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from common.audio.decoding import BLOCK, open_sound
from common.errors import UserError

MIN_RATE, MAX_RATE = 4_000, 384_000

# Beyond this a float recording is noise in any case, and single precision would overflow.
_LOUDEST = 1e6


class Sound(ABC):
    """Something to hear.

    Attributes:
        name: what to call it in a message, such as its path.
    """

    name: str

    @abstractmethod
    def blocks(self, sample_rate: int, seconds: float = 1.0) -> Iterator[NDArray[np.int16]]:
        """Reads the sound once, in constant memory.

        Stereo becomes the mean of both channels. Another rate is brought to `sample_rate` by
        soxr's "HQ". What comes of both is rounded, half to even, and clipped.

        Args:
            sample_rate: samples a second of the result.
            seconds: the length of a block; it changes no sample.

        Yields:
            Consecutive (n,), all of this length but perhaps the last; at least one sample in all.

        Raises:
            UserError: this is no sound that can be used; perhaps only after some blocks.
            ValueError: `sample_rate` or `seconds` is not above 0.
        """

    def read(self, sample_rate: int) -> NDArray[np.int16]:
        """Returns the whole sound, (n,): what `blocks` gives, with its errors."""
        return np.concatenate(list(self.blocks(sample_rate, 60.0)))


@dataclass(frozen=True)
class SoundFile(Sound):
    """A file of any kind that libsndfile reads, such as WAV, FLAC, Ogg and MP3.

    Attributes:
        path: the file; nothing is read before it is iterated.
    """

    path: Path
    name: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(self.path))
        object.__setattr__(self, "name", str(self.path))

    def blocks(self, sample_rate: int, seconds: float = 1.0) -> Iterator[NDArray[np.int16]]:
        size = _block_size(sample_rate, seconds)
        with open_sound(self.path) as file:
            _check_kind(self.name, file.sample_rate, file.channels)
            heard = _heard(file.frames(), file.sample_rate, sample_rate, self.name)
            yield from _cut(heard, size)


@dataclass(frozen=True, eq=False)
class SoundArray(Sound):
    """Samples in memory.

    Attributes:
        samples: (n,) or (n, channels), int16 or floating point with a full scale of ±1.
        sample_rate: samples a second.
        name: what to call it in a message.

    Raises:
        ValueError: the samples have another type or shape.
    """

    samples: NDArray[Any]
    sample_rate: int
    name: str

    def __post_init__(self) -> None:
        kind = self.samples.dtype
        if self.samples.ndim not in (1, 2) or (kind != np.int16 and kind.kind != "f"):
            raise ValueError(
                f"{self.name}: samples must be (n,) or (n, channels), int16 or floating point, got "
                f"{self.samples.shape} {kind}"
            )

    def blocks(self, sample_rate: int, seconds: float = 1.0) -> Iterator[NDArray[np.int16]]:
        size = _block_size(sample_rate, seconds)
        channels = 1 if self.samples.ndim == 1 else self.samples.shape[1]
        _check_kind(self.name, self.sample_rate, channels)
        heard: Iterable[NDArray[np.int16]]
        if (
            self.samples.shape == (len(self.samples),)
            and self.samples.dtype == np.int16
            and (sample_rate == self.sample_rate and len(self.samples))
        ):
            heard = [self.samples]
        else:
            heard = _heard(_frames(self.samples), self.sample_rate, sample_rate, self.name)
        yield from _cut(heard, size)


def wav_bytes(samples: NDArray[np.int16], sample_rate: int) -> bytes:
    """Returns a WAV file of 16-bit mono PCM.

    Args:
        samples: (n,).
        sample_rate: samples a second.

    Raises:
        ValueError: the samples are not (n,) of int16.
    """
    if samples.ndim != 1 or samples.dtype != np.int16:
        raise ValueError(f"samples must be (n,) of int16, got {samples.shape} {samples.dtype}")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return buffer.getvalue()


def pcm_blocks(stream: BinaryIO, seconds: float, sample_rate: int) -> Iterator[NDArray[np.int16]]:
    """Reads raw 16-bit little-endian mono PCM as it arrives, such as from a microphone's program.

    Args:
        stream: a blocking stream of bytes. One with `read1`, such as `sys.stdin.buffer`, hands
            over what has arrived; any other fills a block first.
        seconds: the longest block. A shorter one comes as soon as there is something.
        sample_rate: samples a second of the stream; only `seconds` depends on it.

    Yields:
        Consecutive (n,), n at least 1. Half a sample waits for its other half; at the end of the
        stream it is dropped.
    """
    size = 2 * _block_size(sample_rate, seconds)
    read = getattr(stream, "read1", stream.read)
    odd = b""
    while arrived := read(size):
        data = odd + arrived
        whole = len(data) // 2 * 2
        odd = data[whole:]
        if whole:
            yield np.frombuffer(data[:whole], "<i2").astype(np.int16)


def _block_size(sample_rate: int, seconds: float) -> int:
    if sample_rate < 1 or not seconds > 0:
        raise ValueError(f"sample_rate ({sample_rate}) and seconds ({seconds}) must be above 0")
    return max(1, round(seconds * sample_rate))


def _check_kind(name: str, rate: int, channels: int) -> None:
    if not MIN_RATE <= rate <= MAX_RATE:
        raise UserError(
            f"{name}: it has {rate:,} samples a second; convert it to one of {MIN_RATE:,} to "
            f"{MAX_RATE:,} Hz"
        )
    if not 1 <= channels <= 2:
        raise UserError(f"{name}: it has {channels} channels; mix it down to mono or stereo first")


def _frames(samples: NDArray[Any]) -> Iterator[NDArray[np.float64]]:
    scale = 32768.0 if samples.dtype == np.int16 else 1.0
    for begin in range(0, len(samples), BLOCK):
        block = samples[begin : begin + BLOCK].astype(np.float64) / scale
        yield block.reshape(len(block), -1)


def _heard(
    frames: Iterable[NDArray[np.float64]], rate: int, sample_rate: int, name: str
) -> Iterator[NDArray[np.int16]]:
    """Mixes (n, channels) down, resamples and rounds them; raises `UserError` for unusable ones."""
    import soxr

    stream = None
    if rate != sample_rate:
        stream = soxr.ResampleStream(rate, sample_rate, 1, dtype="float32", quality="HQ")
    count = 0
    for block in frames:
        peak = np.abs(block).max()
        if not np.isfinite(peak):
            raise UserError(
                f"{name}: some samples are not numbers (NaN or infinite); write it again"
            )
        if peak > _LOUDEST:
            block = block.clip(-_LOUDEST, _LOUDEST)
        mono: NDArray[Any] = block[:, 0] if block.shape[1] == 1 else block.mean(axis=1)
        if stream is not None:
            mono = stream.resample_chunk(mono.astype(np.float32))
        count += len(mono)
        yield _on_grid(mono)
    if stream is not None:
        mono = stream.resample_chunk(np.zeros(0, np.float32), last=True)
        count += len(mono)
        yield _on_grid(mono)
    if not count:
        raise UserError(f"{name}: there are no samples; record it again or remove it")


def _on_grid(samples: NDArray[Any]) -> NDArray[np.int16]:
    return np.rint(samples * 32768).clip(-32768, 32767).astype(np.int16)


def _cut(pieces: Iterable[NDArray[np.int16]], size: int) -> Iterator[NDArray[np.int16]]:
    """Yields the same samples in pieces of `size`, the last one shorter."""
    held: list[NDArray[np.int16]] = []
    count = 0
    for piece in pieces:
        held.append(piece)
        count += len(piece)
        if count >= size:
            joined = np.concatenate(held)
            whole = count // size * size
            yield from (joined[at : at + size] for at in range(0, whole, size))
            held, count = [joined[whole:]], count - whole
    if count:
        yield np.concatenate(held)
