"""A script: TensorFlow's C++ loader of SavedModels, by the C API; no Python of TensorFlow.

`TF_LoadSessionFromSavedModel` is the function that TF Serving loads a model with. The declarations
are those of `tensorflow/c/c_api.h`, `tf_tensor.h` and `tf_tstring.h`.
"""

from __future__ import annotations

import ctypes as c
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from answering import answer_all
from numpy.typing import NDArray

_STRING = 7
_TYPES = {1: np.float32, 3: np.int32, 4: np.uint8, 9: np.int64}
_STRING_SIZE = 24  # of TF_TString
_FRAMEWORK = (
    *("NewStatus", "GetCode", "Message", "AllocateTensor", "DeleteTensor"),
    *("TensorData", "TensorType", "NumDims", "Dim", "TensorByteSize"),
)


class _Output(c.Structure):
    _fields_ = (("operation", c.c_void_p), ("index", c.c_int))


class Library:
    """The functions of `libtensorflow_cc` and `libtensorflow_framework`.

    Args:
        folder: of the two.
    """

    def __init__(self, folder: str) -> None:
        self._framework = c.CDLL(f"{folder}/libtensorflow_framework.so.2", c.RTLD_GLOBAL)
        self._whole = c.CDLL(f"{folder}/libtensorflow_cc.so.2")

    def call(self, name: str, returns: Any, *arguments: Any) -> Any:
        """Calls `TF_<name>`."""
        library = self._framework if name in _FRAMEWORK else self._whole
        function = library[f"TF_{name}"]
        function.restype = returns
        return function(*arguments)


class SavedModel:
    """A SavedModel in a session of its own.

    Args:
        library: that loads it.
        path: the folder of one version.

    Raises:
        RuntimeError: the loader says that it cannot.
    """

    def __init__(self, library: Library, path: str) -> None:
        self._call = library.call
        self._status = c.c_void_p(self._call("NewStatus", c.c_void_p))
        self._graph = c.c_void_p(self._call("NewGraph", c.c_void_p))
        options = c.c_void_p(self._call("NewSessionOptions", c.c_void_p))
        tags = (c.c_char_p * 1)(b"serve")
        given = (options, None, path.encode(), tags, 1, self._graph, None, self._status)
        self._session = c.c_void_p(self._call("LoadSessionFromSavedModel", c.c_void_p, *given))
        self._check()

    def run(self, inputs: Mapping[str, NDArray[Any]], outputs: Sequence[str]) -> list[NDArray[Any]]:
        """Returns the values of tensors such as "StatefulPartitionedCall:0".

        Raises:
            RuntimeError: the graph says that it cannot.
        """
        feeds = [self._tensor(value) for value in inputs.values()]
        found = (c.c_void_p * len(outputs))()
        self._call(
            "SessionRun",
            None,
            self._session,
            None,
            self._outputs(list(inputs)),
            (c.c_void_p * len(feeds))(*feeds),
            len(feeds),
            self._outputs(outputs),
            found,
            len(outputs),
            None,
            0,
            None,
            self._status,
        )
        for tensor in feeds:
            self._call("DeleteTensor", None, c.c_void_p(tensor))
        self._check()
        return [self._value(c.c_void_p(tensor)) for tensor in found]

    def _check(self) -> None:
        if self._call("GetCode", c.c_int, self._status):
            raise RuntimeError(self._call("Message", c.c_char_p, self._status).decode())

    def _outputs(self, names: Sequence[str]) -> Any:
        array = (_Output * len(names))()
        for one, name in zip(array, names, strict=True):
            operation, index = name.split(":")
            one.operation = self._call(
                "GraphOperationByName", c.c_void_p, self._graph, operation.encode()
            )
            one.index = int(index)
            if not one.operation:
                raise RuntimeError(f"the graph has no {operation}")
        return array

    def _tensor(self, value: NDArray[Any]) -> int:
        text = value.dtype == object
        code = _STRING if text else next(k for k, v in _TYPES.items() if v == value.dtype)
        size = value.size * _STRING_SIZE if text else value.nbytes
        shape = (c.c_int64 * value.ndim)(*value.shape)
        tensor = self._call("AllocateTensor", c.c_void_p, code, shape, value.ndim, c.c_size_t(size))
        data = self._call("TensorData", c.c_void_p, c.c_void_p(tensor))
        if not text:
            c.memmove(data, np.ascontiguousarray(value).ctypes.data, size)
            return int(tensor)
        for place, content in enumerate(value.reshape(-1)):
            string = c.c_void_p(data + place * _STRING_SIZE)
            self._call("StringInit", None, string)
            self._call("StringCopy", None, string, content, c.c_size_t(len(content)))
        return int(tensor)

    def _value(self, tensor: c.c_void_p) -> NDArray[Any]:
        code = self._call("TensorType", c.c_int, tensor)
        shape = [
            self._call("Dim", c.c_int64, tensor, axis)
            for axis in range(self._call("NumDims", c.c_int, tensor))
        ]
        data = self._call("TensorData", c.c_void_p, tensor)
        if code == _STRING:
            value = np.empty(shape, object)
            value.reshape(-1)[:] = [
                self._text(data + place * _STRING_SIZE) for place in range(value.size)
            ]
        else:
            value = np.empty(shape, _TYPES[code])
            assert value.nbytes == self._call("TensorByteSize", c.c_size_t, tensor)
            c.memmove(value.ctypes.data, data, value.nbytes)
        self._call("DeleteTensor", None, tensor)
        return value

    def _text(self, string: int) -> bytes:
        size = self._call("StringGetSize", c.c_size_t, c.c_void_p(string))
        return c.string_at(self._call("StringGetDataPointer", c.c_void_p, c.c_void_p(string)), size)


@cache
def opened(folder: str, path: str) -> SavedModel:
    return SavedModel(Library(folder), path)


def answer(
    folder: str, path: str, inputs: Mapping[str, NDArray[Any]], outputs: Sequence[str]
) -> list[NDArray[Any]]:
    """Loads a SavedModel once and runs it; see `SavedModel.run`."""
    assert "tensorflow" not in sys.modules
    return opened(folder, path).run(inputs, outputs)


if __name__ == "__main__":
    answer_all(answer)
