"""Write a SavedModel that TensorFlow's C++ loader, and so TF Serving, can load; and prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from common.export.errors import ExportError

Function = Callable[..., Mapping[str, tf.Tensor]]

WARMUP_FILE = "assets.extra/tf_serving_warmup_requests"


class _Servable(tf.Module):
    """What is saved: plain variables and tables, nothing of Keras.

    Keras wraps its variables; a module that tracks the wrappers saves a mapping to copies that only
    Python can follow, and neither the C++ loader nor the TFLite converter then finds the weights.
    """

    def __init__(self, variables: Sequence[tf.Variable], resources: Sequence[tf.Module]) -> None:
        super().__init__()
        self.saved_variables = list(variables)
        self.resources = list(resources)


def save_signatures(
    path: Path,
    signatures: Mapping[str, tuple[Function, Sequence[tf.TensorSpec]]],
    variables: Sequence[tf.Variable],
    resources: Sequence[tf.Module] = (),
) -> None:
    """Writes a SavedModel.

    Args:
        path: the folder to write.
        signatures: for each name the function and the specifications of its inputs (named, in the
            order of its arguments); it returns tensors by name.
        variables: all variables that the functions read (`tf.Variable`, not Keras's).
        resources: modules with lookup tables that the functions use.
    """
    module = _Servable(variables, resources)
    functions = {
        name: tf.function(function, input_signature=list(specs), autograph=False)
        for name, (function, specs) in signatures.items()
    }
    for name, function in functions.items():
        setattr(module, f"signature_{name}", function)
    tf.saved_model.save(module, str(path), signatures=functions)


def run_in_session(
    path: Path, requests: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[dict[str, NDArray[Any]]]:
    """Loads a SavedModel as TF Serving does, through the C++ session loader, and runs it.

    Args:
        path: the folder of one version.
        requests: pairs of signature and inputs by name.

    Returns:
        The outputs of each request by name.

    Raises:
        ExportError: the loader or the run fails.
    """
    v1 = tf.compat.v1
    try:
        with v1.Session(graph=tf.Graph()) as session:
            meta_graph = v1.saved_model.loader.load(session, ["serve"], str(path))
            results = []
            for signature, inputs in requests:
                if signature not in meta_graph.signature_def:  # a map would make one up
                    raise KeyError(signature)
                definition = meta_graph.signature_def[signature]
                feed = {definition.inputs[name].name: value for name, value in inputs.items()}
                fetch = {name: info.name for name, info in definition.outputs.items()}
                results.append(session.run(fetch, feed))
    except (tf.errors.OpError, KeyError) as error:
        raise ExportError(
            f"{path}: the SavedModel does not run in the C++ loader: {error}"
        ) from error
    return cast("list[dict[str, NDArray[Any]]]", results)


def write_warmup(
    path: Path, model_name: str, requests: Iterable[tuple[str, Mapping[str, Any]]]
) -> None:
    """Writes the requests that TF Serving sends to itself before it takes a new version live.

    Args:
        path: the folder of one version; the file is `assets.extra/tf_serving_warmup_requests`.
        model_name: name under which the model is served.
        requests: pairs of signature and inputs by name.
    """
    from tensorflow_serving.apis import predict_pb2, prediction_log_pb2

    file = path / WARMUP_FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    with tf.io.TFRecordWriter(str(file)) as writer:
        for signature, inputs in requests:
            request = predict_pb2.PredictRequest()
            request.model_spec.name = model_name
            request.model_spec.signature_name = signature
            for name, value in inputs.items():
                request.inputs[name].CopyFrom(tf.make_tensor_proto(value))
            log = prediction_log_pb2.PredictLog(request=request)
            record = prediction_log_pb2.PredictionLog(predict_log=log)
            writer.write(record.SerializeToString())


def read_warmup(path: Path) -> list[tuple[str, dict[str, NDArray[Any]]]]:
    """Reads back what `write_warmup` wrote: pairs of signature and inputs by name."""
    from tensorflow_serving.apis import prediction_log_pb2

    requests = []
    for record in tf.data.TFRecordDataset(str(path / WARMUP_FILE)).as_numpy_iterator():
        request = prediction_log_pb2.PredictionLog.FromString(record).predict_log.request
        inputs = {name: np.asarray(tf.make_ndarray(t)) for name, t in request.inputs.items()}
        requests.append((request.model_spec.signature_name, inputs))
    return requests
