"""The network of every generator: an encoder of the input, a decoder that attends to it.

input -> encoder -> memory -> decoder -> sentence
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from common.generation.decoder import AttentionDecoder
from common.generation.loss import token_crossentropy
from common.generation.search import Sentences, search
from common.recurrent.layer import unfolded_as
from common.text.vocabulary import PAD_ID


@keras.saving.register_keras_serializable(package="recur")
class Generator(keras.Model):
    """An encoder and a decoder.

    Args:
        encoder: a layer from a batch of inputs to a memory `(batch, places, features)` and a mask
            of it, booleans `(batch, places)` or None.
        decoder: of the sentences.

    Call arguments:
        inputs: what the encoder takes, and ids `(batch, timesteps)`, each the token before the one
            to predict; then, if several sentences have one input, its row for each sentence,
            `(batch,)`.

    Returns:
        Features `(batch, timesteps, embedding)`, from which `decoder.logits` makes logits.
    """

    def __init__(self, encoder: Any, decoder: AttentionDecoder, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.encoder, self.decoder = encoder, decoder

    def call(self, inputs: Any, training: bool = False) -> Any:
        given, previous, *owners = inputs
        memory, mask = self.encoder(given, training=training)
        if owners:
            memory = tf.gather(memory, owners[0])
            mask = None if mask is None else tf.gather(mask, owners[0])
        return self.decoder(previous, memory, mask, training=training)

    def start(self, given: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Encodes inputs; returns the decoder's first states, and what it remembers."""
        memory, mask = self.encoder(given, training=False)
        return self.decoder.first_states(memory, mask), self.decoder.remember(memory, mask)

    def step(
        self, token: Any, states: Mapping[str, Any], remembered: Mapping[str, Any]
    ) -> tuple[Any, dict[str, Any], Any]:
        """One step of the decoder.

        Args:
            token: the last ids, `(batch,)`.
            states: of `start` or of the step before.
            remembered: of `start`.

        Returns:
            The logits of the next tokens `(batch, pieces)`, the new states, and where the decoder
            looked `(batch, places)`.
        """
        with unfolded_as("unrolled"):
            features, new, weights = self.decoder.decode(token[:, None], states, remembered)
        return self.decoder.logits(features[:, 0]), new, weights[:, 0]

    def generate(
        self, given: Any, limits: Any, most: Any, width: int = 1, length_penalty: float = 1.0
    ) -> Sentences:
        """Finds a sentence for each input; see `common.generation.search.search`."""
        states, remembered = self.start(given)
        return search(
            lambda token, states, remembered: self.step(token, states, remembered)[:2],
            states,
            remembered,
            limits,
            most,
            width,
            length_penalty,
        )

    def get_config(self) -> dict[str, Any]:
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "encoder": serialize(self.encoder),
            "decoder": serialize(self.decoder),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Generator:
        parts = {
            name: keras.saving.deserialize_keras_object(config.pop(name))
            for name in ("encoder", "decoder")
        }
        return cls(**parts, **config)

    def build_from_config(self, config: dict[str, Any]) -> None:
        """Builds nothing: the encoder and the decoder have made their weights from their own."""
        self.built = True


class Teacher(keras.Model):
    """Trains a generator with the right token before each: teacher forcing.

    Args:
        network: to train.
        smoothing: of the targets.
        low_precision: see `common.generation.loss.token_crossentropy`.
    """

    def __init__(
        self, network: Generator, smoothing: float = 0.0, low_precision: bool = False
    ) -> None:
        super().__init__()
        self.network, self.smoothing, self.low_precision = network, smoothing, low_precision
        self.loss_mean = keras.metrics.Mean("loss")
        self.nats_mean = keras.metrics.Mean("nats")

    @property
    def metrics(self) -> list[Any]:
        return [self.loss_mean, self.nats_mean]

    def call(self, inputs: Any, training: bool = False) -> Any:
        return self.network(inputs, training=training)

    def _measured(self, data: Any, training: bool) -> tuple[Any, Any]:
        inputs, targets = data
        decoder = self.network.decoder
        features = self.network(inputs, training=training)
        targets = tf.reshape(targets, [-1])
        weights = tf.cast(targets != PAD_ID, tf.float32)
        loss, nats = token_crossentropy(
            tf.reshape(features, [-1, decoder.embedding]),
            tf.convert_to_tensor(decoder.embeddings),
            tf.convert_to_tensor(decoder.bias),
            targets,
            weights,
            self.smoothing,
            self.low_precision and training,
        )
        tokens = tf.reduce_sum(weights)
        self.loss_mean.update_state(loss, tokens)
        self.nats_mean.update_state(nats, tokens)
        return loss, nats

    def train_step(self, data: Any) -> dict[str, Any]:
        with tf.GradientTape() as tape:
            loss, _ = self._measured(data, True)
        variables = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return {metric.name: metric.result() for metric in self.metrics}

    def test_step(self, data: Any) -> dict[str, Any]:
        self._measured(data, False)
        return {metric.name: metric.result() for metric in self.metrics}
