"""The MFCC inside the model against librosa's: how far they are, and how long they take."""

from __future__ import annotations

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
from common.benchmark.report import Case, Row, Section, ratios
from common.benchmark.timing import in_turn, spread
from common.data.sound_sources import SOUND_SUFFIXES

_ROUNDS = 50
_BATCH, _UNITS = 16, 64
LIBROSA, LITE = "librosa", "TensorFlow Lite"
_BATCHES = f"Keras, {_BATCH} seconds at once"
_STEP = f"training step on {_BATCH} such, {_UNITS} units, MFCC there"


def find_sounds(folder: Path, parameters: MfccParameters) -> list[NDArray[np.int16]]:
    """Returns the samples of every sound file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SOUND_SUFFIXES)
    return [SoundFile(path).read(parameters.sample_rate) for path in files]


def measure(clips: Sequence[NDArray[np.int16]], parameters: MfccParameters) -> Case:
    """Returns the largest difference of a coefficient from librosa's, and times.

    Args:
        clips: real ones; extreme sounds are added for the differences.
        parameters: of the MFCC.

    Returns:
        A case with the MFCC of one second of sound on one thread, by librosa and by TensorFlow
        Lite; those of a training batch of such seconds in Keras; and the training step of a
        recurrent layer on MFCC that are there already, as from a cache.
    """
    hops = max([parameters.hops(len(clip)) for clip in clips], default=0)
    found = mfcc_differences(parameters, clips, max(hops, 60))
    second = np.random.default_rng(0).uniform(-0.5, 0.5, parameters.sample_rate)
    second = second.astype(np.float32)
    lite = tflite_mfcc(parameters, parameters.hops(len(second)))
    contestants: dict[str, Callable[[], Any]] = {
        LIBROSA: lambda: librosa_mfcc(second, parameters),
        LITE: lambda: lite(second),
        **_training(second, parameters),
    }
    figures = {
        LITE: {"off librosa": found["mfcc_difference_tflite"]},
        _BATCHES: {"off librosa": found["mfcc_difference_keras"]},
    }
    times = in_turn(contestants, _ROUNDS)
    rows = [Row(name, spread(times[name]), figures.get(name, {})) for name in contestants]
    return Case("One second of sound, one thread", rows, ratios(rows, {(LITE, LIBROSA): None}))


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
        _BATCHES: lambda: mfcc(waveforms).numpy(),
        _STEP: lambda: model.train_on_batch(features, targets),
    }


def section(case: Case, clips: int) -> Section:
    """Returns the case as a section of the report.

    Args:
        case: from `measure`.
        clips: how many real ones were compared.
    """
    remark = (
        f"How far a coefficient is from librosa's at most, over {clips} real clips, silence, "
        "square waves, a click, one sample, one frame."
    )
    return Section("mfcc", "MFCC inside the model and librosa's", [case], remark)
