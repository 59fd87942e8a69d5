"""`python -m common.benchmark.fused_lstm`: write an LSTM as the fused kernel of TensorFlow Lite.

Keras 3 gives the converter a loop. Keras 2, which lives on as tf_keras, marks its LSTM as one
function, which becomes one operator. tf_keras replaces the Keras of TensorFlow for the whole
process, so this is a process of its own, with the folder of tf_keras in PYTHONPATH.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

FUSED = "UNIDIRECTIONAL_SEQUENCE_LSTM"


def convert(weights: Path, timesteps: int) -> bytes:
    """Returns the float32 file of an LSTM for batch 1, which answers with its last output.

    Its state stays in the interpreter from call to call, so only the first answer is that of a
    sequence by itself.

    Args:
        weights: NumPy archive with `kernel` `(features, 4 * units)`, `recurrent_kernel`
            `(units, 4 * units)` and `bias` `(4 * units,)`, as in Keras 2 and 3.
        timesteps: length of the sequence.

    Raises:
        RuntimeError: the converter made no fused operator.
    """
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    import tensorflow as tf

    from common.export.operators import subgraph_operators

    with np.load(weights) as archive:
        values = [archive[name] for name in ("kernel", "recurrent_kernel", "bias")]
    features, units = values[0].shape[0], values[1].shape[0]
    layer = tf.keras.layers.LSTM(units)
    model = tf.keras.Sequential([tf.keras.Input((timesteps, features), batch_size=1), layer])
    layer.set_weights(values)
    content = bytes(tf.lite.TFLiteConverter.from_keras_model(model).convert())
    found = subgraph_operators(content)
    if len(found) != 1 or found[0][FUSED] != 1:
        raise RuntimeError(f"the converter made {found} of an LSTM, not one {FUSED}")
    return content


if __name__ == "__main__":
    given, length, target = sys.argv[1:]
    Path(target).write_bytes(convert(Path(given), int(length)))
