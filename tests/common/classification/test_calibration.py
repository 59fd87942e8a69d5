"""Calibrations: a bad one is not kept, a good one ends the search, and none sees what judges it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

import keras
import numpy as np
import pytest
import tensorflow as tf

from common.classification.application import Array, ClassifierApplication, FrontEnd
from common.classification.calibration import Calibration, Calibrator, visited_states
from common.classification.network import RecurrentClassifier
from common.export.tflite import convert
from common.progress import Progress
from common.recurrent.layer import unfolded_as

TIMESTEPS, FEATURES = 6, 3


class _Application:
    def steps(self, encoded: Array) -> Iterator[Array]:
        yield from encoded[:, np.newaxis]


class _FrontEnd(FrontEnd):
    def encode(self, raw: Any) -> Array:
        return np.asarray(raw)

    def pad(self, encoded: Sequence[Array], timesteps: int) -> Array:
        batch = np.zeros((len(encoded), timesteps, *encoded[0].shape[1:]), encoded[0].dtype)
        for row, one in zip(batch, encoded, strict=True):
            row[: len(one)] = one
        return batch

    @property
    def max_timesteps(self) -> int:
        return TIMESTEPS

    def files(self) -> Mapping[str, bytes]:
        return {}


class _Endless(_FrontEnd):
    def pieces(self, raw: Any) -> Iterator[tuple[Array, float]]:
        return itertools.repeat((self.encode(raw), 1.0))


def _calibrator(model: Any, inputs: Sequence[Any], front_end: FrontEnd | None = None) -> Calibrator:
    application = cast(ClassifierApplication, _Application())
    front_end = front_end or _FrontEnd()
    return Calibrator(application, model, front_end, ("no", "yes"), inputs, Progress())


@pytest.fixture(scope="module")
def inputs() -> list[Array]:
    rng = np.random.default_rng(0)
    return [rng.uniform(-1, 1, (TIMESTEPS, FEATURES)).astype("float32") for _ in range(120)]


@pytest.fixture(scope="module")
def model() -> Any:
    keras.utils.set_random_seed(1)
    sequences = keras.Input((None, FEATURES))
    model = keras.Model(sequences, RecurrentClassifier(2, 8, name="classifier")(sequences))
    rng = np.random.default_rng(1)
    # No biases, so that both answers are given.
    model.set_weights([rng.normal(0, 0.7 * (w.ndim - 1), w.shape) for w in model.get_weights()])
    return model


def _as_int8(model: Any, encoded: Sequence[Array]) -> bytes:
    return _convert(model, "int8", lambda x: model(x, training=False), encoded)


def _convert(
    model: Any, precision: str, function: Callable[[Any], Any], encoded: Sequence[Array] = ()
) -> bytes:
    def run(x: Any) -> dict[str, Any]:
        with unfolded_as("unrolled"):
            return {"scores": function(x)}

    return convert(
        run,
        [tf.TensorSpec([1, TIMESTEPS, FEATURES], tf.float32, name="x")],
        [v.value for v in model.variables],
        artefacts={precision: precision},
        signature="classify",
        single_subgraph=True,
        calibration=lambda: ({"x": one[np.newaxis]} for one in encoded),
    )[precision]


def _one_after_another(*files: bytes) -> Callable[[Sequence[Array]], bytes]:
    rest = iter(files)
    return lambda _: next(rest)


def _step(model: Any, keeps: float = 1.0) -> tuple[bytes, list[str]]:
    """Returns the step in float and the names of its states, of which it hands on a share."""
    classifier = model.get_layer("classifier")
    initial = classifier.initial_states(1)

    def run(x: Any, *states: Any) -> dict[str, Any]:
        scores, new = classifier.step(x, dict(zip(initial, states, strict=True)))
        return {"scores": scores, **{name: keeps * h for name, h in new.items()}}

    specs = [tf.TensorSpec([1, FEATURES], tf.float32, name="x")]
    specs += [tf.TensorSpec(h.shape, tf.float32, name=name) for name, h in initial.items()]
    files = convert(
        run,
        specs,
        [v.value for v in model.variables],
        artefacts={"step": "float32"},
        signature="step",
        single_subgraph=True,
    )
    return files["step"], list(initial)


def test_a_bad_first_calibration_is_not_kept(
    model: Any, inputs: list[Array], capsys: pytest.CaptureFixture[str]
) -> None:
    constant = Calibration("a constant", [np.full_like(inputs[0], 0.05)])
    calibrations = [constant, Calibration("real ones", inputs[:50]), constant]
    made: list[bytes] = []

    def make(encoded: Sequence[Array]) -> bytes:
        made.append(_as_int8(model, encoded))
        return made[-1]

    kept = _calibrator(model, inputs).best("int8", calibrations, make)
    assert kept == made[1] != made[0]
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("int8: calibrated on real ones (best of ")
    assert "of 60 others " in line


def test_a_good_calibration_ends_the_tries(model: Any, inputs: list[Array]) -> None:
    exact = _convert(model, "float32", lambda x: model(x, training=False))

    def calibrations() -> Iterator[Calibration]:
        yield Calibration("good", inputs[:1])
        pytest.fail("nothing more was to be tried")

    assert _calibrator(model, inputs).best("int8", calibrations(), lambda _: exact) == exact


def test_equal_answers_with_other_scores_are_not_good_enough(
    model: Any, inputs: list[Array]
) -> None:
    def paler(x: Any) -> Any:
        return 0.9 * model(x, training=False) + 0.05

    exact = _convert(model, "float32", lambda x: model(x, training=False))
    make = _one_after_another(_convert(model, "float32", paler), exact)
    calibrations = [Calibration("pale", []), Calibration("exact", [])]
    kept = _calibrator(model, inputs).best("int8", calibrations, make)
    assert kept == exact


def test_a_finer_precision_is_for_those_that_need_it(
    model: Any, inputs: list[Array], capsys: pytest.CaptureFixture[str]
) -> None:
    def paler(share: float) -> bytes:
        return _convert(
            model,
            "float32",
            lambda x: (1 - share) * model(x, training=False) + share / 2,
        )

    exact = paler(0.0)
    calibrations = [Calibration("one", [])]
    best = _calibrator(model, inputs).best
    # Far away: the finer file is made, and kept if it is nearer.
    far, farther, near = paler(0.2), paler(0.4), paler(0.001)
    assert best("int8", calibrations, lambda _: far, lambda _: exact) == exact
    assert "activations in 16 bits" in capsys.readouterr().err
    assert best("int8", calibrations, lambda _: far, lambda _: farther) == far
    assert "16 bits" not in capsys.readouterr().err

    def never(_: Sequence[Array]) -> bytes:
        pytest.fail("nothing finer was needed")

    assert best("int8", calibrations, lambda _: near, never) == near


def test_the_step_is_judged_by_whole_examples(model: Any, inputs: list[Array]) -> None:
    exact, _ = _step(model)
    forgetful, _ = _step(model, keeps=0.0)
    for examples, expected in ((inputs, exact), ([one[:1] for one in inputs], forgetful)):
        calibrations = [Calibration("forgetful", []), Calibration("exact", [])]
        make = _one_after_another(forgetful, exact)
        assert _calibrator(model, examples).best("step_int8", calibrations, make) == expected


@pytest.mark.parametrize("step", [False, True])
@pytest.mark.parametrize("count", [2, 3, 120, 5000])
def test_no_calibration_sees_what_is_held_out(count: int, step: bool) -> None:
    inputs = [np.full((4, 1), number) for number in range(count)]
    calibrator = _calibrator(None, inputs)
    held_out = set(calibrator.held_out.tolist())
    assert len(held_out) == min(1000, count // 2)
    for calibration in calibrator.calibrations(step):
        seen = {int(number) for one in calibration.encoded for number in one.ravel()}
        assert seen
        assert not seen & held_out
        assert seen <= set(range(count))


@pytest.mark.parametrize("step", [False, True])
def test_the_same_data_give_the_same_calibrations_and_no_two_are_alike(step: bool) -> None:
    inputs = [np.full((4, 1), number) for number in range(5000)]
    first, second = (
        [
            (c.name, [one.tolist() for one in c.encoded])
            for c in _calibrator(None, inputs).calibrations(step)
        ]
        for _ in range(2)
    )
    assert first == second
    examples = [str(encoded) for _, encoded in first]
    assert len(set(examples)) == len(examples) == (5 if step else 4)


def test_of_few_examples_no_calibration_is_tried_twice() -> None:
    inputs = [np.full((4, 1), number) for number in range(10)]
    (whole, cut), (step,) = (list(_calibrator(None, inputs).calibrations(s)) for s in (False, True))
    assert [len(c.encoded) for c in (whole, cut, step)] == [5, 20, 5]
    assert [len(one) for one in cut.encoded[5:8]] == [1, 2, 3]


def test_an_input_of_hours_gives_a_few_windows() -> None:
    inputs = [np.full((4, 1), number) for number in range(4)]
    for calibration in _calibrator(None, inputs, _Endless()).calibrations(step=True):
        assert len(calibration.encoded) == 2 * 4


def test_states_have_one_range_as_inputs_and_outputs(model: Any, inputs: list[Array]) -> None:
    content, names = _step(model)
    scorer = _calibrator(model, inputs).open_step(content)
    examples = visited_states(scorer, inputs, names)
    (name,) = names
    before = np.array([example[name] for example in examples])
    after = np.array([scorer.runner(**example)[name] for example in examples])
    assert before.max() == after.max()
    assert before.min() == after.min()
    # What it is for: without those that were added the ranges differ.
    walked = slice(0, TIMESTEPS * len(inputs))
    assert (before[walked].min(), before[walked].max()) != (
        after[walked].min(),
        after[walked].max(),
    )
