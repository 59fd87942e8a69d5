"""LiteRT's runtimes behind the methods of its interpreter for signatures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.clients.other_process import OtherProcess


class _Runner:
    def __init__(self, owner: Any, signature: str) -> None:
        self._owner, self._signature = owner, signature

    def get_input_details(self) -> dict[str, dict[str, Any]]:
        return self._owner.inputs(self._signature)

    def __call__(self, **inputs: NDArray[Any]) -> dict[str, NDArray[Any]]:
        return self._owner.call(self._signature, inputs)


class Compiled:
    """LiteRT's CompiledModel.

    Args:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        from ai_edge_litert.compiled_model import CompiledModel

        self._model = CompiledModel.from_file(str(path))

    def get_signature_list(self) -> Any:
        return self._model.get_signature_list()

    def get_signature_runner(self, signature: str) -> _Runner:
        return _Runner(self, signature)

    def inputs(self, signature: str) -> dict[str, dict[str, Any]]:
        details = self._model.get_input_tensor_details(signature)
        return {name: {**d, "shape": np.array(d["shape"])} for name, d in details.items()}

    def call(self, signature: str, inputs: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        model = self._model
        given, taken = {}, {}
        for name, detail in self.inputs(signature).items():
            assert inputs[name].shape == tuple(detail["shape"])
            assert inputs[name].dtype == detail["dtype"]
            given[name] = model.create_input_buffer_by_name(signature, name)
            given[name].write(inputs[name])
        outputs = model.get_output_tensor_details(signature)
        for name in outputs:
            taken[name] = model.create_output_buffer_by_name(signature, name)
        model.run_by_name(signature, given, taken)
        return {
            name: taken[name]
            .read(int(np.prod(detail["shape"])), np.dtype(detail["dtype"]).type)
            .reshape(detail["shape"])
            for name, detail in outputs.items()
        }


class Remote:
    """An interpreter in another process, `answering_litert.py`.

    Args:
        process: where it is.
        path: of the file.
    """

    def __init__(self, process: OtherProcess, path: Path) -> None:
        self._process, self._path = process, str(path)

    def get_signature_list(self) -> Any:
        return self._process.ask("signatures", self._path)

    def get_signature_runner(self, signature: str) -> _Runner:
        return _Runner(self, signature)

    def inputs(self, signature: str) -> dict[str, dict[str, Any]]:
        details = self._process.ask("inputs", self._path, signature)
        return {name: {"shape": shape, "dtype": dtype} for name, (shape, dtype) in details.items()}

    def call(self, signature: str, inputs: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        return self._process.ask("outputs", self._path, signature, inputs)
