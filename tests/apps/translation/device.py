"""What a client of a translator does before a call, by its model card."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.apps.device import END, PAD, UNKNOWN, Device

_PART = re.compile(r"(?<=[^\W\d_])'[^\W\d_]+|[^\W\d_]+|.")


class Translator(Device):
    """One file of a translator at work.

    Args:
        path: of the file; nothing else is read.
        interpreter: as for `Device`.
    """

    def __init__(self, path: Path, interpreter: Any = None) -> None:
        super().__init__(path, "vocab_target.txt", "translate", interpreter)
        source = self.lines("vocab_source.txt")
        self.known = {piece: i for i, piece in enumerate(source) if i > END}

    def ids(self, text: str) -> list[int]:
        """Returns the ids of a text."""
        return [i for part in _parts(text) for i in self._ids_of(part)]

    def padded(self, ids: list[int]) -> NDArray[np.int32]:
        """Returns ids as the file takes them."""
        return np.array([ids + [PAD] * (self.shape[1] - len(ids))], np.int32)

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
