"""A stand-in for TF Serving: its protocol before TensorFlow's C++ loader. It is not TF Serving.

What is real: the messages, by gRPC's and TF Serving's own packages; the C++ session that runs a
SavedModel. What is imitated from the published documentation: the REST API, its JSON, the codes
of errors. What is missing: batching, loading of new versions, warm-up.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import tensorflow as tf
import yaml
from google.protobuf import json_format, text_format
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)
from tensorflow_serving.config import model_server_config_pb2

from tests.clients.serving_json import Arrays, Refusal, invalid, read_request, write_answer

_DEFAULT = "serving_default"
_HTTP_STATUS = {
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.FAILED_PRECONDITION: 400,
    grpc.StatusCode.NOT_FOUND: 404,
}
_PREDICT = re.compile(r"/v1/models/([^/:]+)(?:/versions/(\d+))?:predict")
_STATUS = re.compile(r"/v1/models/([^/:]+)(?:/versions/(\d+))?")
_FIELDS = {np.float32: "float_val", np.int32: "int_val", np.object_: "string_val"}


class Servable:
    """The newest version of a model in a C++ session."""

    def __init__(self, base_path: Path) -> None:
        v1 = tf.compat.v1
        self.version = max(int(p.name) for p in base_path.iterdir() if p.name.isdigit())
        self._session = v1.Session(graph=tf.Graph())
        path = base_path / str(self.version)
        with self._session.graph.as_default():
            loaded = v1.saved_model.loader.load(self._session, ["serve"], str(path))
        self.signatures = dict(loaded.signature_def)

    def close(self) -> None:
        self._session.close()

    def types(self, signature: str) -> dict[str, Any]:
        """Returns the types of the inputs of a signature."""
        definition = self.signatures.get(signature or _DEFAULT)
        if definition is None:
            raise invalid(f'Serving signature name: "{signature}" not found in signature def')
        types = {name: tf.as_dtype(info.dtype) for name, info in definition.inputs.items()}
        return {n: object if t == tf.string else t.as_numpy_dtype for n, t in types.items()}

    def run(self, signature: str, inputs: Mapping[str, Any]) -> Arrays:
        """Runs a signature."""
        definition = self.signatures.get(signature or _DEFAULT)
        if definition is None:
            raise Refusal(
                grpc.StatusCode.FAILED_PRECONDITION,
                f'Serving signature key "{signature}" not found.',
            )
        if set(inputs) != set(definition.inputs):
            raise invalid("input size does not match signature")
        for name, kind in self.types(signature).items():
            if inputs[name].dtype != kind:
                raise invalid(f"{name} is expected to be {kind}, but {inputs[name].dtype} is given")
        feed = {definition.inputs[name].name: value for name, value in inputs.items()}
        fetch = {name: info.name for name, info in definition.outputs.items()}
        try:
            return self._session.run(fetch, feed)
        except tf.errors.OpError as error:
            code = next(c for c in grpc.StatusCode if c.value[0] == error.error_code)
            raise Refusal(code, error.message) from error
        except (TypeError, ValueError) as error:
            raise invalid(str(error)) from error


def as_message(signature: str, name: str, version: int, outputs: Arrays) -> Any:
    """Returns a `PredictResponse`, its values in the fields of their types as the server does."""
    response = predict_pb2.PredictResponse()
    response.model_spec.name = name
    response.model_spec.signature_name = signature or _DEFAULT
    response.model_spec.version.value = version
    for key, value in outputs.items():
        tensor = response.outputs[key]
        tensor.dtype = tf.as_dtype(value.dtype).as_datatype_enum
        for size in value.shape:
            tensor.tensor_shape.dim.add().size = size
        getattr(tensor, _FIELDS[value.dtype.type]).extend(value.reshape(-1))
    return response


@dataclass
class StandIn:
    """A running stand-in.

    Attributes:
        rest_port, grpc_port: where it listens, on the loopback alone.
        spoil: changes what a model answers; for negative controls.
    """

    models: dict[str, Servable]
    rest_port: int = 0
    grpc_port: int = 0
    spoil: Callable[[Arrays], Arrays] = lambda outputs: outputs

    def model(self, name: str, version: int | None = None) -> Servable:
        """Returns a model that is served."""
        found = self.models.get(name)
        if found is None or version not in (None, 0, found.version):
            which = f"Specific({name}, {version})" if version else f"Latest({name})"
            raise Refusal(grpc.StatusCode.NOT_FOUND, f"Servable not found for request: {which}")
        return found

    def run(self, model: Servable, signature: str, inputs: Mapping[str, Any]) -> Arrays:
        """Runs a model."""
        return self.spoil(model.run(signature, inputs))

    def predict(self, request: Any) -> Any:
        """Answers a `PredictRequest`."""
        spec = request.model_spec
        model = self.model(spec.name, spec.version.value)
        inputs = {name: tf.make_ndarray(value) for name, value in request.inputs.items()}
        outputs = self.run(model, spec.signature_name, inputs)
        kept = request.output_filter or outputs
        outputs = {name: outputs[name] for name in kept}
        return as_message(spec.signature_name, spec.name, model.version, outputs)

    def metadata(self, request: Any) -> Any:
        """Answers a `GetModelMetadataRequest`."""
        name = request.model_spec.name
        model = self.model(name, request.model_spec.version.value)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        for key, definition in model.signatures.items():
            signatures.signature_def[key].CopyFrom(definition)
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        response.model_spec.name = name
        response.model_spec.version.value = model.version
        response.metadata["signature_def"].Pack(signatures)
        return response

    def status(self, request: Any) -> Any:
        """Answers a `GetModelStatusRequest`."""
        model = self.model(request.model_spec.name, request.model_spec.version.value)
        response = get_model_status_pb2.GetModelStatusResponse()
        one = response.model_version_status.add()
        one.version, one.state = model.version, one.AVAILABLE
        one.status.SetInParent()
        return response

    def post(self, path: str, body: bytes) -> str:
        """Answers a POST request with JSON."""
        found = _PREDICT.fullmatch(path)
        if found is None:
            raise invalid(f"Malformed request: POST {path}")
        model = self.model(found[1], int(found[2] or 0))
        signature, inputs, in_rows = read_request(body, model.types)
        return write_answer(self.run(model, signature, inputs), in_rows)

    def get(self, path: str) -> str:
        """Answers a GET request with JSON."""
        found = _STATUS.fullmatch(path)
        if found is None:
            raise invalid(f"Malformed request: GET {path}")
        request = get_model_status_pb2.GetModelStatusRequest()
        request.model_spec.name = found[1]
        request.model_spec.version.value = int(found[2] or 0)
        return json_format.MessageToJson(
            self.status(request),
            preserving_proto_field_name=True,
            always_print_fields_with_no_presence=True,
        )


def base_paths(folder: Path) -> dict[str, Path]:
    """Returns what the image would serve, started in a folder that `make serve` wrote.

    The names and base paths of `models.config`, through the mounts of `compose.yaml`.
    """
    service = yaml.safe_load((folder / "compose.yaml").read_text())["services"]["serving"]
    mounts = {m["target"]: folder / m["source"].replace("$$", "$") for m in service["volumes"]}
    (flag,) = (f for f in service["command"] if f.startswith("--model_config_file="))
    file = mounts[flag.partition("=")[2]]
    config = text_format.Parse(file.read_text(), model_server_config_pb2.ModelServerConfig())
    return {one.name: mounts[one.base_path] for one in config.model_config_list.config}


@contextmanager
def standing_in(models: Mapping[str, Path]) -> Iterator[StandIn]:
    """Serves base paths by name, until the block ends."""
    stand_in = StandIn({name: Servable(path) for name, path in models.items()})
    server = grpc.server(
        ThreadPoolExecutor(2), options=[("grpc.max_receive_message_length", 2**31 - 1)]
    )
    _add_services(stand_in, server)
    stand_in.grpc_port = server.add_insecure_port("127.0.0.1:0")
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stand_in))
    stand_in.rest_port = http.server_address[1]
    server.start()
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        http.shutdown()
        http.server_close()
        server.stop(None).wait()
        for model in stand_in.models.values():
            model.close()


def _add_services(stand_in: StandIn, server: grpc.Server) -> None:
    def answering(method: Callable[[Any], Any]) -> Callable[[Any, Any, Any], Any]:
        def answer(self: Any, request: Any, context: Any) -> Any:
            try:
                return method(request)
            except Refusal as refusal:
                return context.abort(refusal.code, refusal.message)

        return answer

    class Predictions(prediction_service_pb2_grpc.PredictionServiceServicer):
        Predict = answering(stand_in.predict)
        GetModelMetadata = answering(stand_in.metadata)

    class Models(model_service_pb2_grpc.ModelServiceServicer):
        GetModelStatus = answering(stand_in.status)

    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(Predictions(), server)
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(Models(), server)


def _handler(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(lambda: stand_in.get(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(lambda: stand_in.post(self.path, body))

        def _answer(self, make: Callable[[], str]) -> None:
            try:
                status, text = 200, make()
            except Refusal as refusal:
                status = _HTTP_STATUS.get(refusal.code, 500)
                text = json.dumps({"error": refusal.message})
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Says nothing."""

    return Handler
