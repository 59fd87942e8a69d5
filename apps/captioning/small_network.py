"""A small convolutional network of our own, trained from nothing: for drawings, not photographs.

3 x 3 convolutions of four widths, the first three of which halve the sides; then each place is told
where it is, and sees most of the picture: residual convolutions (He et al., "Deep Residual Learning
for Image Recognition", CVPR 2016) whose taps lie further and further apart (Yu and Koltun,
"Multi-Scale Context Aggregation by Dilated Convolutions", ICLR 2016). Captions say what is to the
left of what; convolutions alone see what is there, and hardly where. Batch normalisation is folded
into the convolutions in exported files.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

_CHANNELS = (24, 48, 64, 96)
# Of 12 x 12 places, each knows of those up to 10 rows or columns away.
_DILATIONS = (2, 4)


@keras.saving.register_keras_serializable(package="recur")
class Coordinates(keras.layers.Layer):
    """Adds to a map how far right and how far down each place is, both from -1 to 1.

    After Liu et al., "An Intriguing Failing of Convolutional Neural Networks and the CoordConv
    Solution" (NeurIPS 2018).

    Call arguments:
        x: `(batch, rows, columns, channels)`.

    Returns:
        `(batch, rows, columns, channels + 2)`.
    """

    def call(self, x: Any) -> Any:
        _, rows, columns, _ = x.shape
        right, down = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows))
        where = tf.constant(np.stack([right, down], -1)[None], x.dtype)
        return tf.concat([x, tf.tile(where, [tf.shape(x)[0], 1, 1, 1])], -1)

    def compute_output_shape(self, shape: Any) -> Any:
        return (*shape[:-1], shape[-1] + 2)


def small_network(size: int) -> keras.Model:
    """Builds the network.

    Args:
        size: sides of the pictures, in pixels.

    Returns:
        From pixels `(batch, size, size, 3)`, -1 to 1, to features `(batch, rows, columns, 96)`;
        rows and columns are an eighth of `size`, rounded up.
    """
    x = pixels = keras.Input((size, size, 3))
    for index, channels in enumerate(_CHANNELS[:-1]):
        x = _convolution(f"{index}a", channels, strides=2)(x)
        x = _convolution(f"{index}b", channels)(x)
    x = _convolution("3a", _CHANNELS[-1])(x)
    x = Coordinates(name="coordinates")(x)
    x = keras.layers.Conv2D(_CHANNELS[-1], 1, name="placed")(x)
    for dilation in _DILATIONS:
        context = _convolution(f"context_{dilation}", _CHANNELS[-1], dilation=dilation)(x)
        x = keras.layers.Add(name=f"sum_{dilation}")([x, context])
    return keras.Model(pixels, x, name="small")


def _convolution(name: str, channels: int, strides: int = 1, dilation: int = 1) -> Any:
    convolution = keras.layers.Conv2D(
        *(channels, 3, strides, "same"),
        dilation_rate=dilation,
        use_bias=False,
        name=f"convolution_{name}",
    )
    normalization = keras.layers.BatchNormalization(momentum=0.97, name=f"normalization_{name}")
    activation = keras.layers.ReLU(name=f"activation_{name}")
    return lambda x: activation(normalization(convolution(x)))
