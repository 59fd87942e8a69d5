"""The decoder of every generator: recurrent layers that attend to a memory and spell a sentence.

With `y_{t-1}` the token before, `M` the memory (an encoded sentence, the places of a photograph):

    e_t      = E[y_{t-1}]
    q_t      = cell_1(e_t, q_{t-1})
    a_t      = softmax((M W_k) (W_q q_t) / sqrt(n))     for each head
    v_t      = a_t (M W_v)
    r_t      = cell_2([q_t, v_t], r_{t-1})
    o_t      = tanh(W_o [q_t + r_t, v_t] + b_o)
    logits_t = E o_t + b

The attention is that of Luong et al. ("Effective Approaches to Attention-based Neural Machine
Translation", EMNLP 2015) with several heads and scaled as by Vaswani et al. ("Attention Is All You
Need", NeurIPS 2017). It looks from the first layer, whose states need no attention, so that in
training every layer runs over the whole sentence at once; the layers above know what was attended
to before (Chen et al., "The Best of Both Worlds", ACL 2018, do the same). `E` is the table of the
inputs and of the outputs (Press and Wolf, "Using the Output Embedding to Improve Language Models",
EACL 2017).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from common.generation.recurrence import LAYERS, recurrent_layer, run_from, state_names

Tensor = Any

# What attention needs of a memory, by name.
KEYS, VALUES, ABSENT = "keys", "values", "absent"
# What is added to the attention of a place that is not there.
_ABSENT = -1e9


@keras.saving.register_keras_serializable(package="recur")
class AttentionDecoder(keras.layers.Layer):
    """Tokens and a memory to the logits of the next tokens.

    One function, `decode`, serves training (all steps of a sentence at once), search and export
    (one step at a time).

    Args:
        pieces: size of the vocabulary.
        units: size of the states and of the memory's keys and values.
        embedding: size of a token's vector.
        depth: number of recurrent layers, two at least.
        heads: of the attention; `units` is a multiple of it.
        dropout: share of values dropped in training between the layers.
        layer: "recur", or for comparison "gru" or "lstm".

    Call arguments:
        previous: ids `(batch, timesteps)`, each the token before the one to predict.
        memory: encoded input `(batch, places, features)`.
        mask: booleans `(batch, places)`, which places are there.

    Returns:
        Features `(batch, timesteps, embedding)`, from which `logits` makes those of the tokens.
    """

    def __init__(
        self,
        pieces: int,
        units: int,
        embedding: int,
        depth: int = 2,
        heads: int = 4,
        dropout: float = 0.0,
        layer: str = "recur",
        **kwargs: Any,
    ) -> None:
        if layer not in LAYERS:
            raise ValueError(f"layer must be one of {LAYERS}, got {layer!r}.")
        if depth < 2 or units % heads:
            raise ValueError(
                f"need 2 layers at least and units a multiple of heads, got depth {depth}, "
                f"units {units}, heads {heads}."
            )
        super().__init__(**kwargs)
        self.pieces, self.units, self.embedding = pieces, units, embedding
        self.depth, self.heads, self.dropout, self.layer = depth, heads, dropout, layer
        self.recurrent = [recurrent_layer(layer, units, name=f"decoder_{i}") for i in range(depth)]
        self.first = {
            name: keras.layers.Dense(units, activation="tanh", name=f"first_{name}")
            for name in self.state_names
        }
        self.query, self.key, self.value = (
            keras.layers.Dense(units, name=name) for name in ("query", "key", "value")
        )
        self.output_layer = keras.layers.Dense(embedding, activation="tanh", name="output")
        self.drop = keras.layers.Dropout(dropout)

    @property
    def state_names(self) -> list[str]:
        """Names of the states, first layer first."""
        return [name for layer in self.recurrent for name in state_names(layer)]

    def build(self, previous_shape: Any, memory_shape: Any, mask_shape: Any = None) -> None:
        features, units = memory_shape[-1], self.units
        initializer = keras.initializers.RandomNormal(stddev=self.embedding**-0.5)
        self.embeddings = self.add_weight(
            shape=(self.pieces, self.embedding), initializer=initializer, name="embeddings"
        )
        self.bias = self.add_weight(shape=(self.pieces,), initializer="zeros", name="bias")
        for dense in (*self.first.values(), self.key, self.value):
            dense.build((None, features))
        self.query.build((None, None, units))
        for index, layer in enumerate(self.recurrent):
            layer.build((None, None, self.embedding if index == 0 else 2 * units))
        self.output_layer.build((None, None, 2 * units))

    def call(
        self, previous: Tensor, memory: Tensor, mask: Tensor | None = None, training: bool = False
    ) -> Tensor:
        states = self.first_states(memory, mask)
        remembered = self.remember(memory, mask)
        return self.decode(previous, states, remembered, training)[0]

    def first_states(self, memory: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        """Returns the states before the first token, `(batch, units)`: made of the mean memory."""
        if mask is None:
            mean = tf.reduce_mean(memory, axis=1)
        else:
            there = tf.cast(mask, memory.dtype)[:, :, None]
            count = tf.maximum(tf.reduce_sum(there, axis=1), 1)
            mean = tf.reduce_sum(memory * there, axis=1) / count
        return {name: dense(mean) for name, dense in self.first.items()}

    def remember(self, memory: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        """Returns what attention needs of a memory at every step.

        Returns:
            `keys` and `values`, `(batch, places, units)`, and `absent` `(batch, places)`: 0 where a
            place is there, a very negative number where it is not.
        """
        absent = tf.zeros_like(memory[:, :, 0])
        if mask is not None:
            absent += (1 - tf.cast(mask, memory.dtype)) * _ABSENT
        return {KEYS: self.key(memory), VALUES: self.value(memory), ABSENT: absent}

    def decode(
        self,
        previous: Tensor,
        states: Mapping[str, Tensor],
        remembered: Mapping[str, Tensor],
        training: bool = False,
    ) -> tuple[Tensor, dict[str, Tensor], Tensor]:
        """Takes one step or many.

        Args:
            previous: ids `(batch, timesteps)`, each the token before the one to predict.
            states: of `first_states` or of the call before.
            remembered: of `remember`.
            training: whether values are dropped.

        Returns:
            Features `(batch, timesteps, embedding)`, the new states, and where the decoder looked,
            `(batch, timesteps, places)`: the mean of the heads, its sum over places is 1.
        """
        embedded = tf.gather(tf.convert_to_tensor(self.embeddings), previous)
        embedded = self.drop(embedded, training=training)
        outputs, new = run_from(self.recurrent[0], embedded, states, training)
        seen, weights = self._attend(self.query(outputs), remembered)
        joined = tf.concat([outputs, seen], -1)
        for layer in self.recurrent[1:]:
            inputs = self.drop(joined, training=training)
            more, own = run_from(layer, inputs, states, training)
            outputs, new = outputs + more, {**new, **own}
            joined = tf.concat([outputs, seen], -1)
        features = self.output_layer(self.drop(joined, training=training))
        return self.drop(features, training=training), new, weights

    def _attend(self, query: Tensor, remembered: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
        keys, values = (self._split(remembered[name]) for name in (KEYS, VALUES))
        size = self.units // self.heads
        scores = tf.matmul(self._split(query) * size**-0.5, keys, transpose_b=True)
        weights = tf.nn.softmax(scores + remembered[ABSENT][:, None, None, :])
        seen = tf.transpose(tf.matmul(weights, values), [0, 2, 1, 3])
        shape = tf.shape(query)
        return tf.reshape(seen, [shape[0], shape[1], self.units]), tf.reduce_mean(weights, axis=1)

    def _split(self, x: Tensor) -> Tensor:
        """`(batch, n, units)` to `(batch, heads, n, units / heads)`."""
        shape = tf.shape(x)
        x = tf.reshape(x, [shape[0], shape[1], self.heads, self.units // self.heads])
        return tf.transpose(x, [0, 2, 1, 3])

    def logits(self, features: Tensor) -> Tensor:
        """Returns the logits `(..., pieces)` of features `(..., embedding)`."""
        table = tf.convert_to_tensor(self.embeddings)
        shape = tf.shape(features)
        rows = tf.matmul(tf.reshape(features, [-1, self.embedding]), table, transpose_b=True)
        rows += tf.convert_to_tensor(self.bias)
        return tf.reshape(rows, tf.concat([shape[:-1], [self.pieces]], 0))

    def compute_mask(self, *arguments: Any, **keywords: Any) -> None:
        return None

    def compute_output_shape(self, previous_shape: Any, *_: Any, **__: Any) -> Any:
        return (*previous_shape, self.embedding)

    def get_config(self) -> dict[str, Any]:
        names = ("pieces", "units", "embedding", "depth", "heads", "dropout", "layer")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
