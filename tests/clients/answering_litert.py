"""A script: LiteRT interpreters that answer requests; needs NumPy and ai-edge-litert alone."""

from __future__ import annotations

import platform
from functools import cache
from typing import Any

from ai_edge_litert.interpreter import Interpreter
from answering import answer_all


@cache
def opened(path: str) -> Any:
    return Interpreter(model_path=path, num_threads=1)


@cache
def runner(path: str, signature: str) -> Any:
    return opened(path).get_signature_runner(signature)


def answer(what: str, path: str = "", signature: str = "", inputs: Any = None) -> Any:
    """Returns the machine, the signatures of a file, inputs of one of them, or outputs."""
    if what == "machine":
        return platform.machine()
    if what == "signatures":
        return opened(path).get_signature_list()
    if what == "inputs":
        details = runner(path, signature).get_input_details()
        return {name: (d["shape"], d["dtype"]) for name, d in details.items()}
    return runner(path, signature)(**inputs)


if __name__ == "__main__":
    answer_all(answer)
