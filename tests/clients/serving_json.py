"""JSON of the stand-in for TF Serving, as the documentation of its REST API says.

Written from https://www.tensorflow.org/tfx/serving/api_rest and, where that is silent (which types
are taken for which, how a float is printed), from the behaviour of `util/json_tensor.cc`.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any

import grpc
import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
# Of each input by name: object for strings, otherwise its type.
Types = Mapping[str, type[Any]]


class Refusal(Exception):  # noqa: N818 - an answer, not an error of the stand-in
    """What the server answers instead."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def invalid(message: str) -> Refusal:
    """Returns the refusal of a request that is wrong."""
    return Refusal(grpc.StatusCode.INVALID_ARGUMENT, message)


def read_request(body: bytes, types_of: Callable[[str], Types]) -> tuple[str, Arrays, bool]:
    """Reads the body of a predict request.

    Args:
        body: JSON.
        types_of: gives the inputs of a signature.

    Returns:
        The signature (empty for the default), its inputs, and whether they came in rows.

    Raises:
        Refusal: the request is wrong.
    """
    try:
        request = json.loads(body)
    except ValueError as error:
        raise invalid(f"JSON Parse error: {error}") from error
    if not isinstance(request, dict):
        raise invalid("Is not object")
    signature = request.get("signature_name", "")
    if not isinstance(signature, str):
        raise invalid("'signature_name' key must be a string value.")
    types = types_of(signature)
    if "instances" in request and "inputs" in request:
        raise invalid("expecting only one of 'inputs' or 'instances' keys to exist")
    if "instances" in request:
        return signature, _from_rows(request["instances"], types), True
    if "inputs" in request:
        return signature, _from_columns(request["inputs"], types), False
    raise invalid("Missing 'inputs' or 'instances' key")


def _from_rows(rows: Any, types: Types) -> Arrays:
    if not isinstance(rows, list) or not rows:
        raise invalid("Expecting 'instances' to be a list with a value")
    if not _has_names(rows[0]):
        if len(types) > 1:
            raise invalid("instances is a plain list, but expecting list of objects")
        name = next(iter(types))
        if any(_has_names(row) for row in rows):
            raise invalid("Expecting value/list but got object")
        return {name: _array(rows, types[name])}
    for number, row in enumerate(rows):
        if not _has_names(row) or set(row) != set(types):
            keys = ",".join(sorted(types))
            raise invalid(f"Failed to process element: {number}, keys must be equal to: {keys}")
    return {name: _array([row[name] for row in rows], kind) for name, kind in types.items()}


def _from_columns(columns: Any, types: Types) -> Arrays:
    if not _has_names(columns):
        if len(types) > 1:
            raise invalid("inputs is a plain value/list, but expecting an object")
        name = next(iter(types))
        return {name: _array(columns, types[name])}
    if absent := set(types) - set(columns):
        raise invalid(f"Missing named input: {sorted(absent)[0]} in 'inputs' object.")
    return {name: _array(columns[name], kind) for name, kind in types.items()}


def _has_names(value: Any) -> bool:
    return isinstance(value, dict) and not _is_base64(value)


def _is_base64(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"b64"} and isinstance(value["b64"], str)


def _array(value: Any, kind: type[Any]) -> NDArray[Any]:
    """Returns nested lists as a tensor; they have to be of equal lengths."""
    shape = []
    level = value
    while isinstance(level, list):
        shape.append(len(level))
        level = level[0] if level else None
    leaves: list[Any] = []
    _collect(value, shape, kind, leaves)
    array = np.empty(len(leaves), kind)
    array[:] = leaves
    return array.reshape(shape)


def _collect(value: Any, shape: list[int], kind: type[Any], leaves: list[Any]) -> None:
    if not isinstance(value, list):
        if shape:
            raise invalid(f"JSON Value: {value!r} found at incorrect level")
        leaves.append(_leaf(value, kind))
        return
    if not shape or len(value) != shape[0]:
        raise invalid(f"Encountered list at unexpected size: {len(value)}")
    for one in value:
        _collect(one, shape[1:], kind, leaves)


def _leaf(value: Any, kind: type[Any]) -> Any:
    if kind is object and isinstance(value, str):
        try:
            return value.encode()
        except UnicodeEncodeError as error:  # half a surrogate pair
            raise invalid("JSON Parse error: The surrogate pair in string is invalid.") from error
    if kind is object and _is_base64(value):
        try:
            return base64.b64decode("".join(value["b64"].split()), validate=True)
        except binascii.Error as error:
            raise invalid("Unable to base64 decode") from error
    number = isinstance(value, int) and not isinstance(value, bool)
    if kind is not object and (
        number or (isinstance(value, float) and issubclass(kind, np.floating))
    ):
        return value
    raise invalid(f"JSON Value: {value!r} is not of expected type: {kind.__name__}")


def write_answer(outputs: Arrays, in_rows: bool) -> str:
    """Writes the outputs of a model, in the form of the request.

    Strings are written as text, but as base64 where the output's name ends in `_bytes`. A single
    output has no name.

    Raises:
        Refusal: they have no rows, or not the same number.
    """
    values = {name: _value(name, array) for name, array in outputs.items()}
    if not in_rows:
        only = next(iter(values.values()))
        return json.dumps({"outputs": values if len(values) > 1 else only}, ensure_ascii=False)
    if len({len(array) if array.ndim else -1 for array in outputs.values()}) > 1:
        raise invalid("a tensor has inconsistent batch size")
    rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    named = rows if len(values) > 1 else [next(iter(row.values())) for row in rows]
    return json.dumps({"predictions": named}, ensure_ascii=False)


def _value(name: str, array: NDArray[Any]) -> Any:
    if array.ndim:
        return [_value(name, one) for one in array] if array.ndim > 1 else _flat(name, array)
    return _flat(name, array.reshape(1))[0]


def _flat(name: str, array: NDArray[Any]) -> list[Any]:
    if array.dtype == object and name.endswith("_bytes"):
        return [{"b64": base64.b64encode(one).decode()} for one in array]
    if array.dtype == object:
        return [one.decode() for one in array]
    if array.dtype == np.float32:
        return [_printed(one) for one in array]
    return array.tolist()


def _printed(value: np.float32) -> float:
    """Returns the number that is printed: six digits where these give the float back, or nine."""
    short = float(f"{value:.6g}")
    return short if np.float32(short) == value else float(f"{value:.9g}")
