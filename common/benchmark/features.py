"""The MFCC inside the model against librosa's: how far they are, and how long they take."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.audio.fidelity import mfcc_differences, tflite_mfcc
from common.audio.librosa_reference import librosa_mfcc
from common.audio.parameters import MfccParameters
from common.audio.sound import SoundFile
from common.data.sound_sources import SOUND_SUFFIXES

_ROUNDS = 50


def find_sounds(folder: Path, parameters: MfccParameters) -> list[NDArray[np.int16]]:
    """Returns the samples of every sound file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SOUND_SUFFIXES)
    return [SoundFile(path).read(parameters.sample_rate) for path in files]


def measure(clips: Sequence[NDArray[np.int16]], parameters: MfccParameters) -> dict[str, Any]:
    """Returns the largest difference of a coefficient from librosa's, and times of one second.

    Args:
        clips: real ones; extreme sounds are added for the differences.
        parameters: of the MFCC.

    Returns:
        `clips`, the differences of `mfcc_differences`, and `librosa_ms` and `tflite_ms`, medians
        for one second of sound on one thread.
    """
    hops = max([parameters.hops(len(clip)) for clip in clips], default=0)
    found: dict[str, Any] = {"clips": len(clips)}
    found |= mfcc_differences(parameters, clips, max(hops, 60))
    second = np.random.default_rng(0).uniform(-0.5, 0.5, parameters.sample_rate)
    second = second.astype(np.float32)
    lite = tflite_mfcc(parameters, parameters.hops(len(second)))
    contestants: dict[str, Callable[[], Any]] = {
        "librosa_ms": lambda: librosa_mfcc(second, parameters),
        "tflite_ms": lambda: lite(second),
    }
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(_ROUNDS):
        for name, run in contestants.items():
            start = time.perf_counter()
            run()
            times[name].append((time.perf_counter() - start) * 1e3)
    return found | {name: float(np.median(values)) for name, values in times.items()}


def format_lines(result: dict[str, Any]) -> list[str]:
    """Returns the result as lines of Markdown."""
    return [
        "",
        "# MFCC inside the model and librosa's",
        "",
        f"{result['clips']} real clips, silence, square waves, a click, one sample, one frame: a "
        f"coefficient differs by {result['mfcc_difference_keras']:.1e} at most in Keras and by "
        f"{result['mfcc_difference_tflite']:.1e} in TFLite. One second of sound takes "
        f"{result['tflite_ms']:.2f} ms in TFLite (one thread), {result['librosa_ms']:.2f} ms in "
        "librosa.",
    ]
