"""What TensorFlow Lite Micro lacks is found; what it has gets the name that its resolver knows."""

from __future__ import annotations

from typing import Any

import pytest
import tensorflow as tf

from common.micro.operators import OPERATORS, TYPES, missing_operators, resolver_methods
from tests.common.micro.steps import step_file


def _file(function: Any, *specs: tf.TensorSpec) -> bytes:
    traced = tf.function(function, input_signature=specs).get_concrete_function()
    return bytes(tf.lite.TFLiteConverter.from_concrete_functions([traced]).convert())


def test_weights_in_8_bits_beside_floats() -> None:
    lacking = ["FULLY_CONNECTED of FLOAT32 and INT8"]
    assert missing_operators(step_file("dynamic", units=64)) == lacking


@pytest.mark.parametrize("precision", ["float32", "int8", "int16x8"])
def test_a_step_of_our_cell_needs_nothing_that_is_missing(precision: str) -> None:
    assert missing_operators(step_file(precision)) == []


def test_an_operator_that_is_not_there() -> None:
    wave = tf.TensorSpec([1, 64])
    file = _file(lambda x: tf.math.imag(tf.signal.rfft(x)), wave)
    assert missing_operators(file) == ["IMAG", "RFFT2D"]
    assert missing_operators(_file(lambda x: tf.math.floor(x), wave)) == []


def test_an_operator_that_is_not_there_for_a_type() -> None:
    long, short = (tf.TensorSpec([4], dtype) for dtype in (tf.int64, tf.int32))
    assert missing_operators(_file(lambda x: tf.gather(x, [1, 2]), long)) == ["GATHER of INT64"]
    assert missing_operators(_file(lambda x: tf.gather(x, [1, 2]), short)) == ["GATHER of INT32"]
    assert missing_operators(_file(lambda x: tf.gather(x, [1]), tf.TensorSpec([4]))) == []


def test_the_type_of_a_selection_is_that_of_what_is_selected() -> None:
    def chosen(x: Any) -> Any:
        return tf.where(x > 0, x, tf.reduce_sum(x))

    assert missing_operators(_file(chosen, tf.TensorSpec([4]))) == []
    assert "SELECT_V2 of INT32" in missing_operators(_file(chosen, tf.TensorSpec([4], tf.int32)))
    # Of equal shapes it is another operator, which is not there at all.
    assert missing_operators(_file(lambda x: tf.where(x > 0, x, -x), tf.TensorSpec([4]))) == [
        "SELECT"
    ]


def test_types_are_those_of_known_operators() -> None:
    assert set(TYPES) <= OPERATORS
    assert TYPES["LOG"] == {"FLOAT32"}


def test_methods_of_a_resolver() -> None:
    methods = resolver_methods(step_file("float32"))
    assert {"Add", "FullyConnected", "Logistic", "Mul", "Softmax", "Tanh"} <= set(methods)
    assert methods == sorted(set(methods))
    assert "Dequantize" not in methods
    assert {"Quantize", "Dequantize"} <= set(resolver_methods(step_file("int8")))
    pool = _file(lambda x: tf.nn.max_pool2d(x, 2, 2, "VALID"), tf.TensorSpec([1, 4, 4, 1]))
    assert resolver_methods(pool) == ["MaxPool2D"]
