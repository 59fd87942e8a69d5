"""A client of a `.tflite` file that knows what the model card says, and nothing of this project."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

PAD, UNKNOWN, START, END = range(4)

_PART = re.compile(r"(?<=[^\W\d_])'[^\W\d_]+|[^\W\d_]+|.")


class Device:
    """One file at work.

    Args:
        path: of the file; nothing else is read.
    """

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.source, self.target = (
                archive.read(f"vocab_{side}.txt").decode().removesuffix("\n").split("\n")
                for side in ("source", "target")
            )
        self.known = {piece: i for i, piece in enumerate(self.source) if i > END}
        self.interpreter = Interpreter(model_path=str(path))
        runner = self.interpreter.get_signature_runner("translate")
        (shape,) = (detail["shape"] for detail in runner.get_input_details().values())
        self.places = int(shape[1])

    def ids(self, text: str) -> list[int]:
        """Returns the ids of a text."""
        return [i for part in _parts(text) for i in self._ids_of(part)]

    def text(self, ids: list[int]) -> str:
        """Returns the text of ids."""
        joined = "".join(self.target[i] for i in ids if i > END).replace("▁", " ")
        made = re.sub(r"⇧( ?)(\w)", lambda match: match[1] + match[2].upper(), joined)
        return made.strip()

    def padded(self, ids: list[int]) -> NDArray[np.int32]:
        """Returns ids as the file takes them."""
        return np.array([ids + [PAD] * (self.places - len(ids))], np.int32)

    def call(self, ids: list[int], signature: str) -> tuple[list[int], float]:
        """Returns the ids and the score of one call."""
        outputs = self.interpreter.get_signature_runner(signature)(ids=self.padded(ids))
        return outputs["ids"][0][outputs["ids"][0] > 0].tolist(), float(outputs["score"][0])

    def search(self, ids: list[int], most: int) -> Iterator[tuple[int, NDArray[Any]]]:
        """Yields the likeliest token after each, END the last, and where the network looked."""
        encode, step = map(self.interpreter.get_signature_runner, ("encode", "step"))
        values = encode(ids=self.padded(ids))
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

    def _ids_of(self, part: str) -> Iterator[int]:
        start, last = 0, PAD
        while start < len(part):
            ends = range(len(part), start, -1)
            pieces = (part[start:end] for end in ends)
            found = next((piece for piece in pieces if self._fits(piece, part)), None)
            if found is not None or last != UNKNOWN:
                last = UNKNOWN if found is None else self.known[found]
                yield last
            start += len(found or "?")

    def _fits(self, piece: str, part: str) -> bool:
        return piece in self.known and (piece[0] != "⇧" or piece in ("⇧", part))


def _parts(text: str) -> Iterator[str]:
    for word in unicodedata.normalize("NFC", text).split():
        for i, part in enumerate(_PART.findall(word)):
            letters = part.lstrip("'")
            capital = letters[:1].isupper() and letters[1:] == letters[1:].lower()
            yield "⇧" * capital + "▁" * (i == 0) + (part.lower() if capital else part)
