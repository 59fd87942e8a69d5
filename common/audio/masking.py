"""A layer that hides parts of what a network hears in training."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable(package="recur")
class FeatureMasking(keras.layers.Layer):
    """Replaces features, and stretches of time, by 0 in training.

    After Park et al., "SpecAugment: A Simple Data Augmentation Method for Automatic Speech
    Recognition", Interspeech 2019, with two differences. The features need not be frequency bands:
    of cepstral coefficients it hides neighbours, which is detail of one fineness. And the share of
    time is that of all stretches together. Features should be standardised, so that 0 is their
    mean.

    Args:
        feature_masks: number of bands of neighbouring features to hide; they may overlap.
        feature_width: most features of a band; the number is drawn from 0 on.
        time_masks, time_width: the same of stretches of time, in steps.
        time_share: largest share of an example's real steps that its stretches hide, together.
        seed: of the draws, which each example has its own of.

    Call arguments:
        inputs: `(batch, timesteps, features)` floats.
        mask: `(batch, timesteps)` booleans, which steps are real; all, if there is none. A stretch
            is one of real steps; a hidden step stays a real one.

    Raises:
        ValueError: a number or width below 0, or a share that is not from 0 to 1.
    """

    def __init__(
        self,
        feature_masks: int = 0,
        feature_width: int = 0,
        time_masks: int = 0,
        time_width: int = 0,
        time_share: float = 0.2,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        if min(feature_masks, feature_width, time_masks, time_width) < 0:
            raise ValueError("numbers and widths of masks must be 0 at least")
        if not 0 <= time_share <= 1:
            raise ValueError(f"time_share must be from 0 to 1, got {time_share!r}")
        super().__init__(**kwargs)
        self.feature_masks, self.feature_width = feature_masks, feature_width
        self.time_masks, self.time_width, self.time_share = time_masks, time_width, time_share
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None, training: bool = False) -> Any:
        if not training:
            return inputs
        batch, steps, features = tf.unstack(tf.shape(inputs))
        if self.feature_masks and self.feature_width:
            widest = tf.fill([batch], tf.minimum(self.feature_width, features))
            places = tf.range(features)[None]
            hidden = self._hidden(places, tf.fill([batch], features), self.feature_masks, widest)
            inputs = _without(inputs, hidden[:, None, :])
        if self.time_masks and self.time_width:
            real = tf.ones([batch, steps], tf.int32) if mask is None else tf.cast(mask, tf.int32)
            count = tf.reduce_sum(real, axis=1)
            share = self.time_share / self.time_masks
            widest = tf.cast(tf.floor(share * tf.cast(count, tf.float32)), tf.int32)
            widest = tf.minimum(widest, self.time_width)
            # Steps that are not real have the place of the one before; it does not matter.
            places = tf.cumsum(real, axis=1) - 1
            hidden = self._hidden(places, count, self.time_masks, widest)
            inputs = _without(inputs, hidden[:, :, None])
        return inputs

    def _hidden(self, places: Any, size: Any, number: int, widest: Any) -> Any:
        """Returns which places some mask covers, as `places`.

        Args:
            places: `(batch or 1, n)`, counted from 0.
            size: how many there are, `(batch,)`.
            number: of masks.
            widest: of all widths, which are drawn from 0 to it, `(batch,)`.
        """
        shape = [tf.shape(size)[0], number]
        width = self._integers(shape, widest[:, None])
        start = self._integers(shape, size[:, None] - width)
        place = places[:, :, None]
        return tf.reduce_any((place >= start[:, None]) & (place < (start + width)[:, None]), axis=2)

    def _integers(self, shape: Any, most: Any) -> Any:
        """Returns integers from 0 to `most`, which is among them."""
        draws = keras.random.uniform(shape, dtype="float32", seed=self.seed_generator)
        return tf.cast(tf.floor(draws * tf.cast(most + 1, tf.float32)), tf.int32)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        names = ("feature_masks", "feature_width", "time_masks", "time_width", "time_share", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def _without(inputs: Any, hidden: Any) -> Any:
    return tf.where(hidden, tf.zeros([], inputs.dtype), inputs)
