"""Export a trained classifier in its three families: server, phone, one time step."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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
from common.classification.fitting import save_without_optimizer
from common.export.errors import ExportError
from common.export.saved_model import read_warmup, run_in_session, save_signatures, write_warmup
from common.export.tflite import PRECISIONS, convert
from common.progress import Progress
from common.recurrent.layer import unfolded_as

_CALIBRATION_EXAMPLES = 200
# Steps of each calibration example, spread over its length: late states range farther than early
# ones, and a state changes little from one step to the next.
_CALIBRATION_STEPS = 24


def export_all(
    application: ClassifierApplication,
    model: Any,
    front_end: FrontEnd,
    labels: Sequence[str],
    train_inputs: Sequence[Any],
    folder: Path,
    version: str,
    progress: Progress,
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
        without: TFLite artefacts to leave out.

    Raises:
        ExportError: an artefact cannot be made.
    """
    progress.say("exporting: keras")
    save_without_optimizer(model, artefact_path(folder, "keras"))
    progress.say("exporting: saved_model")
    path = artefact_path(folder, "saved_model")
    _save_for_server(application, model, front_end, labels, train_inputs[:8], path)

    chosen = np.linspace(0, len(train_inputs) - 1, min(_CALIBRATION_EXAMPLES, len(train_inputs)))
    encoded = [front_end.encode(train_inputs[int(i)]) for i in chosen]
    variables = [v.value for v in model.variables]

    phone = application.phone_function(model, front_end)

    def calibration() -> Iterator[Mapping[str, Array]]:
        (spec,) = phone.inputs
        for one in encoded:
            yield {spec.name: front_end.pad([one], front_end.max_timesteps)}

    def convert_all(
        function: TensorFunction,
        form: str,
        signature: str,
        artefacts: Mapping[str, str],
        examples: Callable[[], Iterator[Mapping[str, Array]]],
    ) -> None:
        wanted = {a: precision for a, precision in artefacts.items() if a not in without}
        if not wanted:
            return
        progress.say(f"exporting: {', '.join(wanted)}")
        files = convert(
            _as(form, function.function),
            function.inputs,
            variables,
            artefacts=wanted,
            signature=signature,
            single_subgraph=form == "unrolled",
            calibration=examples,
        )
        for artefact, content in files.items():
            target = artefact_path(folder, artefact)
            target.parent.mkdir(exist_ok=True)
            packed = application.add_metadata(content, artefact, front_end, labels, version)
            target.write_bytes(packed)

    precisions = {precision: precision for precision in PRECISIONS}
    convert_all(phone, "unrolled", "classify", precisions, calibration)
    convert_all(phone, "loop", "classify", {"loop": "float32"}, calibration)
    step = application.step_function(model, front_end)
    if step is None:
        progress.say("this network has no one-step form")
        return
    convert_all(
        step,
        "unrolled",
        "step",
        {"step": "float32", "step_int8": "int8"},
        lambda: _visited_states(application, step, encoded),
    )


def _as(form: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def traced(*arguments: Any) -> Any:
        with unfolded_as(form):
            return function(*arguments)

    return traced


def _visited_states(
    application: ClassifierApplication, step: TensorFunction, encoded: Sequence[Array]
) -> Iterator[dict[str, Array]]:
    """Yields the inputs of the step on states that the float network really comes to."""
    import tensorflow as tf

    run = tf.function(step.function, input_signature=list(step.inputs), autograph=False)
    first, *states = step.inputs
    for one in encoded:
        values = [np.zeros(s.shape, s.dtype.as_numpy_dtype) for s in states]
        stride = -(-len(one) // _CALIBRATION_STEPS)
        for index, x in enumerate(application.steps(one)):
            if index % stride == 0:
                yield {first.name: x, **{s.name: v for s, v in zip(states, values, strict=True)}}
            outputs = run(x, *values)
            values = [outputs[s.name].numpy() for s in states]


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
