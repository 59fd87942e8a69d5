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
from common.audio.mfcc import Mfcc
from common.audio.parameters import MfccParameters
from common.audio.sound import SoundFile
from common.data.sound_sources import SOUND_SUFFIXES

_ROUNDS = 50
_BATCH, _UNITS = 16, 64


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
        `clips`, the differences of `mfcc_differences`, and medians: `librosa_ms` and `tflite_ms`
        for one second of sound on one thread, `batch_ms` for the MFCC of a training batch of such
        seconds in Keras, `step_ms` for the training step of a recurrent layer on MFCC that are
        there already, as from a cache.
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
        **_training(second, parameters),
    }
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(_ROUNDS):
        for name, run in contestants.items():
            start = time.perf_counter()
            run()
            times[name].append((time.perf_counter() - start) * 1e3)
    return found | {name: float(np.median(values)) for name, values in times.items()}


def _training(second: NDArray[Any], parameters: MfccParameters) -> dict[str, Callable[[], Any]]:
    """What a training step does with and without a cache of MFCC."""
    import keras
    import tensorflow as tf

    from common.recurrent.layer import Recur

    waveforms = tf.constant(np.tile(second, (_BATCH, 1)))
    mfcc = tf.function(Mfcc(parameters))
    features = mfcc(waveforms)
    layers = [Recur(_UNITS), keras.layers.Dense(2, activation="softmax")]
    model = keras.Sequential([keras.Input(features.shape[1:]), *layers])
    model.compile("adam", "sparse_categorical_crossentropy")
    targets = np.arange(_BATCH) % 2
    model.train_on_batch(features, targets)  # compiles
    return {
        "batch_ms": lambda: mfcc(waveforms).numpy(),
        "step_ms": lambda: model.train_on_batch(features, targets),
    }


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
        f"librosa. A training step with {_BATCH} such seconds and {_UNITS} units takes "
        f"{result['step_ms']:.1f} ms when the MFCC are there; computing them in the graph adds "
        f"{result['batch_ms']:.1f} ms.",
    ]
