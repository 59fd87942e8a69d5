"""A front end in float before a network of any precision, in one file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from common.classification.application import TensorFunction
from common.export.chaining import chain
from common.export.errors import ExportError
from common.export.operators import check_operators, subgraph_operators
from common.export.tflite import convert
from common.recurrent.layer import Recur, unfolded_as

rng = np.random.default_rng(11)
# Far apart, so that 8 bits for all samples together would lose the small ones.
SCALES = np.array([0.02, 1.0, 50.0], np.float32)

FRONT = TensorFunction(
    lambda sound, past: {"features": (sound + past) / SCALES, "past": sound},
    [tf.TensorSpec([1, 6, 3], name="sound"), tf.TensorSpec([1, 6, 3], name="past")],
)


def _network(form: str) -> tuple[TensorFunction, list[Any]]:
    layer = Recur(4)
    layer.build((None, None, 3))
    layer.set_weights([rng.normal(0, 0.7, w.shape) for w in layer.weights])

    def run(h: Any, features: Any) -> dict[str, Any]:
        with unfolded_as(form):
            return {"last": layer(features, initial_state=h)}

    specs = [tf.TensorSpec([1, 4], name="h"), tf.TensorSpec([1, 6, 3], name="features")]
    return TensorFunction(run, specs, front_end=FRONT), [w.value for w in layer.weights]


def _example() -> dict[str, Any]:
    sound, past = (rng.uniform(-0.5, 0.5, (1, 6, 3)).astype("float32") * SCALES for _ in range(2))
    return {"sound": sound, "past": past, "h": rng.uniform(-1, 1, (1, 4)).astype("float32")}


def _examples() -> Iterator[dict[str, Any]]:
    for _ in range(100):
        yield _example()


def _convert(function: TensorFunction, variables: list[Any], form: str, precision: str) -> bytes:
    front = function.front_end
    return convert(
        function.function,
        function.inputs,
        variables,
        artefacts={precision: precision},
        signature="run",
        single_subgraph=form == "unrolled",
        calibration=_examples,
        front_end=(front.function, front.inputs) if front else None,
    )[precision]


@pytest.mark.parametrize(
    "form, precision, tolerance",
    [
        ("unrolled", "float32", 1e-5),
        ("loop", "float32", 1e-5),
        ("unrolled", "float16", 2e-3),
        ("unrolled", "int8", 2e-2),
    ],
)
def test_chained_equals_both_in_turn(form: str, precision: str, tolerance: float) -> None:
    function, variables = _network(form)
    model = _convert(function, variables, form, precision)
    check_operators(model, precision, form == "unrolled")
    runner = Interpreter(model_content=model).get_signature_runner("run")
    assert list(runner.get_input_details()) == ["h", "past", "sound"]
    whole = function.whole()
    assert [spec.name for spec in whole.inputs] == ["sound", "past", "h"]
    errors = []
    for _ in range(20):
        example = _example()
        found = runner(**example)
        expected = whole.function(*(example[spec.name] for spec in whole.inputs))
        assert found.keys() == expected.keys() == {"last", "past"}
        errors.append(found["last"] - expected["last"])
        np.testing.assert_array_equal(found["past"], example["sound"])
    off = np.abs(errors)
    # Of an int8 file a single number may be far off where an input is beyond the examples' range.
    assert (np.sqrt(np.mean(off**2)) if precision == "int8" else off.max()) <= tolerance


def test_an_int8_front_end_would_lose_the_small_samples() -> None:
    """What chaining is for: converted as a whole, the same network is far off."""
    function, variables = _network("unrolled")
    whole = function.whole()
    examples = [_example() for _ in range(20)]
    errors = []
    for one in (function, whole):
        model = _convert(one, variables, "unrolled", "int8")
        runner = Interpreter(model_content=model).get_signature_runner("run")
        found = [runner(**example)["last"] for example in examples]
        expected = [whole.function(*(e[s.name] for s in whole.inputs))["last"] for e in examples]
        errors.append(np.mean(np.abs(np.subtract(found, expected))))
    assert errors[1] > 5 * errors[0]


def test_the_front_end_stays_in_float() -> None:
    function, variables = _network("unrolled")
    (int8,) = subgraph_operators(_convert(function, variables, "unrolled", "int8"))
    (plain,) = subgraph_operators(_convert(FRONT, [], "unrolled", "float32"))
    assert int8["QUANTIZE"] and plain.total() < int8.total()


def _doubler(given: str, made: str, size: int = 3, dtype: Any = tf.float32) -> bytes:
    spec = tf.TensorSpec([1, size], dtype, name=given)
    return convert(
        lambda x: {made: x + x},
        [spec],
        [],
        artefacts={"float32": "float32"},
        signature="run",
        single_subgraph=True,
    )["float32"]


def test_a_chain_of_three() -> None:
    model = chain(chain(_doubler("a", "b"), _doubler("b", "c")), _doubler("c", "d"))
    x = np.array([[1, 2, 3]], np.float32)
    runner = Interpreter(model_content=model).get_signature_runner("run")
    np.testing.assert_array_equal(runner(a=x)["d"], 8 * x)


def test_tensors_at_the_ends_have_names_of_their_own() -> None:
    """Not those that the converter gave the outputs of either file."""
    front = convert(
        lambda x: {"a": x + x, "b": x * x},
        [tf.TensorSpec([1, 3], name="x")],
        [],
        artefacts={"float32": "float32"},
        signature="run",
        single_subgraph=True,
    )["float32"]
    interpreter = Interpreter(model_content=chain(front, _doubler("b", "c")))
    ends = [*interpreter.get_input_details(), *interpreter.get_output_details()]
    assert len(ends) == len({end["name"] for end in ends}) == 3
    x = np.array([[1, 2, 3]], np.float32)
    outputs = interpreter.get_signature_runner("run")(x=x)
    np.testing.assert_array_equal(outputs["a"], 2 * x)
    np.testing.assert_array_equal(outputs["c"], 2 * x * x)


@pytest.mark.parametrize(
    "second, reason",
    [
        (_doubler("x", "y"), "no output of the front end"),
        (_doubler("b", "y", size=4), "type and shape"),
        (_doubler("b", "y", dtype=tf.int32), "type and shape"),
    ],
)
def test_what_does_not_fit_is_refused(second: bytes, reason: str) -> None:
    with pytest.raises(ExportError, match=reason):
        chain(_doubler("a", "b"), second)
