"""Layers between the MFCC and the network: which steps are sound, and values of one size."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from common.audio.mfcc import has_sound, to_hops


@keras.saving.register_keras_serializable(package="recur")
class HasSound(keras.layers.Layer):
    """The mask of waveforms `(batch, samples)`: False where a hop is digital silence.

    Args:
        hop_length: samples of a hop.

    Returns:
        Booleans `(batch, ceil(samples / hop_length))`.
    """

    def __init__(self, hop_length: int, **kwargs: Any) -> None:
        kwargs["dtype"] = "float32"
        super().__init__(**kwargs)
        self.hop_length = hop_length

    def call(self, waveforms: Any) -> Any:
        return has_sound(to_hops(waveforms, self.hop_length))

    def compute_output_spec(self, waveforms: Any) -> keras.KerasTensor:
        batch, samples = waveforms.shape
        hops = None if samples is None else max(1, -(-samples // self.hop_length))
        return keras.KerasTensor((batch, hops), "bool")

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "hop_length": self.hop_length}


@keras.saving.register_keras_serializable(package="recur")
class Standardize(keras.layers.Layer):
    """`(x - mean) / deviation`, cut at some deviations so that int8 has a range to count on.

    Args:
        limit: the largest value, in deviations.

    Call arguments:
        features: `(batch, timesteps, n)`.
    """

    def __init__(self, limit: float = 4.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True
        self.limit = limit

    def build(self, features_shape: Any) -> None:
        size = (features_shape[-1],)
        self.mean = self.add_weight(shape=size, initializer="zeros", trainable=False, name="mean")
        self.deviation = self.add_weight(
            shape=size, initializer="ones", trainable=False, name="deviation"
        )

    def adapt(self, features: Any) -> None:
        """Takes mean and deviation from examples `(n, features)`."""
        if not self.built:
            self.build((None, features.shape[-1]))
        self.mean.assign(np.mean(features, axis=0))
        self.deviation.assign(np.maximum(np.std(features, axis=0), 1e-3))

    def call(self, features: Any) -> Any:
        mean, deviation = (tf.convert_to_tensor(w) for w in (self.mean, self.deviation))
        values = (features - mean) * (1 / deviation)
        return tf.clip_by_value(values, -self.limit, self.limit)

    def compute_output_shape(self, features_shape: Any) -> Any:
        return features_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "limit": self.limit}
