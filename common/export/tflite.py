"""From a function to a TFLite file in one of four precisions, checked by reading it back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

from common.export.errors import ExportError
from common.export.operators import check_operators
from common.export.saved_model import save_signatures
from common.export.slimming import slim

PRECISIONS = ("float32", "float16", "dynamic", "int8")


def convert(
    function: Callable[..., Mapping[str, tf.Tensor]],
    inputs: Sequence[tf.TensorSpec],
    variables: Sequence[tf.Variable],
    *,
    artefacts: Mapping[str, str],
    signature: str,
    single_subgraph: bool,
    calibration: Callable[[], Iterable[Mapping[str, Any]]] | None = None,
) -> dict[str, bytes]:
    """Converts one function to TFLite in several precisions.

    Args:
        function: takes tensors by the names of `inputs`, returns tensors by name.
        inputs: their shapes, dtypes and names; every shape known.
        variables: all variables that the function reads.
        artefacts: the precision ("float32", "float16", "dynamic": weights in int8, or "int8":
            weights and activations in int8) of each artefact to make.
        signature: name of the signature in the files.
        single_subgraph: whether a loop in the graph is an error.
        calibration: for "int8": gives examples of the inputs, by name, as the model will see them.

    Returns:
        The file of each artefact.

    Raises:
        ExportError: an input has a free axis, the converter fails, or a file holds operators or
            subgraphs that it should not.
    """
    for spec in inputs:
        if not spec.shape.is_fully_defined():
            raise ExportError(
                f"input {spec.name!r} has shape {spec.shape}; TensorFlow Lite runtimes need every "
                "size known: give batch 1 and a fixed number of time steps"
            )
    files = {}
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "saved_model"
        save_signatures(saved, {signature: (function, inputs)}, variables)
        for artefact, precision in artefacts.items():
            model = _convert(saved, signature, artefact, precision, calibration)
            model = slim(model)
            check_operators(model, artefact, single_subgraph)
            files[artefact] = model
    return files


def _convert(
    saved: Path,
    signature: str,
    artefact: str,
    precision: str,
    calibration: Callable[[], Iterable[Mapping[str, Any]]] | None,
) -> bytes:
    if precision not in PRECISIONS:
        raise ValueError(f"precision must be one of {PRECISIONS}, got {precision!r}.")
    # A SavedModel, unlike a frozen function, keeps the names of the signature.
    converter = tf.lite.TFLiteConverter.from_saved_model(str(saved), signature_keys=[signature])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
    if precision != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if precision == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if precision == "int8":
        if calibration is None:
            raise ExportError(f"{artefact}: int8 needs examples of the inputs to calibrate on")
        examples = [dict(example) for example in calibration()]
        converter.representative_dataset = lambda: iter(examples)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    try:
        return bytes(converter.convert())
    except Exception as error:  # the converter raises many kinds, none with a public base
        raise ExportError(
            f"{artefact}: the TensorFlow Lite converter refused the graph: {error}"
        ) from error
