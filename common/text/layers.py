"""Keras layers at the entrance of a network that reads tokens."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from common.text.vocabulary import PAD_ID, UNKNOWN_ID


@keras.saving.register_keras_serializable(package="recur")
class TokenEmbedding(keras.layers.Embedding):
    """`keras.layers.Embedding` with ids looked up as they are, padding masked.

    Keras's own takes negative ids as counted from the end, which costs three operators in every
    exported file and serves nobody who has a vocabulary.
    """

    def __init__(self, input_dim: int, output_dim: int, **kwargs: Any) -> None:
        super().__init__(input_dim, output_dim, **{**kwargs, "mask_zero": True})

    def call(self, inputs: Any) -> Any:
        table = tf.convert_to_tensor(self.embeddings)
        return tf.gather(table, tf.cast(inputs, tf.int32))

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        config.pop("mask_zero")
        return config


@keras.saving.register_keras_serializable(package="recur")
class TokenDropout(keras.layers.Layer):
    """Replaces a share of the tokens by `<UNKNOWN>` in training.

    Without it a vocabulary that holds every training word never trains the vector of the unknown
    word (Iyyer et al., "Deep Unordered Composition Rivals Syntactic Methods for Text
    Classification", ACL 2015, drop words for the same reason).

    Call arguments:
        ids: `(batch, timesteps)` integers; padding is left alone.
    """

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any) -> None:
        if not 0 <= rate < 1:
            raise ValueError(f"rate must be at least 0 and less than 1, got {rate!r}.")
        super().__init__(**kwargs)
        self.rate, self.seed = rate, seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, ids: Any, training: bool = False) -> Any:
        if not training or self.rate == 0:
            return ids
        drop = keras.random.uniform(tf.shape(ids), seed=self.seed_generator) < self.rate
        return tf.where(drop & (ids != PAD_ID), tf.constant(UNKNOWN_ID, ids.dtype), ids)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
