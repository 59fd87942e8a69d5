"""From a picture to the pixels that the network sees, and from its ids to a caption."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from common.generation.application import Array, FrontEnd, GenerationData
from common.text.pieces import PieceVocabulary

VOCABULARY_FILE, FRONT_END_FILE = "vocab.txt", "front_end.json"

# An apostrophe may as well open a quotation.
_BEFORE_MARKS = re.compile(r"\s+(?=[.,;:!?]|['’](?:s|t|re|ve|ll|m|d)\b)")


def plain_caption(text: str) -> str:
    """Returns a caption as the network learns it: small letters, no full stop at the end.

    Captions of one data set differ in capitals, and in spaces before marks, for no reason that a
    picture could tell.
    """
    text = _BEFORE_MARKS.sub("", " ".join(text.lower().split()))
    return text.rstrip(". ")


class PictureFrontEnd(FrontEnd):
    """A vocabulary, and how large a picture is.

    Args:
        vocabulary: of the captions.
        size: sides of the square that every picture is resized to, in pixels.
        longest: most tokens of a caption, END among them.
    """

    def __init__(self, vocabulary: PieceVocabulary, size: int, longest: int) -> None:
        self.vocabulary, self.size, self.longest = vocabulary, size, longest

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> PictureFrontEnd:
        """Makes the front end again from what `files` returned."""
        numbers = json.loads(files[FRONT_END_FILE])
        vocabulary = PieceVocabulary.from_text(files[VOCABULARY_FILE].decode())
        return cls(vocabulary, int(numbers["size"]), int(numbers["max_tokens"]))

    def encode(self, raw: Any) -> Array:
        """Returns RGB `(size, size, 3)` uint8."""
        from common.image.decoding import decode
        from common.image.resizing import resize

        return resize(decode(raw), self.size)

    def pad(self, encoded: Sequence[Array], timesteps: int) -> Array:
        return np.stack(encoded)

    @property
    def max_timesteps(self) -> int:
        return 0

    def limit(self, encoded: Array) -> int:
        return self.longest

    @property
    def max_tokens(self) -> int:
        return self.longest

    def files(self) -> Mapping[str, bytes]:
        numbers = json.dumps({"size": self.size, "max_tokens": self.longest}) + "\n"
        return {
            VOCABULARY_FILE: self.vocabulary.to_text().encode(),
            FRONT_END_FILE: numbers.encode(),
        }

    def describe(self, data: GenerationData) -> list[str]:
        lengths = [
            len(self.vocabulary.encode(text)) for some in data.references["train"] for text in some
        ]
        return [
            f"{len(self.vocabulary):,} pieces of words known; captions have {np.mean(lengths):.0f} "
            f"on average, {max(lengths)} at most. Pictures are seen at {self.size} x {self.size} "
            "pixels."
        ]
