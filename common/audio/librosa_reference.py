"""MFCC by librosa itself: what the layer inside the model is held against."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.audio.parameters import MfccParameters


def librosa_mfcc(samples: NDArray[Any], parameters: MfccParameters) -> NDArray[np.float64]:
    """Returns `(steps, n_mfcc)` of samples from -1 to 1, computed in double precision."""
    import librosa

    hop = parameters.hop_length
    end = parameters.hops(len(samples)) * hop - len(samples)
    padded = np.pad(np.asarray(samples, np.float64), (parameters.history, end))
    power = librosa.feature.melspectrogram(
        y=padded,
        sr=parameters.sample_rate,
        n_fft=parameters.n_fft,
        hop_length=hop,
        center=False,
        n_mels=parameters.n_mels,
        fmin=parameters.fmin,
        fmax=parameters.fmax,
    )
    decibels = librosa.power_to_db(power, ref=1.0, amin=parameters.floor, top_db=None)
    return np.asarray(librosa.feature.mfcc(S=decibels, n_mfcc=parameters.n_mfcc).T)
