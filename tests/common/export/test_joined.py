"""A function in int8 in front of one in float with a loop: one file, types, answers, refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from common.export.errors import ExportError
from common.export.operators import subgraph_operators
from common.export.tflite import convert_joined
from common.recurrent.layer import Recur, unfolded_as

PIXELS = tf.TensorSpec([1, 12, 12, 3], tf.uint8, "pixels")
FEATURES = tf.TensorSpec([1, 6, 6, 8], tf.float32, "features")
rng = np.random.default_rng(2)


@cache
def parts() -> tuple[keras.Model, Recur]:
    """A convolutional network and a layer that reads its rows, with random weights."""
    keras.utils.set_random_seed(4)
    x = given = keras.Input((12, 12, 3))
    x = keras.layers.Conv2D(16, 3, 2, "same", activation="relu")(x)
    network = keras.Model(given, keras.layers.Conv2D(8, 3, 1, "same")(x))
    layer = Recur(24)
    layer.build((None, None, 48))
    layer.set_weights([rng.normal(0, 0.4, weight.shape) for weight in layer.weights])
    return network, layer


def front(pixels: Any) -> Mapping[str, Any]:
    return {"features": parts()[0](tf.cast(pixels, tf.float32) / 127.5 - 1)}


def network(features: Any) -> Mapping[str, Any]:
    with unfolded_as("loop"):
        return {"last": parts()[1](tf.reshape(features, [1, 6, 48]))}


def pictures(count: int, seed: int = 0) -> Any:
    """Returns pictures `(count, 1, 12, 12, 3)`: batches of one."""
    shape = (count, 1, 12, 12, 3)
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def examples() -> Iterator[Mapping[str, Any]]:
    return ({"pixels": one} for one in pictures(40, seed=1))


def joined(
    first: Callable[..., Any] = front, spec: tf.TensorSpec = PIXELS, **changed: Any
) -> bytes:
    arguments: dict[str, Any] = {
        "calibration": examples,
        "network": (network, [FEATURES]),
        "variables": [weight.value for part in parts() for weight in part.weights],
        **changed,
    }
    return convert_joined((first, [spec]), artefact="int8", signature="run", **arguments)


@pytest.fixture(scope="module")
def model() -> bytes:
    return joined()


def types_of(model: bytes, shape: tuple[int, ...]) -> set[str]:
    """Returns the types of all tensors of a shape, those in loops among them."""
    interpreter = Interpreter(model_content=model)
    interpreter.allocate_tensors()
    count = len(subgraph_operators(model))
    details = [d for i in range(count) for d in interpreter.get_tensor_details(i)]
    return {np.dtype(d["dtype"]).name for d in details if tuple(d["shape"]) == shape}


def test_it_answers_as_both_do(model: bytes) -> None:
    interpreter = Interpreter(model_content=model)
    assert interpreter.get_signature_list() == {"run": {"inputs": ["pixels"], "outputs": ["last"]}}
    run = interpreter.get_signature_runner("run")
    for pixels in pictures(20):
        expected = network(**front(pixels))["last"]
        np.testing.assert_allclose(run(pixels=pixels)["last"], expected, atol=0.06)
        # Of another picture it is far.
        other = network(**front(255 - pixels))["last"]
        assert np.abs(run(pixels=pixels)["last"] - other).max() > 0.3


def test_weights_of_the_first_are_in_8_bits_those_of_the_second_are_not(model: bytes) -> None:
    assert types_of(model, (16, 3, 3, 3)) == {"int8"}
    assert types_of(model, (8, 3, 3, 16)) == {"int8"}
    recurrent = [tuple(w.shape) for w in parts()[1].weights if len(w.shape) == 2]
    assert recurrent == [(48, 24), (24, 24)]
    for shape in recurrent:
        assert types_of(model, shape) | types_of(model, shape[::-1]) == {"float32"}
    # What flows between the convolutions is int8, what the second gets is float as well.
    assert "int8" in types_of(model, (1, 6, 6, 16))
    assert types_of(model, (1, 6, 6, 8)) == {"int8", "float32"}


def test_the_loop_stays_a_loop(model: bytes) -> None:
    operators = subgraph_operators(model)
    assert len(operators) == 3  # the whole, condition and body
    assert "WHILE" in operators[0]


def test_ranges_are_those_of_the_examples() -> None:
    # Measured on black pictures alone, other ones are cut off.
    black = joined(calibration=lambda: [{"pixels": np.zeros((1, 12, 12, 3), np.uint8)}] * 3)
    run = Interpreter(model_content=black).get_signature_runner("run")
    differences = [
        np.abs(run(pixels=one)["last"] - network(**front(one))["last"]).max() for one in pictures(5)
    ]
    assert max(differences) > 0.1


def test_a_free_axis_is_refused() -> None:
    with pytest.raises(ExportError, match="'pixels' has shape"):
        joined(spec=tf.TensorSpec([None, 12, 12, 3], tf.uint8, "pixels"))
    with pytest.raises(ExportError, match="'features' has shape"):
        free = tf.TensorSpec([1, None, 6, 8], tf.float32, "features")
        joined(network=(network, [free]))


def test_parts_that_do_not_meet_are_refused() -> None:
    with pytest.raises(ExportError, match="no output of the front end"):
        joined(lambda pixels: {"map": front(pixels)["features"]})
