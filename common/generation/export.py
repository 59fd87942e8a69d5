"""Export a trained generator: for Keras, for servers, and for phones.

A TFLite file is in one of three precisions; "dynamic" keeps all large matrices, those of the
vocabularies among them, in 8 bits, and computes in float what flows between them. The first part
of an encoder, if it has no loops, can be int8 as a whole, in front of the rest in float.

There is no full int8. TensorFlow 2.21's converter crashes with a segmentation fault at every
signature that holds a loop. It does convert the step, but there what hides padding from attention,
-1e9, becomes the range of 8 bits, in which no score is left: attention was wrong by 0.5, and two
tokens of three were others. And it would be no smaller.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from common.bundle import artefact_path
from common.export.errors import ExportError
from common.export.saved_model import read_warmup, run_in_session, save_signatures, write_warmup
from common.export.tflite import convert_joined, convert_many
from common.generation.application import (
    Array,
    FrontEnd,
    GeneratorApplication,
    QuantisedEncoder,
)
from common.generation.metadata import pack
from common.generation.network import Generator
from common.generation.settings import GeneratorSettings
from common.generation.signatures import FEATURES, TENSORS, GeneratorFunctions, Signatures
from common.progress import Progress

PRECISIONS = ("float32", "float16", "dynamic")

_WARMUP_INPUTS = 8
# A signature is broken if fewer rows than this agree. Not all need to: where two tokens tie within
# the rounding of float32 the loader may take the other one, and goes on with another sentence.
_AGREEING = 0.5


def export_all(
    application: GeneratorApplication,
    model: Generator,
    front_end: FrontEnd,
    settings: GeneratorSettings,
    examples: Sequence[Any],
    folder: Path,
    version: str,
    progress: Progress,
    without: Collection[str] = (),
) -> None:
    """Writes every artefact of a network into the folder of a bundle.

    Args:
        application: whose network it is.
        model: the trained network.
        front_end: of the network.
        settings: width and length penalty of beam search.
        examples: raw inputs of the training split; the first few become warm-up requests.
        folder: of the bundle.
        version: of the model, for the metadata.
        progress: told about every artefact.
        without: TFLite artefacts to leave out.

    Raises:
        ExportError: an artefact cannot be made.
    """
    functions = GeneratorFunctions(application, model, front_end, settings)
    progress.say("exporting: keras")
    model.save(artefact_path(folder, "keras"))
    progress.say("exporting: saved_model")
    _save_for_server(functions, examples, artefact_path(folder, "saved_model"))
    wanted = [precision for precision in PRECISIONS if precision not in without]
    if not wanted:
        return
    progress.say(f"exporting: {', '.join(wanted)}")
    _save_for_phone(functions, wanted, folder, version)
    quantised = application.quantised_encoder(model, front_end, examples)
    if quantised is None:
        progress.say(
            "not exported: int8, TensorFlow Lite's converter crashes at loops; see dynamic"
        )
    elif "int8" not in without:
        progress.say("exporting: int8, the first part of the encoder; the rest stays in float")
        _save_int8(functions, quantised, artefact_path(folder, "int8"), version)


def _save_int8(
    functions: GeneratorFunctions, quantised: QuantisedEncoder, path: Path, version: str
) -> None:
    application, front_end = functions.application, functions.front_end
    name = application.input_name
    content = convert_joined(
        (
            lambda given: {FEATURES: quantised.function(given)},
            [application.input_spec(front_end, 1)],
        ),
        lambda: ({name: given} for given in quantised.calibration()),
        functions.behind(quantised.function)[application.signature],
        [variable.value for variable in functions.model.variables],
        artefact="int8",
        signature=application.signature,
    )
    path.write_bytes(pack(content, application, front_end, version))


def _save_for_phone(
    functions: GeneratorFunctions, precisions: Sequence[str], folder: Path, version: str
) -> None:
    files = convert_many(
        functions.for_phone(),
        [variable.value for variable in functions.model.variables],
        {precision: precision for precision in precisions},
    )
    for artefact, content in files.items():
        path = artefact_path(folder, artefact)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(pack(content, functions.application, functions.front_end, version))


def _save_for_server(functions: GeneratorFunctions, examples: Sequence[Any], path: Path) -> None:
    """Writes the SavedModel with its warm-up requests, and runs these in the C++ loader."""
    signatures, modules = functions.for_server()
    variables = [variable.value for variable in functions.model.variables]
    save_signatures(path, signatures, variables, modules)
    requests = _warmup_requests(functions, signatures, examples)
    write_warmup(path, functions.application.name, requests)
    replayed = read_warmup(path)
    for (name, request), outputs in zip(replayed, run_in_session(path, replayed), strict=True):
        function, specs = signatures[name]
        expected = function(*(tf.constant(request[spec.name]) for spec in specs))
        _check_agreement(name, outputs, {key: value.numpy() for key, value in expected.items()})


def _warmup_requests(
    functions: GeneratorFunctions, signatures: Signatures, examples: Sequence[Any]
) -> list[tuple[str, dict[str, Array]]]:
    """Returns requests of one input and of several, for each signature."""
    front_end = functions.front_end
    parts = [part for raw in examples[:_WARMUP_INPUTS] for part in front_end.parts(raw)]
    requests = []
    for name, (_, (spec,)) in signatures.items():
        for raw in (parts[:1], parts[:_WARMUP_INPUTS]):
            if name == TENSORS:
                encoded = [front_end.encode(part) for part in raw]
                timesteps = front_end.max_timesteps and max([1, *map(len, encoded)])
                given = front_end.pad(encoded, timesteps)
            else:
                given = functions.application.request(front_end, raw)
            requests.append((name, {spec.name: given}))
    return requests


def _check_agreement(
    signature: str, outputs: Mapping[str, Array], expected: Mapping[str, Array]
) -> None:
    for key, value in expected.items():
        same = [_same(*rows) for rows in zip(outputs[key], value, strict=True)]
        if np.mean(same) < _AGREEING:
            raise ExportError(
                f"saved_model: the signature {signature} gives another {key} in the C++ loader "
                "than in Python, so a weight or a table was not saved with it"
            )


def _same(one: Any, other: Any) -> bool:
    if np.asarray(other).dtype.kind == "f":
        return bool(np.allclose(one, other, atol=1e-4))
    return bool(np.array_equal(one, other))
