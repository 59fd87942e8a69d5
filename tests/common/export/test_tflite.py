"""Conversion to TFLite and SavedModel: right files pass, wrong ones are refused with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

from common.export.errors import ExportError
from common.export.operators import check_operators, subgraph_operators
from common.export.saved_model import (
    read_warmup,
    run_in_session,
    save_signatures,
    write_warmup,
)
from common.export.tflite import convert
from common.recurrent.layer import Recur, unfolded_as
from common.recurrent.unfold import BLOCK

rng = np.random.default_rng(5)
SPEC = tf.TensorSpec([1, 6, 3], tf.float32, name="x")


def _layer(**arguments: Any) -> Recur:
    layer = Recur(4, **arguments)
    layer.build((None, None, 3))
    layer.set_weights([rng.normal(0, 0.7, w.shape) for w in layer.weights])
    return layer


def _function(layer: Recur, form: str) -> Any:
    def run(x: Any) -> dict[str, Any]:
        with unfolded_as(form):
            return {"last": layer(x)}

    return run


def _convert(layer: Recur, form: str, precision: str, **arguments: Any) -> bytes:
    def calibration() -> Iterator[dict[str, Any]]:
        for _ in range(50):
            yield {"x": rng.uniform(-1, 1, (1, 6, 3)).astype("float32")}

    return convert(
        _function(layer, form),
        [SPEC],
        [w.value for w in layer.weights],
        artefacts={precision: precision},
        signature="run",
        single_subgraph=form == "unrolled",
        calibration=calibration,
        **arguments,
    )[precision]


def _invoke(model: bytes, x: Any) -> Any:
    runner = Interpreter(model_content=model).get_signature_runner("run")
    return runner(x=x)["last"]


@pytest.mark.parametrize(
    "precision, tolerance",
    [("float32", 1e-6), ("float16", 2e-3), ("dynamic", 3e-2), ("int8", 5e-2)],
)
def test_unrolled_layer_in_litert(precision: str, tolerance: float) -> None:
    layer = _layer()
    model = _convert(layer, "unrolled", precision)
    x = rng.uniform(-1, 1, (1, 6, 3)).astype("float32")
    np.testing.assert_allclose(_invoke(model, x), layer(x), atol=tolerance)
    assert len(subgraph_operators(model)) == 1


def test_a_changed_weight_is_noticed() -> None:
    layer = _layer()
    model = _convert(layer, "unrolled", "float32")
    x = rng.uniform(-1, 1, (1, 6, 3)).astype("float32")
    layer.cell.bias.assign(layer.cell.bias + 1e-3)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(_invoke(model, x), layer(x), atol=1e-6)


def test_looped_layer_in_litert() -> None:
    layer = _layer()
    model = _convert(layer, "loop", "float32")
    x = rng.uniform(-1, 1, (1, 6, 3)).astype("float32")
    np.testing.assert_allclose(_invoke(model, x), layer(x), atol=1e-6)
    assert any("WHILE" in operators for operators in subgraph_operators(model))


def test_a_step_has_few_operators() -> None:
    """The gated step is one product and seven small operators, and needs no selection."""
    (operators,) = subgraph_operators(_convert(_layer(), "unrolled", "float32"))
    per_step = {name: count / 6 for name, count in operators.items() if count >= 5}
    assert sum(per_step.values()) <= 8.1
    assert not {"SELECT", "SELECT_V2", "WHERE", "TRANSPOSE"} & set(operators)


def test_a_step_of_the_chain_reads_one_tensor() -> None:
    """What comes in from outside the chain is cut in one place."""
    (operators,) = subgraph_operators(_convert(_layer(), "unrolled", "int8"))
    assert operators["UNPACK"] == 1
    assert operators["ADD"] + operators["SUB"] <= 4 * 6


def test_a_turn_of_the_loop_has_little_beside_its_steps() -> None:
    """One reading, one cutting, one counting; and nothing is carried on but what is needed."""
    timesteps = 3 * BLOCK
    layer = _layer()

    def run(x: Any) -> Any:
        with unfolded_as("loop"):
            return {"last": layer(x)}

    model = convert(
        run,
        [tf.TensorSpec([1, timesteps, 3], tf.float32, name="x")],
        [w.value for w in layer.weights],
        artefacts={"loop": "float32"},
        signature="run",
        single_subgraph=False,
    )["loop"]
    main, condition, body = subgraph_operators(model)
    assert main == {"FULLY_CONNECTED": 1, "RESHAPE": 1, "WHILE": 1}
    assert condition == {"LESS": 1}
    step = {"FULLY_CONNECTED": 1, "ADD": 2, "SUB": 2, "MUL": 1, "TANH": 1, "LOGISTIC": 1}
    expected = {name: count * BLOCK for name, count in step.items()}
    expected["ADD"] += 1
    assert body == {**expected, "GATHER": 1, "SPLIT": 1}
    root = schema.Model.GetRootAs(model, 0)
    assert root.Subgraphs(2).InputsLength() == 3  # the turn, the state, the sequence


def test_int8_shares_its_weights_between_steps() -> None:
    layer = Recur(64)
    layer.build((None, None, 3))
    few = _convert(layer, "unrolled", "int8")
    x = rng.uniform(-1, 1, (1, 6, 3)).astype("float32")
    assert np.max(np.abs(_invoke(few, x) - layer(x))) < 0.1
    weights = 64 * 64 + 3 * 64
    assert len(few) < 2 * weights + 6 * 5000


@pytest.mark.parametrize("shape", [[None, 6, 3], [1, None, 3]])
def test_a_free_axis_is_refused_with_the_way_out(shape: list[int | None]) -> None:
    layer = _layer()
    with pytest.raises(ExportError, match="batch 1 and a fixed number of time steps"):
        convert(
            _function(layer, "loop"),
            [tf.TensorSpec(shape, tf.float32, name="x")],
            [w.value for w in layer.weights],
            artefacts={"float32": "float32"},
            signature="run",
            single_subgraph=False,
        )


def test_a_loop_is_refused_where_none_may_be() -> None:
    layer = _layer()
    with pytest.raises(ExportError, match="unrolled"):
        convert(
            _function(layer, "loop"),
            [SPEC],
            [w.value for w in layer.weights],
            artefacts={"float32": "float32"},
            signature="run",
            single_subgraph=True,
        )


def test_foreign_operators_are_refused_by_name() -> None:
    @tf.function(input_signature=[tf.TensorSpec([4])])
    def run(x: Any) -> Any:
        return tf.math.asinh(x)

    converter = tf.lite.TFLiteConverter.from_concrete_functions([run.get_concrete_function()])
    converter.allow_custom_ops = True
    with pytest.raises(ExportError, match="Asinh"):
        check_operators(converter.convert(), "float32", single_subgraph=True)

    with pytest.raises(ExportError, match="refused the graph"):
        convert(
            lambda x: {"y": tf.math.asinh(x)},
            [tf.TensorSpec([4], name="x")],
            [],
            artefacts={"float32": "float32"},
            signature="run",
            single_subgraph=True,
        )


def test_int8_without_examples_is_refused() -> None:
    layer = _layer()
    with pytest.raises(ExportError, match="calibrate"):
        convert(
            _function(layer, "unrolled"),
            [SPEC],
            [w.value for w in layer.weights],
            artefacts={"int8": "int8"},
            signature="run",
            single_subgraph=True,
        )


def test_saved_model_in_the_cpp_loader(tmp_path: Path) -> None:
    layer = _layer()
    spec = tf.TensorSpec([None, None, 3], tf.float32, name="x")
    signatures = {"serving_default": (_function(layer, "loop"), [spec])}
    save_signatures(tmp_path / "1", signatures, [w.value for w in layer.weights])
    for batch, timesteps in [(1, 1), (3, 9)]:
        x = rng.normal(size=(batch, timesteps, 3)).astype("float32")
        (outputs,) = run_in_session(tmp_path / "1", [("serving_default", {"x": x})])
        np.testing.assert_allclose(outputs["last"], layer(x), atol=1e-6)


def test_a_saved_model_that_tracks_keras_is_refused(tmp_path: Path) -> None:
    """The mistake that Python's own loader does not notice."""
    model = keras.Sequential([keras.Input((6, 3)), _layer()])
    module = tf.Module()
    module.model = model
    module.run = tf.function(
        lambda x: {"last": model(x)}, input_signature=[tf.TensorSpec([1, 6, 3], name="x")]
    )
    tf.saved_model.save(module, str(tmp_path / "1"), signatures={"serving_default": module.run})
    x = np.zeros((1, 6, 3), "float32")
    tf.saved_model.load(str(tmp_path / "1")).signatures["serving_default"](tf.constant(x))
    with pytest.raises(ExportError, match=r"C\+\+ loader"):
        run_in_session(tmp_path / "1", [("serving_default", {"x": x})])


def test_an_unknown_signature_is_refused(tmp_path: Path) -> None:
    layer = _layer()
    save_signatures(
        tmp_path / "1",
        {"serving_default": (_function(layer, "loop"), [SPEC])},
        [w.value for w in layer.weights],
    )
    with pytest.raises(ExportError, match="other"):
        run_in_session(tmp_path / "1", [("other", {})])


def test_warmup_requests_come_back(tmp_path: Path) -> None:
    requests = [
        ("serving_default", {"text": np.array([b"good", "schön".encode()], object)}),
        ("ids", {"ids": np.array([[1, 2, 0]], np.int32)}),
    ]
    write_warmup(tmp_path, "sentiment", requests)
    for (name, inputs), (read_name, read) in zip(requests, read_warmup(tmp_path), strict=True):
        assert name == read_name
        assert set(inputs) == set(read)
        for key in inputs:
            np.testing.assert_array_equal(inputs[key], read[key])
