"""TensorFlow Lite Micro, the runtime of microcontrollers, from its own Python package.

Its kernels are the portable ones that a board runs which has no faster ones of its own.
"""

from __future__ import annotations

import importlib.metadata
import re
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

Array = NDArray[Any]
_PACKAGE = "tflite_micro"


def client() -> str:
    """Returns the name of the client with its version; a test is skipped where it is not there."""
    pytest.importorskip(
        _PACKAGE,
        reason=f"no {_PACKAGE}; pip install -r requirements-clients.txt (Linux on x86-64 only)",
    )
    return f"TFLite Micro {importlib.metadata.version(_PACKAGE)}"


class Micro:
    """A `.tflite` file in the runtime.

    Args:
        model: the file.
        signature: of the inputs and outputs, which the runtime knows by number alone.
        arena: bytes of memory; None for plenty.

    Attributes:
        inputs: names in the signature, with the runtime's number of each.

    Raises:
        RuntimeError: it cannot be loaded.
    """

    def __init__(self, model: bytes, signature: str, arena: int | None = None) -> None:
        from tflite_micro import runtime

        lite = Interpreter(model_content=model)
        order = [
            [end["index"] for end in ends]
            for ends in (lite.get_input_details(), lite.get_output_details())
        ]
        names = lite.get_signature_runner(signature)
        self.inputs, self._outputs = (
            {name: places.index(end["index"]) for name, end in details.items()}
            for places, details in zip(
                order, (names.get_input_details(), names.get_output_details()), strict=True
            )
        )
        self._interpreter = runtime.Interpreter.from_bytes(model, arena_size=arena)

    def __call__(self, **inputs: Array) -> dict[str, Array]:
        """Returns all outputs for all inputs, by their names in the signature.

        Raises:
            RuntimeError: an operator fails.
        """
        assert inputs.keys() == self.inputs.keys()
        for name, index in self.inputs.items():
            self._interpreter.set_input(inputs[name], index)
        self._interpreter.invoke()
        return {
            name: np.array(self._interpreter.get_output(index))
            for name, index in self._outputs.items()
        }

    def arena_used(self, capture: pytest.CaptureFixture[str]) -> dict[str, int]:
        """Returns how many bytes of the arena are used: in all, of tensors, of records."""
        capture.readouterr()
        self._interpreter.print_allocations()
        said = capture.readouterr().err
        return {
            name: int(re.search(rf"Arena allocation {word} (\d+) bytes", said)[1])  # type: ignore[index]
            for name, word in (("total", "total"), ("tensors", "head"), ("records", "tail"))
        }


def run_on_zeros(model: bytes) -> None:
    """Loads a file and calls it once.

    Raises:
        RuntimeError: the runtime cannot run it.
    """
    from tflite_micro import runtime

    loaded = runtime.Interpreter.from_bytes(model)
    for index, end in enumerate(Interpreter(model_content=model).get_input_details()):
        loaded.set_input(np.zeros(end["shape"], end["dtype"]), index)
    loaded.invoke()
