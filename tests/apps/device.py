"""A client of a `.tflite` file that knows what model cards say, and nothing of this project."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

PAD, UNKNOWN, START, END = range(4)

Given = NDArray[Any]


class Device:
    """One file of a generator at work.

    Args:
        path: of the file; nothing else is read.
        target: name of the packed vocabulary of the answers.
        signature: whose one input has the name and shape of all inputs.
        interpreter: of the file, with LiteRT's methods for signatures; None for LiteRT's own.
    """

    def __init__(self, path: Path, target: str, signature: str, interpreter: Any = None) -> None:
        self.path = path
        self.target = self.lines(target)
        self.interpreter = interpreter or Interpreter(model_path=str(path))
        runner = self.interpreter.get_signature_runner(signature)
        ((self.input_name, detail),) = runner.get_input_details().items()
        self.shape = tuple(detail["shape"].tolist())

    def lines(self, name: str) -> list[str]:
        """Returns the lines of a packed file."""
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(name).decode().removesuffix("\n").split("\n")

    def text(self, ids: list[int]) -> str:
        """Returns the text of ids."""
        pieces = (
            "⁇" if i == UNKNOWN else self.target[i] for i in ids if i not in (PAD, START, END)
        )
        joined = " ".join("".join(pieces).replace("▁", " ").split())
        return re.sub(r"⇧( ?)(\w)", lambda match: match[1] + match[2].upper(), joined).strip()

    def call(self, given: Given, signature: str) -> tuple[list[int], float]:
        """Returns the ids and the score of one call."""
        outputs = self.interpreter.get_signature_runner(signature)(**{self.input_name: given})
        return outputs["ids"][0][outputs["ids"][0] > 0].tolist(), float(outputs["score"][0])

    def search(self, given: Given, most: int) -> Iterator[tuple[int, NDArray[Any]]]:
        """Yields the likeliest token after each, END the last, and where the network looked."""
        encode, step = map(self.interpreter.get_signature_runner, ("encode", "step"))
        values = encode(**{self.input_name: given})
        token = START
        for _ in range(most):
            outputs = step(token=np.array([token], np.int32), **values)
            logits = outputs["logits"][0].copy()
            logits[[PAD, START, *([END] if token == START else [])]] = -np.inf
            token = int(logits.argmax())
            yield token, outputs["attention"][0]
            if token == END:
                return
            values = {name: outputs.get(name, value) for name, value in values.items()}
