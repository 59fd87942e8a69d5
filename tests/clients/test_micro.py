"""The one-step files in the runtime of microcontrollers, against Keras and step by step.

The board that this stands for has the same kernels, and less memory than the arena says it needs:
its pointers are half as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from common.bundle import TFLITE_ARTEFACTS, artefact_path, open_bundle
from common.classification.application import ClassifierApplication
from common.classification.artefacts import LiteScorer, StepScorer, open_artefact
from common.micro.arena import estimate_arena
from common.micro.golden import Step, read_step
from common.micro.operators import missing_operators
from common.micro.writing import write_c
from tests.clients.agreement import Agreement
from tests.clients.asked import Asked, application
from tests.clients.conftest import Bundles
from tests.clients.examples import blocks
from tests.clients.micro import Array, Micro, client, run_on_zeros
from tests.clients.spoiling import without_weights

CLASSIFIERS = ("sentiment", "voice")
# Of every class's score. Whole texts in int8 pass 64 steps, each of which may round otherwise.
FLOAT, QUANTA = 1e-4, {"step_int8": 2, "int8": 4}
# Of every output of one step. A product or sum of integers may round otherwise, and the state goes
# through a chain of them; 16 bits show more of it than 8.
STEP_FLOAT, STEP_QUANTA = 1e-6, {"INT8": 4, "INT16": 16}
STEPS = [(app, artefact) for app in CLASSIFIERS for artefact in ("step", "step_int8")]
EVERY = [(app, artefact) for app in CLASSIFIERS for artefact in TFLITE_ARTEFACTS]


@pytest.fixture(scope="module")
def runtime() -> str:
    """The client's name; without it nothing here runs."""
    return client()


def _file(trained: Bundles, app: str, artefact: str) -> bytes:
    path = artefact_path(trained.path(app), artefact)
    if not path.is_file():
        pytest.skip(f"no {path}: this network has no such file")
    return path.read_bytes()


class _OnABoard:
    """Scores of raw inputs by a file in the runtime; its front end is ours.

    Args:
        app: name of the application.
        bundle: with the file.
        artefact: its name.
        model: what to run in its place, of the same inputs and outputs.
    """

    def __init__(self, app: str, bundle: Path, artefact: str, model: bytes) -> None:
        known = application(app)
        assert isinstance(known, ClassifierApplication)
        self.application = known
        scorer = open_artefact(known, open_bundle(bundle, app), artefact)
        assert isinstance(scorer, LiteScorer)
        self.scorer = scorer
        if isinstance(scorer, StepScorer):
            scorer.runner = Micro(model, "step")
        else:
            run = Micro(model, "classify")
            self.scorer.piece = lambda encoded: self._whole(run, encoded)  # type: ignore[method-assign]

    def _whole(self, run: Micro, encoded: Array) -> Array:
        padded = self.scorer.front_end.pad([encoded], self.scorer.front_end.max_timesteps)
        (name,) = run.inputs
        scores: Array = run(**{name: padded})["scores"][0]
        return scores

    def farthest(self, asked: Asked) -> float:
        """Returns the largest difference of a score, over inputs and classes."""
        raw = [one for _, one in self.application.read_inputs(asked.raw)]
        worst = 0.0
        for one, wanted in zip(raw, asked.scores, strict=True):
            assert isinstance(wanted, Mapping)
            found = dict(zip(self.scorer.labels, self.scorer.one(one).tolist(), strict=True))
            assert found.keys() == wanted.keys()
            worst = max(worst, *(abs(found[name] - wanted[name]) for name in found))
        return worst


def _tolerance(model: bytes, artefact: str) -> float:
    if artefact not in QUANTA:
        return FLOAT
    quantum = 1 / 256  # of scores from 0 to 1 in 8 bits
    if artefact.startswith("step"):
        (quantum,) = (end.quantum for end in read_step(model).outputs if end.name == "scores")
    assert quantum > 0
    return QUANTA[artefact] * quantum * (1 + 1e-6)


@pytest.mark.parametrize("app, artefact", EVERY)
def test_scores_are_those_of_keras(
    app: str, artefact: str, runtime: str, trained: Bundles, agreement: Agreement
) -> None:
    """Float files against Keras, quantised ones against the same file in LiteRT."""
    model = _file(trained, app, artefact)
    missing = missing_operators(model)
    if missing:
        with pytest.raises(RuntimeError):
            run_on_zeros(model)
        agreement.cannot(app, artefact, runtime, f"it has no {', '.join(missing)}")
        return
    reference = trained.asked(app, artefact if artefact in QUANTA else "keras")
    board = _OnABoard(app, trained.path(app), artefact, model)
    worst = board.farthest(reference)
    assert worst <= _tolerance(model, artefact)
    against = "the file in LiteRT" if artefact in QUANTA else "Keras"
    remark = f"{len(reference.raw)} inputs, scores of {against} to {worst:.1e}"
    agreement.agrees(app, artefact, runtime, remark)
    spoiled = _OnABoard(app, trained.path(app), artefact, without_weights(model))
    assert spoiled.farthest(reference) > 10 * _tolerance(model, artefact)


@pytest.mark.parametrize("app, artefact", STEPS)
def test_one_step_files_are_made_for_it(app: str, artefact: str, trained: Bundles) -> None:
    assert missing_operators(_file(trained, app, artefact)) == []


@pytest.mark.parametrize("app", ["captioning", "translation"])
def test_generators_are_none_of_its_files(
    app: str, runtime: str, trained: Bundles, agreement: Agreement
) -> None:
    for path in sorted((trained.path(app) / "tflite").glob("*.tflite")):
        model = path.read_bytes()
        with pytest.raises(RuntimeError):
            run_on_zeros(model)
        missing = missing_operators(model)
        assert missing
        agreement.cannot(app, path.stem, runtime, f"it has no {', '.join(missing)}")


# ------------------------------------------------------------------------ step by step


def _golden(bundle: Path, step: Step) -> Iterator[Array]:
    """Yields the steps of each golden example, `(steps, ...)`."""
    with np.load(bundle / "golden" / "examples.npz") as file:
        for example in file["inputs"]:
            yield example.reshape(-1, *step.fed.shape).astype(step.fed.kind.lower())


def _on_common_states(model: bytes, run: Micro, step: Step, example: Array) -> dict[str, float]:
    """Returns the largest difference of each output over the steps, both on the same states."""
    lite = Interpreter(
        model_content=model, experimental_op_resolver_type=OpResolverType.BUILTIN_REF
    ).get_signature_runner("step")
    states = {
        end.name: np.zeros(end.shape, np.float32) for end in step.inputs if end.name in step.states
    }
    worst = {end.name: 0.0 for end in step.outputs}
    for one in example:
        inputs = {step.fed.name: one, **states}
        expected, found = lite(**inputs), run(**inputs)
        for name in worst:
            worst[name] = max(worst[name], float(np.max(np.abs(expected[name] - found[name]))))
        states = {name: np.array(expected[name]) for name in states}
    return worst


def _tolerances(model: bytes, step: Step) -> dict[str, float]:
    wide = any("INT16" in name for name in _types(model))
    quanta = STEP_QUANTA["INT16" if wide else "INT8"]
    return {end.name: max(STEP_FLOAT, quanta * end.quantum) for end in step.outputs}


def _types(model: bytes) -> set[str]:
    interpreter = Interpreter(model_content=model)
    return {np.dtype(tensor["dtype"]).name.upper() for tensor in interpreter.get_tensor_details()}


@pytest.mark.parametrize("app, artefact", STEPS)
def test_every_step_is_that_of_litert(
    app: str, artefact: str, runtime: str, trained: Bundles
) -> None:
    """Floats to their last bits, integers to a few quanta, over all golden examples."""
    model = _file(trained, app, artefact)
    step = read_step(model)
    run, spoiled = Micro(model, "step"), Micro(without_weights(model), "step")
    tolerances, steps = _tolerances(model, step), 0
    for example in _golden(trained.path(app), step):
        worst = _on_common_states(model, run, step, example)
        assert {name: d for name, d in worst.items() if d > tolerances[name]} == {}
        steps += len(example)
    assert steps >= 1000
    worst = _on_common_states(model, spoiled, step, example)
    assert worst["scores"] > 5 * tolerances["scores"]


@pytest.mark.parametrize("app, artefact", STEPS)
def test_golden_steps_of_the_c_source_come_out(
    app: str, artefact: str, runtime: str, trained: Bundles, tmp_path: Path
) -> None:
    """As on a board: on its own states, in the memory that the header says."""
    source, _ = write_c(app, trained.path(app), artefact, tmp_path, 8)
    run = Micro(source.model, "step", source.arena.total)
    tolerances = _tolerances(source.model, source.step)
    states = {
        end.name: np.zeros(end.shape, np.float32)
        for end in source.step.inputs
        if end.name in source.step.states
    }
    for one, expected in zip(source.fed, source.answers, strict=True):
        found = run(**{source.step.fed.name: one}, **states)
        for name, values in expected.items():
            np.testing.assert_allclose(found[name], values, rtol=0, atol=tolerances[name])
        states = {name: found[name] for name in states}
    assert np.ptp([answer["scores"] for answer in source.answers]) > 2 * tolerances["scores"]


@pytest.mark.parametrize("app", CLASSIFIERS)
def test_the_readme_knows_the_header(app: str, trained: Bundles, tmp_path: Path) -> None:
    """Its program cannot be built without the runtime's sources, but its names can be looked up."""
    write_c(app, trained.path(app), "step_int8", tmp_path, 4)
    header = (tmp_path / f"recur_{app}.h").read_text()
    program = blocks(app, "On a microcontroller")["cpp"]
    names = set(re.findall(rf"\brecur_{app}_\w+|\bRECUR_{app.upper()}_\w+", program))
    assert len(names) >= 10
    assert {name for name in names if not re.search(rf"\b{name}\b", header)} == set()


@pytest.mark.parametrize("app, artefact", STEPS)
def test_the_arena_is_as_estimated(
    app: str,
    artefact: str,
    runtime: str,
    trained: Bundles,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The header's number is enough, not far too much, and its planned part exact."""
    model = _file(trained, app, artefact)
    estimate = estimate_arena(model)
    used = Micro(model, "step", estimate.total).arena_used(capfd)
    print(f"{app} {artefact}: {used['total']:,} bytes of {estimate.total:,}")
    assert used["tensors"] == estimate.tensors
    assert used["records"] <= estimate.records <= 1.5 * used["records"]
    with pytest.raises(RuntimeError):
        Micro(model, "step", used["total"] - 1024)
