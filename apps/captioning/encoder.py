"""The encoder: a picture to a memory with a place for each field of the feature map.

F   = backbone(pixels)                    rows x columns x channels
m_p = normalize(W F_p + b) + P_p          for each place p

`P` is learned: convolutions see what is there, and hardly where.
"""

from __future__ import annotations

from typing import Any, Literal

import keras
import tensorflow as tf

from apps.captioning.backbones import preprocessing
from apps.captioning.settings import SMALL

_COLOURS = 3


@keras.saving.register_keras_serializable(package="recur")
class PictureEncoder(keras.layers.Layer):
    """A convolutional network, and what makes a memory of its features.

    Args:
        backbone: network of `backbones.build_backbone`.
        kind: its name there.
        embedding: size of the memory at each place.
        dropout: share of values dropped in training.
        augment: "none", or "light": pictures are moved and lit otherwise in training.

    Call arguments:
        given: pixels `(batch, size, size, 3)`, 0 to 255, of any type; or what `features` made of
            them.

    Returns:
        The memory `(batch, places, embedding)` and no mask: every place is there.
    """

    def __init__(
        self,
        backbone: keras.Model,
        kind: str,
        embedding: int,
        dropout: float = 0.0,
        augment: Literal["none", "light"] = "none",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.backbone, self.kind = backbone, kind
        self.embedding, self.dropout, self.augment = embedding, dropout, augment
        self.join = keras.layers.Dense(embedding, name="join")
        self.normalize = keras.layers.LayerNormalization(name="normalize")
        self.drop = keras.layers.Dropout(dropout)
        self.changes = [
            keras.layers.RandomTranslation(0.05, 0.05, fill_mode="nearest"),
            keras.layers.RandomBrightness(0.1, value_range=(0, 255)),
            keras.layers.RandomContrast(0.1, value_range=(0, 255)),
        ]

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the feature map."""
        _, rows, columns, _ = self.backbone.output_shape
        return rows, columns

    def build(self, given_shape: Any) -> None:
        channels = self.backbone.output_shape[-1]
        rows, columns = self.grid
        self.join.build((None, None, channels))
        self.normalize.build((None, None, self.embedding))
        self.positions = self.add_weight(
            shape=(rows * columns, self.embedding), initializer="random_normal", name="positions"
        )

    def call(self, given: Any, training: bool = False) -> tuple[Any, None]:
        if given.shape[-1] == _COLOURS:
            given = self.features(given, training)
        channels = self.backbone.output_shape[-1]
        rows, columns = self.grid
        features = tf.reshape(tf.cast(given, tf.float32), [-1, rows * columns, channels])
        memory = self.normalize(self.join(self.drop(features, training=training)))
        return memory + tf.convert_to_tensor(self.positions), None

    def features(self, pixels: Any, training: bool = False) -> Any:
        """Returns the feature map `(batch, rows, columns, channels)` of pixels."""
        pixels = tf.cast(pixels, tf.float32)
        if training and self.augment != "none":
            for change in self.changes:
                pixels = change(pixels, training=True)
        # Statistics of a network that was trained elsewhere stay as they are.
        own = training and self.kind == SMALL
        return self.backbone(preprocessing(self.kind)(pixels), training=own)

    def compute_output_shape(self, given_shape: Any) -> Any:
        rows, columns = self.grid
        return (given_shape[0], rows * columns, self.embedding), None

    def get_config(self) -> dict[str, Any]:
        names = ("kind", "embedding", "dropout", "augment")
        return {
            **super().get_config(),
            **{name: getattr(self, name) for name in names},
            "backbone": keras.saving.serialize_keras_object(self.backbone),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> PictureEncoder:
        backbone = keras.saving.deserialize_keras_object(config.pop("backbone"))
        return cls(backbone, **config)
