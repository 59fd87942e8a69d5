"""From a function to a TFLite file in one of four precisions, checked by reading it back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

from common.export.chaining import chain
from common.export.errors import ExportError
from common.export.operators import check_operators
from common.export.saved_model import save_signatures
from common.export.slimming import slim

PRECISIONS = ("float32", "float16", "dynamic", "int8")
# Weights in 8 bits, what flows between them in 16: for a state that is carried on for hundreds of
# steps, which in 8 bits loses every change that is smaller than 1/256 of its range.
INT16_ACTIVATIONS = "int16x8"

Function = Callable[..., Mapping[str, tf.Tensor]]


def convert_many(
    signatures: Mapping[str, tuple[Function, Sequence[tf.TensorSpec]]],
    variables: Sequence[tf.Variable],
    artefacts: Mapping[str, str],
) -> dict[str, bytes]:
    """Converts several functions to one TFLite file, in which every weight is stored once.

    Args:
        signatures: for each name the function and the specifications of its inputs, as in
            `convert`; loops are allowed.
        variables: all variables that the functions read.
        artefacts: the precision of each artefact to make: one of those that need no calibration.

    Returns:
        The file of each artefact.

    Raises:
        ExportError: an input has a free axis, the converter fails, or a file holds operators that
            are no builtins.
    """
    for _, inputs in signatures.values():
        _check_sizes(inputs)
    files = {}
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "saved_model"
        save_signatures(saved, signatures, variables)
        for artefact, precision in artefacts.items():
            files[artefact] = slim(_convert(saved, list(signatures), artefact, precision, None))
            check_operators(files[artefact], artefact, single_subgraph=False)
    return files


def convert(
    function: Function,
    inputs: Sequence[tf.TensorSpec],
    variables: Sequence[tf.Variable],
    *,
    artefacts: Mapping[str, str],
    signature: str,
    single_subgraph: bool,
    calibration: Callable[[], Iterable[Mapping[str, Any]]] | None = None,
    front_end: tuple[Function, Sequence[tf.TensorSpec]] | None = None,
    front_precision: str = "float32",
) -> dict[str, bytes]:
    """Converts one function to TFLite in several precisions.

    Args:
        function: takes tensors by the names of `inputs`, returns tensors by name.
        inputs: their shapes, dtypes and names; every shape known.
        variables: all variables that the function reads.
        artefacts: the precision ("float32", "float16", "dynamic": weights in int8, "int8": weights
            and activations in int8, or "int16x8": weights in int8, activations in int16) of each
            artefact to make.
        signature: name of the signature in the files.
        single_subgraph: whether a loop in the graph is an error.
        calibration: for "int8" and "int16x8": gives examples of the inputs, by name, as the model
            will see them.
        front_end: a function with its inputs, whose outputs feed inputs of `function` by name.
            Examples for calibration are inputs of the whole.
        front_precision: of the front end, the same in every artefact.

    Returns:
        The file of each artefact.

    Raises:
        ExportError: an input has a free axis, the converter fails, or a file holds operators or
            subgraphs that it should not.
    """
    _check_sizes([*inputs, *(front_end[1] if front_end else [])])
    files = {}
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "saved_model"
        save_signatures(saved, {signature: (function, inputs)}, variables)
        front = b""
        if front_end is not None:
            saved_front = Path(folder) / "front_end"
            save_signatures(saved_front, {signature: front_end}, variables)
            names = [spec.name for spec in front_end[1]]
            own = None if calibration is None else _only(names, calibration)
            front = _convert(saved_front, [signature], "front end", front_precision, own)
            if calibration is not None:
                calibration = _through(front_end, inputs, calibration)
        for artefact, precision in artefacts.items():
            model = _convert(saved, [signature], artefact, precision, calibration)
            if front:
                model = chain(front, model)
            model = slim(model)
            check_operators(model, artefact, single_subgraph)
            files[artefact] = model
    return files


def convert_joined(
    front: tuple[Function, Sequence[tf.TensorSpec]],
    calibration: Callable[[], Iterable[Mapping[str, Any]]],
    network: tuple[Function, Sequence[tf.TensorSpec]],
    variables: Sequence[tf.Variable],
    *,
    artefact: str,
    signature: str,
) -> bytes:
    """Converts a function to int8 in front of another that stays in float and may hold loops.

    Args:
        front: the first function, whose outputs feed inputs of the second by name, and the
            specifications of its inputs, as in `convert`.
        calibration: gives examples of its inputs, by name.
        network: the second function with its inputs.
        variables: all variables that the functions read.
        artefact: what to call the file in an error.
        signature: name of the signature in the file.

    Raises:
        ExportError: as in `convert`.
    """
    _check_sizes([*front[1], *network[1]])
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for function, precision, examples in (
            (front, "int8", calibration),
            (network, "float32", None),
        ):
            saved = Path(folder) / precision
            save_signatures(saved, {signature: function}, variables)
            parts.append(_convert(saved, [signature], artefact, precision, examples))
    model = slim(chain(*parts))
    check_operators(model, artefact, single_subgraph=False)
    return model


def _check_sizes(inputs: Iterable[tf.TensorSpec]) -> None:
    for spec in inputs:
        if not spec.shape.is_fully_defined():
            raise ExportError(
                f"input {spec.name!r} has shape {spec.shape}; TensorFlow Lite runtimes need every "
                "size known: give batch 1 and a fixed number of time steps"
            )


def _only(
    names: Sequence[str], calibration: Callable[[], Iterable[Mapping[str, Any]]]
) -> Callable[[], Iterable[Mapping[str, Any]]]:
    """Returns the examples with these inputs alone."""
    return lambda: ({name: example[name] for name in names} for example in calibration())


def _through(
    front_end: tuple[Function, Sequence[tf.TensorSpec]],
    inputs: Sequence[tf.TensorSpec],
    calibration: Callable[[], Iterable[Mapping[str, Any]]],
) -> Callable[[], Iterable[Mapping[str, Any]]]:
    """Returns examples for the network alone, made from examples for front end and network."""
    function, specs = front_end
    run = tf.function(function, input_signature=list(specs), autograph=False)

    def examples() -> Iterable[Mapping[str, Any]]:
        for example in calibration():
            given = run(*(tf.constant(example[spec.name]) for spec in specs))
            every = {**example, **{name: value.numpy() for name, value in given.items()}}
            yield {spec.name: every[spec.name] for spec in inputs}

    return examples


def _convert(
    saved: Path,
    signatures: list[str],
    artefact: str,
    precision: str,
    calibration: Callable[[], Iterable[Mapping[str, Any]]] | None,
) -> bytes:
    known = (*PRECISIONS, INT16_ACTIVATIONS)
    if precision not in known:
        raise ValueError(f"precision must be one of {known}, got {precision!r}.")
    # A SavedModel, unlike a frozen function, keeps the names of the signature.
    converter = tf.lite.TFLiteConverter.from_saved_model(str(saved), signature_keys=signatures)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    if precision != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if precision == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if precision in ("int8", INT16_ACTIVATIONS):
        if calibration is None:
            raise ExportError(f"{artefact}: int8 needs examples of the inputs to calibrate on")
        examples = [dict(example) for example in calibration()]
        converter.representative_dataset = lambda: iter(examples)
        operators = tf.lite.OpsSet.TFLITE_BUILTINS_INT8
        if precision == INT16_ACTIVATIONS:
            operators = tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
        converter.target_spec.supported_ops = [operators]
    try:
        return bytes(converter.convert())
    except Exception as error:  # the converter raises many kinds, none with a public base
        raise ExportError(
            f"{artefact}: the TensorFlow Lite converter refused the graph: {error}"
        ) from error
