"""MFCC inside the model: librosa's numbers from TensorFlow operations that every runtime has.

    hops -> frames -> window -> power spectrum -> mel bands -> decibels -> DCT

The steps are those of `librosa.feature.mfcc` (McFee et al., "librosa: Audio and music signal
analysis in Python", 2015) on Davis and Mermelstein, "Comparison of parametric representations for
monosyllabic word recognition in continuously spoken sentences", 1980.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from common.audio.bands import weighted
from common.audio.parameters import MfccParameters
from common.audio.products import power_spectrum, weights_in_order

Tensor = Any


@functools.cache
def window(parameters: MfccParameters) -> NDArray[np.float64]:
    """Returns the periodic Hann window, `(n_fft,)`."""
    from scipy.signal import get_window

    return np.asarray(get_window("hann", parameters.n_fft), np.float64)


@functools.cache
def mel_filters(parameters: MfccParameters) -> NDArray[np.float32]:
    """Returns the weight of each bin of the power spectrum in each band, `(bins, n_mels)`."""
    from librosa.filters import mel

    return np.ascontiguousarray(
        mel(
            sr=parameters.sample_rate,
            n_fft=parameters.n_fft,
            n_mels=parameters.n_mels,
            fmin=parameters.fmin,
            fmax=parameters.fmax,
        ).T
    )


@functools.cache
def dct_matrix(parameters: MfccParameters) -> NDArray[np.float32]:
    """Returns the first columns of the orthonormal DCT-II, `(n_mels, n_mfcc)`."""
    from scipy.fft import dct

    matrix = dct(np.eye(parameters.n_mels), type=2, norm="ortho", axis=1)
    return np.asarray(matrix[:, : parameters.n_mfcc], np.float32)


def to_hops(waveforms: Tensor, hop_length: int) -> Tensor:
    """Cuts `(batch, samples)` into `(batch, hops, hop_length)`, the last hop filled with zeros."""
    batch, samples = waveforms.shape
    if samples is None or samples % hop_length or samples == 0:
        size = tf.shape(waveforms)[1]
        missing = tf.maximum(size, 1) + hop_length - 1
        missing = missing // hop_length * hop_length - size
        waveforms = tf.pad(waveforms, [[0, 0], [0, missing]])
        count = tf.shape(waveforms)[1] // hop_length
    else:
        count = samples // hop_length
    rows = tf.shape(waveforms)[0] if batch is None else batch
    return tf.reshape(waveforms, [rows, count, hop_length])


def to_frames(hops: Tensor, history: Tensor) -> Tensor:
    """Returns what each step sees: `(batch, steps, n_fft)`.

    Args:
        hops: the sound, `(batch, steps, hop_length)`.
        history: the samples before it, `(batch, n_fft - hop_length)`; zeros at the beginning.
    """
    hop_length, steps = hops.shape[2], hops.shape[1]
    past = history.shape[1] // hop_length
    if past == 0:
        return hops
    if steps == 1:
        return tf.concat([history[:, None, :], hops], axis=2)
    before = tf.reshape(history, [-1, past, hop_length])
    every = tf.concat([before, hops], axis=1)
    last = tf.shape(hops)[1] if steps is None else steps
    return tf.concat([every[:, i : i + last] for i in range(past + 1)], axis=2)


def frames_to_mfcc(
    frames: Tensor, parameters: MfccParameters, dtype: Any, by_products: bool = False
) -> Tensor:
    """Returns the coefficients `(batch, steps, n_mfcc)` of frames `(batch, steps, n_fft)`.

    Args:
        frames: samples from -1 to 1.
        parameters: of the front end.
        dtype: of the transform. TensorFlow's own float32 transform errs by more than a quiet band
            beside a loud one may hold, so it wants float64; TensorFlow Lite takes float32 and
            works in double precision inside.
        by_products: whether the transform is made of matrix products, for runtimes that have no
            other; all shapes but the batch must be known.
    """
    windowed = tf.cast(frames, dtype) * tf.constant(window(parameters), dtype)
    if by_products:
        power = power_spectrum(windowed)
        filters = weights_in_order(mel_filters(parameters), parameters.n_fft)
    else:
        spectrum = tf.signal.rfft(windowed)
        power = tf.square(tf.math.real(spectrum)) + tf.square(tf.math.imag(spectrum))
        filters = mel_filters(parameters)
    bands = weighted(tf.cast(power, tf.float32), filters)
    decibels = (10 / math.log(10)) * tf.math.log(tf.maximum(bands, parameters.floor))
    return tf.matmul(decibels, tf.constant(dct_matrix(parameters)))


def has_sound(hops: Tensor) -> Tensor:
    """Returns which hops hold a sample that is not 0, booleans `(batch, steps)`.

    A hop of digital silence is no sound: what a batch is padded with, and what some recordings end
    with. A network passes over it.
    """
    return tf.reduce_max(tf.abs(hops), axis=2) > 0


@keras.saving.register_keras_serializable(package="recur")
class Mfcc(keras.layers.Layer):
    """MFCC of waveforms; `common.audio.standardize.HasSound` makes the mask that goes with them.

    Args:
        parameters: `MfccParameters` or a dictionary of its fields.

    Call arguments:
        waveforms: samples from -1 to 1, `(batch, samples)`.

    Returns:
        `(batch, ceil(samples / hop_length), n_mfcc)` float32, whatever the dtype policy.
    """

    def __init__(self, parameters: Any = None, **kwargs: Any) -> None:
        kwargs["dtype"] = "float32"
        super().__init__(**kwargs)
        if isinstance(parameters, dict):
            parameters = MfccParameters(**parameters)
        self.parameters: MfccParameters = parameters or MfccParameters()

    def call(self, waveforms: Any) -> Any:
        hops = to_hops(waveforms, self.parameters.hop_length)
        history = tf.zeros([tf.shape(hops)[0], self.parameters.history], hops.dtype)
        frames = to_frames(hops, tf.ensure_shape(history, [None, self.parameters.history]))
        return frames_to_mfcc(frames, self.parameters, tf.float64)

    def compute_output_shape(self, waveforms_shape: Any) -> tuple[int | None, ...]:
        batch, samples = waveforms_shape
        hops = None if samples is None else self.parameters.hops(samples)
        return (batch, hops, self.parameters.n_mfcc)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "parameters": self.parameters.to_json()}
