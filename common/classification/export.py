"""Export a trained classifier in its three families: server, phone, one time step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from common.bundle import artefact_path
from common.classification.application import (
    Array,
    ClassifierApplication,
    FrontEnd,
    TensorFunction,
)
from common.classification.calibration import Calibrator, visited_states
from common.classification.fitting import save_without_optimizer
from common.classification.settings import ClassifierSettings
from common.export.errors import ExportError
from common.export.saved_model import read_warmup, run_in_session, save_signatures, write_warmup
from common.export.tflite import INT16_ACTIVATIONS, PRECISIONS, convert
from common.progress import Progress
from common.recurrent.layer import unfolded_as

Examples = Iterable[Mapping[str, Array]]


def export_all(
    application: ClassifierApplication,
    model: Any,
    front_end: FrontEnd,
    labels: Sequence[str],
    train_inputs: Sequence[Any],
    folder: Path,
    version: str,
    progress: Progress,
    settings: ClassifierSettings,
    without: Collection[str] = (),
) -> None:
    """Writes every artefact of a network into the folder of a bundle.

    Args:
        application: whose network it is.
        model: the trained Keras model.
        front_end: what feeds it.
        labels: its classes.
        train_inputs: raw inputs of the training split, for calibration and warm-up.
        folder: of the bundle.
        version: of the model, for the metadata.
        progress: told about every artefact.
        settings: of the run.
        without: TFLite artefacts to leave out.

    Raises:
        ExportError: an artefact cannot be made.
    """
    progress.say("exporting: keras")
    save_without_optimizer(model, artefact_path(folder, "keras"))
    progress.say("exporting: saved_model")
    path = artefact_path(folder, "saved_model")
    _save_for_server(application, model, front_end, labels, train_inputs[:8], path)

    variables = [v.value for v in model.variables]
    calibrator = Calibrator(application, model, front_end, labels, train_inputs, progress)

    def wanted(*artefacts: str) -> list[str]:
        found = [artefact for artefact in artefacts if artefact not in without]
        if found:
            progress.say(f"exporting: {', '.join(found)}")
        return found

    def write(files: Mapping[str, bytes]) -> None:
        for artefact, content in files.items():
            target = artefact_path(folder, artefact)
            target.parent.mkdir(exist_ok=True)
            packed = application.add_metadata(content, artefact, front_end, labels, version)
            target.write_bytes(packed)

    phone = _Form(application.phone_function(model, front_end), "unrolled", "classify", variables)
    if floats := wanted(*(precision for precision in PRECISIONS if precision != "int8")):
        write(phone.convert({artefact: artefact for artefact in floats}))
    if wanted("int8"):
        (spec,) = phone.function.whole().inputs

        def padded(encoded: Sequence[Array]) -> Examples:
            return ({spec.name: front_end.pad([one], front_end.max_timesteps)} for one in encoded)

        def make(encoded: Sequence[Array], precision: str = "int8") -> bytes:
            return phone.convert({"int8": precision}, lambda: padded(encoded))["int8"]

        def finer(encoded: Sequence[Array]) -> bytes:
            return make(encoded, INT16_ACTIVATIONS)

        calibrations = calibrator.calibrations(step=False)
        write({"int8": calibrator.best("int8", calibrations, make, finer)})
    if wanted("loop"):
        write(replace(phone, unfolding="loop").convert({"loop": "float32"}))
    function = application.step_function(model, front_end)
    if function is None:
        progress.say("this network has no one-step form")
    elif steps := wanted("step", "step_int8"):
        precision = application.step_precision(settings)
        write(_step_files(function, variables, calibrator, steps, precision))


def _step_files(
    function: TensorFunction,
    variables: Sequence[Any],
    calibrator: Calibrator,
    artefacts: Collection[str],
    precision: str,
) -> dict[str, bytes]:
    """Returns the files of the one-step form that are wanted, `step_int8` in this precision."""
    step = _Form(function, "unrolled", "step", variables)
    files = step.convert({"step": "float32"})  # the other is calibrated with it
    if "step_int8" in artefacts:
        walker = calibrator.open_step(files["step"])
        states = [spec.name for spec in function.inputs if spec.name in walker.states]

        def make(encoded: Sequence[Array]) -> bytes:
            visited = visited_states(
                walker, encoded, states
            )  # once: a front end is calibrated, too
            return step.convert({"step_int8": precision}, lambda: visited)["step_int8"]

        calibrations = calibrator.calibrations(step=True)
        files["step_int8"] = calibrator.best("step_int8", calibrations, make)
    return {artefact: files[artefact] for artefact in artefacts}


def smallest_file(
    application: ClassifierApplication,
    model: Any,
    calibrator: Calibrator,
    settings: ClassifierSettings,
) -> tuple[bytes, int]:
    """Returns the `step_int8` file of a network, whatever its recurrent layer, without metadata.

    Returns:
        The file, and how many bytes of it are a front end that stays in float.
    """
    function = application.step_function(model, calibrator.front_end)
    assert function is not None, "only a causal network has a one-step form"
    variables = [v.value for v in model.variables]
    wanted, precision = ["step_int8"], application.step_precision(settings)
    content = _step_files(function, variables, calibrator, wanted, precision)["step_int8"]
    if function.front_end is None or function.looks_up:
        return content, 0
    front = _Form(function.front_end, "unrolled", "step", variables).convert({"front": "float32"})
    return content, len(front["front"])


@dataclass(frozen=True)
class _Form:
    """A function with the way in which it is unfolded over time and the name of its signature."""

    function: TensorFunction
    unfolding: str
    signature: str
    variables: Sequence[Any]

    def convert(
        self, artefacts: Mapping[str, str], examples: Callable[[], Examples] | None = None
    ) -> dict[str, bytes]:
        """Returns the TFLite file of each artefact; its precision is given."""
        function = self.function
        if function.looks_up:
            # With activations in 16 bits the converter would give the table as many.
            apart = {a: p for a, p in artefacts.items() if p == INT16_ACTIVATIONS}
            together = {a: p for a, p in artefacts.items() if p != INT16_ACTIVATIONS}
            return {
                **self._convert(function, apart, examples, "int8"),
                **self._convert(function.whole(), together, examples),
            }
        return self._convert(function, artefacts, examples)

    def _convert(
        self,
        function: TensorFunction,
        artefacts: Mapping[str, str],
        examples: Callable[[], Examples] | None,
        front_precision: str = "float32",
    ) -> dict[str, bytes]:
        if not artefacts:
            return {}
        front = function.front_end
        return convert(
            _as(self.unfolding, function.function),
            function.inputs,
            self.variables,
            artefacts=artefacts,
            signature=self.signature,
            single_subgraph=self.unfolding == "unrolled",
            calibration=examples,
            front_end=(front.function, front.inputs) if front else None,
            front_precision=front_precision,
        )


def loop_file(application: ClassifierApplication, model: Any, front_end: FrontEnd) -> bytes:
    """Returns the float32 TFLite file of a network in a loop, whatever its recurrent layer."""
    function = application.phone_function(model, front_end)
    form = _Form(function, "loop", "classify", [v.value for v in model.variables])
    return form.convert({"loop": "float32"})["loop"]


def _as(form: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def traced(*arguments: Any) -> Any:
        with unfolded_as(form):
            return function(*arguments)

    return traced


def _save_for_server(
    application: ClassifierApplication,
    model: Any,
    front_end: FrontEnd,
    labels: Sequence[str],
    examples: Sequence[Any],
    path: Path,
) -> None:
    """Writes the SavedModel with its warm-up requests, and runs these in the C++ loader."""
    import tensorflow as tf

    functions = application.server_functions(model, front_end, labels)
    resources = [r for function in functions.values() for r in function.resources]
    save_signatures(
        path,
        {name: (_as("loop", f.function), f.inputs) for name, f in functions.items()},
        [v.value for v in model.variables],
        list({id(r): r for r in resources}.values()),
    )
    requests = [
        (name, application.server_request(name, front_end, batch))
        for name in functions
        for batch in (examples[:1], examples)
    ]
    write_warmup(path, application.name, requests)
    for (name, request), outputs in zip(
        read_warmup(path), run_in_session(path, read_warmup(path)), strict=True
    ):
        arguments = [tf.constant(request[spec.name]) for spec in functions[name].inputs]
        expected = functions[name].function(*arguments)
        for key, value in expected.items():
            same = (
                np.array_equal(outputs[key], value.numpy())
                if value.dtype == tf.string
                else np.allclose(outputs[key], value.numpy(), atol=1e-5)
            )
            if not same:
                raise ExportError(
                    f"saved_model: the signature {name} gives another {key} in the C++ loader "
                    "than in Python, so a weight or a table was not saved with it"
                )
