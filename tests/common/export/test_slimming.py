"""What is taken out of a TFLite file changes no answer, and what is needed stays."""

from __future__ import annotations

import tempfile
from typing import Any

import flatbuffers
import numpy as np
import tensorflow as tf
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

from common.export.slimming import slim

rng = np.random.default_rng(8)
MATRIX = tf.constant(rng.normal(size=(64, 64)).astype("float32"))


def _convert(function: Any, *shape: int, optimize: bool = False) -> bytes:
    """Returns what the converter makes of a function of one tensor, nothing taken out."""
    module = tf.Module()
    module.run = tf.function(function, input_signature=[tf.TensorSpec(shape)])
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(module, folder)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if optimize:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        return converter.convert()


def _answer(model: bytes, x: Any) -> Any:
    interpreter = Interpreter(model_content=model)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


def _assert_equal_answers(one: bytes, other: bytes, *shape: int) -> None:
    x = rng.normal(size=shape).astype("float32")
    np.testing.assert_array_equal(_answer(one, x), _answer(other, x))


def _options(model: bytes, kind: type) -> list[Any]:
    """Returns the operators with options of a kind, in the order of the file."""
    root = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    operators = (o for subgraph in root.subgraphs for o in subgraph.operators)
    return [o for o in operators if isinstance(o.builtinOptions, kind)]


def _carried(model: bytes) -> int:
    """Returns how many tensors the one loop carries on."""
    (loop,) = _options(model, schema.WhileOptionsT)
    return len(loop.inputs)


def test_equal_buffers_are_merged() -> None:
    model = _convert(
        lambda x: tf.matmul(tf.tanh(tf.matmul(x, MATRIX)), MATRIX), 1, 64, optimize=True
    )
    shared = slim(model)
    assert len(shared) <= len(model)
    assert slim(shared) == shared
    _assert_equal_answers(model, shared, 1, 64)


def test_products_of_matrices_keep_their_rank() -> None:
    def run(x: Any) -> Any:
        return tf.matmul(tf.reshape(tf.matmul(x, MATRIX), [1, 3, 2, 64]), MATRIX)

    model = _convert(run, 6, 64)
    slimmed = slim(model)
    kept = [o.builtinOptions.keepNumDims for o in _options(slimmed, schema.FullyConnectedOptionsT)]
    assert kept[0]
    assert not _options(model, schema.FullyConnectedOptionsT)[0].builtinOptions.keepNumDims
    _assert_equal_answers(model, slimmed, 6, 64)


def test_a_product_that_changes_the_rank_may() -> None:
    root = schema.ModelT.InitFromObj(
        schema.Model.GetRootAs(_convert(lambda x: tf.matmul(x, MATRIX), 6, 64), 0)
    )
    (subgraph,) = root.subgraphs
    subgraph.tensors[subgraph.operators[0].inputs[0]].shape = [2, 3, 64]
    (product,) = _options(slim(_packed(root)), schema.FullyConnectedOptionsT)
    assert not product.builtinOptions.keepNumDims


def _packed(root: Any) -> bytes:
    builder = flatbuffers.Builder()
    builder.Finish(root.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def test_a_counter_that_nothing_reads_is_dropped() -> None:
    def run(x: Any) -> Any:
        return tf.while_loop(
            lambda turn, unread, h: turn < 5,
            lambda turn, unread, h: (turn + 1, unread + 2.0, tf.tanh(h + x[turn])),
            (0, tf.constant(0.0), x[0]),
        )[2]

    model = _convert(run, 5, 4)
    slimmed = slim(model)
    assert _carried(model) > 3
    assert _carried(slimmed) == 3
    assert slim(slimmed) == slimmed
    _assert_equal_answers(model, slimmed, 5, 4)


def test_a_counter_that_is_read_stays() -> None:
    def in_the_body(x: Any) -> Any:
        return tf.while_loop(
            lambda turn, other, h: turn < 5,
            lambda turn, other, h: (turn + 1, other + 2.0, tf.tanh(h + other * x[turn])),
            (0, tf.constant(0.0), x[0]),
        )[2]

    def behind_its_step(x: Any) -> Any:
        def body(turn: Any, other: Any, h: Any) -> Any:
            other = other + 2.0
            return turn + 1, other, tf.tanh(h + other * x[turn])

        return tf.while_loop(lambda turn, other, h: turn < 5, body, (0, tf.constant(0.0), x[0]))[2]

    def in_the_condition(x: Any) -> Any:
        return tf.while_loop(
            lambda turn, other, h: other < 9.0,
            lambda turn, other, h: (turn + 1, other + 2.0, tf.tanh(h + x[turn])),
            (0, tf.constant(0.0), x[0]),
        )[2]

    def behind_the_loop(x: Any) -> Any:
        found = tf.while_loop(
            lambda turn, other, h: turn < 5,
            lambda turn, other, h: (turn + 1, other + 2.0, tf.tanh(h + x[turn])),
            (0, tf.constant(0.0), x[0]),
        )
        return found[1] + found[2]

    for function in (in_the_body, behind_its_step, in_the_condition, behind_the_loop):
        model = _convert(function, 5, 4)
        slimmed = slim(model)
        assert _carried(model) >= 4
        assert _carried(slimmed) == 4
        _assert_equal_answers(model, slimmed, 5, 4)
