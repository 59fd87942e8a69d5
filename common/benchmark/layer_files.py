"""TFLite files of one recurrent layer: ours in its forms, Keras's, and the fused LSTM."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from common.export.tflite import convert
from common.recurrent.cell import RecurCell
from common.recurrent.layer import Recur, unfolded_as

ROOT = Path(__file__).resolve().parents[2]
TF_KERAS = ROOT / ".cache" / "bench"
LOOP, UNROLLED, INT8 = "Recur, loop", "Recur, unrolled", "Recur, unrolled, int8"
FUSED = "fused LSTM"
_EXAMPLES = 50


@dataclass(frozen=True)
class Sizes:
    """One sequence `(1, timesteps, features)` in, the last output `(1, units)` out."""

    timesteps: int
    features: int
    units: int

    def __str__(self) -> str:
        return f"T {self.timesteps}, D {self.features}, H {self.units}"


@dataclass(frozen=True)
class LayerFile:
    """A TFLite file, and what its layer answers.

    Attributes:
        content: the TFLite file; empty where it cannot be had.
        expected: what the layer gives in Keras for `sequence(sizes)`, `(1, units)`.
        missing: why there is no file.
    """

    content: bytes
    expected: NDArray[np.float32]
    missing: str = ""


def sequence(sizes: Sizes, seed: int = 0) -> NDArray[np.float32]:
    """Returns a sequence of standard normal numbers, `(1, timesteps, features)`."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(1, sizes.timesteps, sizes.features)).astype(np.float32)


# The form and the precision of ours.
OURS = {
    LOOP: ("loop", "float32"),
    UNROLLED: ("unrolled", "float32"),
    INT8: ("unrolled", "int8"),
}
_KERAS: Mapping[str, Callable[[int], Any]] = {
    "SimpleRNN": keras.layers.SimpleRNN,
    "GRU": keras.layers.GRU,
    "LSTM": keras.layers.LSTM,
}


def make_files(sizes: Sizes, tf_keras: Path = TF_KERAS) -> Iterator[tuple[str, LayerFile]]:
    """Yields the file of every contestant with its name.

    Args:
        sizes: of the layer.
        tf_keras: folder with tf_keras, which the fused LSTM needs.
    """
    ours = build(Recur, sizes)
    expected = _answer(build(lambda units: keras.layers.RNN(RecurCell(units)), sizes), sizes)
    for name, (form, precision) in OURS.items():
        yield name, LayerFile(layer_file(ours, sizes, form, precision), expected)
    for name, make in _KERAS.items():
        model = build(make, sizes)
        yield name, LayerFile(layer_file(model, sizes), _answer(model, sizes))
    expected = _answer(model, sizes)
    try:
        yield FUSED, LayerFile(fused_file(model, sizes, tf_keras), expected)
    except FileNotFoundError as error:
        yield FUSED, LayerFile(b"", expected, str(error))


def build(make: Callable[[int], Any], sizes: Sizes) -> Any:
    """Returns a model of one layer with random weights, biases too.

    Args:
        make: from the number of units to the layer.
        sizes: of the layer.
    """
    given = keras.Input((sizes.timesteps, sizes.features), batch_size=1)
    model = keras.Sequential([given, make(sizes.units)])
    rng = np.random.default_rng(1)
    scale = 1 / np.sqrt(sizes.features + sizes.units)
    model.set_weights([rng.normal(scale=scale, size=w.shape) for w in model.weights])
    return model


def layer_file(model: Any, sizes: Sizes, form: str = "loop", precision: str = "float32") -> bytes:
    """Returns the TFLite file of a model as bundles have it.

    Args:
        model: from `build`.
        sizes: of the layer.
        form: how our layer is unfolded; Keras's are loops.
        precision: as in `common.export.tflite.convert`.
    """

    def function(sequence: Any) -> dict[str, Any]:
        with unfolded_as(form):
            return {"output": model(sequence)}

    spec = tf.TensorSpec((1, sizes.timesteps, sizes.features), tf.float32, "sequence")
    return convert(
        function,
        [spec],
        [v.value for v in model.variables],
        artefacts={precision: precision},
        signature="run",
        single_subgraph=form == "unrolled",
        calibration=lambda: ({"sequence": sequence(sizes, 1 + i)} for i in range(_EXAMPLES)),
    )[precision]


def fused_file(model: Any, sizes: Sizes, tf_keras: Path = TF_KERAS) -> bytes:
    """Returns the file of a Keras LSTM's weights in the fused kernel.

    Raises:
        FileNotFoundError: tf_keras is not there.
        RuntimeError: the conversion failed.
    """
    if not (tf_keras / "tf_keras").is_dir():
        raise FileNotFoundError("tf_keras is not there; get it with: make .cache/bench/.installed")
    with tempfile.TemporaryDirectory() as folder:
        weights, file = Path(folder) / "weights.npz", Path(folder) / "lstm.tflite"
        kernel, recurrent_kernel, bias = model.get_weights()
        np.savez(weights, kernel=kernel, recurrent_kernel=recurrent_kernel, bias=bias)
        path = os.pathsep.join([str(ROOT), str(tf_keras)])
        command = [sys.executable, "-m", "common.benchmark.fused_lstm"]
        done = subprocess.run(
            [*command, str(weights), str(sizes.timesteps), str(file)],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"the fused LSTM could not be made: {done.stderr[-2000:]}")
        return file.read_bytes()


def _answer(model: Any, sizes: Sizes) -> NDArray[np.float32]:
    return np.asarray(model(sequence(sizes), training=False))
