"""Tones whose samples are known, and the files that hold them."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

HERTZ = 440.0


def tone(rate: int, seconds: float = 1.0, peak: float = 0.5, hertz: float = HERTZ) -> NDArray[Any]:
    """Returns a tone, (n,), full scale ±1."""
    return peak * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def noise(count: int, seed: int = 0) -> NDArray[np.int16]:
    """Returns noise, (n,), in which no sample can be mistaken for another."""
    rng = np.random.default_rng(seed)
    return rng.integers(-32768, 32768, count).astype(np.int16)


def write_sound(path: Path, samples: NDArray[Any], rate: int, **options: Any) -> Path:
    """Writes a file in small blocks: libsndfile crashes on a long Ogg written at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    with soundfile.SoundFile(path, "w", rate, channels, **options) as file:
        for begin in range(0, len(samples), 4096):
            file.write(samples[begin : begin + 4096])
    return path


def with_data_size(path: Path, size: int, tail: bytes = b"") -> Path:
    """Replaces what a WAV says about the length of its samples."""
    data = path.read_bytes()
    at = data.index(b"data") + 4
    path.write_bytes(data[:at] + struct.pack("<I", size) + data[at + 4 :] + tail)
    return path
