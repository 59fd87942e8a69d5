"""Clients of a running TF Serving: REST with the standard library, gRPC with its own package.

Proxies are passed by: the server is named by its address. The forms of requests and answers are
those of the server's documentation of its REST API and of its protocol buffers.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Protocol
from urllib.parse import quote

from common.errors import UserError, one_line
from common.serving.golden import rest_body

TIMEOUT = 120.0

Outputs = dict[str, Any]


class Refused(Exception):  # noqa: N818 - an answer of the server's, not an error of this program
    """The server is there and refuses the request; the message is what it says."""


class Client(Protocol):
    """Asks a server."""

    protocol: str

    def predict(self, model: str, signature: str, raw: Sequence[str | bytes]) -> Outputs:
        """Asks a signature with one input, of strings.

        Args:
            model: its name.
            signature: its name.
            raw: the rows.

        Returns:
            For each output by name its rows.

        Raises:
            Refused: the server does not answer the request.
            UserError: no server answers.
        """


class RestClient:
    """Asks by HTTP and JSON."""

    protocol = "REST"

    def __init__(self, host: str, port: int, timeout: float = TIMEOUT) -> None:
        self._host, self._port, self._timeout = host, port, timeout

    def predict(self, model: str, signature: str, raw: Sequence[str | bytes]) -> Outputs:
        """See `Client`."""
        answer = self._ask("POST", f"{_path(model)}:predict", rest_body(signature, raw))
        rows = answer.get("predictions")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Refused(f"an answer without rows of predictions: {one_line(answer)}")
        return {name: [row.get(name) for row in rows] for name in (rows[0] if rows else {})}

    def version(self, model: str) -> str:
        """Returns the version of a model that can be asked.

        Raises:
            Refused: the server does not have it, or it is not available.
            UserError: no server answers.
        """
        found = self._ask("GET", _path(model)).get("model_version_status", [])
        for one in found:
            if one.get("state") == "AVAILABLE":
                return str(one["version"])
        raise Refused(f"no version is available: {one_line(found)}")

    def _ask(self, method: str, path: str, body: str | None = None) -> dict[str, Any]:
        place = f"http://{self._host}:{self._port}"
        try:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
            try:
                headers = {"Content-Type": "application/json"}
                connection.request(method, path, body and body.encode(), headers)
                response = connection.getresponse()
                content, status = response.read(), response.status
            finally:
                connection.close()
        except (OSError, UnicodeError, http.client.HTTPException) as error:
            raise UserError(
                f"{place}: no TF Serving answers there by REST "
                f"({one_line(error) or type(error).__name__}); start it, or give --host, "
                "--rest-port, --timeout"
            ) from error
        try:
            answer = json.loads(content)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise UserError(
                f"{place}: answers, but not as TF Serving does (status {status}, "
                f"{one_line(content[:80])}); give --rest-port its port for REST"
            )
        if status != 200 or "error" in answer:
            raise Refused(one_line(answer.get("error", f"status {status}")))
        return answer


def _path(model: str) -> str:
    return f"/v1/models/{quote(model, safe='')}"


class GrpcClient:
    """Asks by gRPC; a context manager.

    Raises:
        ImportError: the package `tensorflow-serving-api` is not installed.
    """

    protocol = "gRPC"

    def __init__(self, host: str, port: int, timeout: float = TIMEOUT) -> None:
        import grpc
        from tensorflow_serving.apis import prediction_service_pb2_grpc

        self._place, self._timeout = f"{host}:{port}", timeout
        options = [("grpc.enable_http_proxy", 0), ("grpc.max_receive_message_length", -1)]
        self._channel = grpc.insecure_channel(self._place, options)
        self._stub = prediction_service_pb2_grpc.PredictionServiceStub(self._channel)

    def __enter__(self) -> GrpcClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._channel.close()

    def predict(self, model: str, signature: str, raw: Sequence[str | bytes]) -> Outputs:
        """See `Client`."""
        import tensorflow as tf
        from tensorflow_serving.apis import predict_pb2

        request = predict_pb2.PredictRequest()
        request.model_spec.name = model
        request.model_spec.signature_name = signature
        rows = [one.encode() if isinstance(one, str) else one for one in raw]
        tensor = tf.make_tensor_proto(rows, tf.string, [len(rows)])
        request.inputs[self._input(model, signature)].CopyFrom(tensor)
        answer = self._call(self._stub.Predict, request)
        return {name: _rows(tf.make_ndarray(value)) for name, value in answer.outputs.items()}

    def _input(self, model: str, signature: str) -> str:
        """Returns the name of the one input of a signature, as the server knows it."""
        from tensorflow_serving.apis import get_model_metadata_pb2

        request = get_model_metadata_pb2.GetModelMetadataRequest()
        request.model_spec.name = model
        request.metadata_field.append("signature_def")
        signatures = get_model_metadata_pb2.SignatureDefMap()
        self._call(self._stub.GetModelMetadata, request).metadata["signature_def"].Unpack(
            signatures
        )
        names = list(signatures.signature_def[signature].inputs)
        if len(names) != 1:
            raise Refused(f"the signature {signature} has {len(names)} inputs, not one")
        return names[0]

    def _call(self, method: Any, request: Any) -> Any:
        import grpc

        try:
            return method(request, timeout=self._timeout)
        except grpc.RpcError as error:
            code = error.code()
            if code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
                raise UserError(
                    f"{self._place}: no TF Serving answers there by gRPC "
                    f"({one_line(error.details())}); start it, or give --host, --grpc-port, "
                    "--timeout, or --no-grpc"
                ) from error
            raise Refused(one_line(error.details())) from error


def _rows(values: Any) -> list[Any]:
    if values.dtype == object:
        return [value.decode("utf-8", "replace") for value in values.reshape(-1)]
    return list(values)
