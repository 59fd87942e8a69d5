"""The encoder: a sentence in ids to a memory with a place for each of its pieces.

x_0 = E[ids]                                            for l = 1 ... depth:
x_l = x_{l-1} + W_l [forwards_l(x_{l-1}), backwards_l(x_{l-1})] + b_l
"""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from common.generation.recurrence import LAYERS, recurrent_layer
from common.text.vocabulary import PAD_ID


@keras.saving.register_keras_serializable(package="recur")
class SentenceEncoder(keras.layers.Layer):
    """Recurrent layers that read a sentence in both directions, each added to what it read.

    Args:
        pieces: size of the vocabulary.
        units: size of a state.
        embedding: size of a piece's vector and of the memory.
        depth: number of layers, each of both directions.
        dropout: share of values dropped in training.
        layer: "recur", or for comparison "gru" or "lstm".

    Call arguments:
        ids: `(batch, timesteps)`.

    Returns:
        The memory `(batch, timesteps, embedding)` and its mask `(batch, timesteps)`.
    """

    def __init__(
        self,
        pieces: int,
        units: int,
        embedding: int,
        depth: int = 2,
        dropout: float = 0.0,
        layer: str = "recur",
        **kwargs: Any,
    ) -> None:
        if layer not in LAYERS:
            raise ValueError(f"layer must be one of {LAYERS}, got {layer!r}.")
        super().__init__(**kwargs)
        self.pieces, self.units, self.embedding = pieces, units, embedding
        self.depth, self.dropout, self.layer = depth, dropout, layer
        self.forwards, self.backwards = (
            [
                recurrent_layer(layer, units, name=f"{name}_{i}", go_backwards=name == "backwards")
                for i in range(depth)
            ]
            for name in ("forwards", "backwards")
        )
        self.joins = [keras.layers.Dense(embedding, name=f"join_{i}") for i in range(depth)]
        self.drop = keras.layers.Dropout(dropout)

    def build(self, ids_shape: Any) -> None:
        initializer = keras.initializers.RandomNormal(stddev=self.embedding**-0.5)
        self.embeddings = self.add_weight(
            shape=(self.pieces, self.embedding), initializer=initializer, name="embeddings"
        )
        for layer in (*self.forwards, *self.backwards):
            layer.build((None, None, self.embedding))
        for join in self.joins:
            join.build((None, None, 2 * self.units))

    def call(self, ids: Any, training: bool = False) -> tuple[Any, Any]:
        mask = tf.not_equal(ids, PAD_ID)
        x = tf.gather(tf.convert_to_tensor(self.embeddings), ids)
        x = self.drop(x, training=training)
        for forwards, backwards, join in zip(
            self.forwards, self.backwards, self.joins, strict=True
        ):
            ahead, behind = (
                layer(x, mask=mask, training=training)[0] for layer in (forwards, backwards)
            )
            joined = join(tf.concat([ahead, tf.reverse(behind, [1])], -1))
            x += self.drop(joined, training=training)
        return x, mask

    def compute_output_shape(self, ids_shape: Any) -> Any:
        return (*ids_shape, self.embedding), tuple(ids_shape)

    def get_config(self) -> dict[str, Any]:
        names = ("pieces", "units", "embedding", "depth", "dropout", "layer")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
