"""From a text to the ids that the network reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from common.classification.application import Array, FrontEnd
from common.text.vocabulary import PAD_ID, UNKNOWN_ID, Vocabulary

VOCABULARY_FILE = "vocab.txt"


class TextFrontEnd(FrontEnd):
    """A vocabulary and the number of words that are read.

    Args:
        vocabulary: of the training split.
        max_tokens: most words read of a text.
    """

    def __init__(self, vocabulary: Vocabulary, max_tokens: int) -> None:
        self.vocabulary, self._max_tokens = vocabulary, max_tokens

    @property
    def max_timesteps(self) -> int:
        return self._max_tokens

    def encode(self, raw: Any) -> Array:
        """Returns int32 ids; a text without words is one step of padding."""
        ids = self.vocabulary.encode(raw)[: self._max_tokens]
        return np.array(ids or [PAD_ID], np.int32)

    def remarks(self, raw: Any) -> list[str]:
        ids = self.vocabulary.encode(raw)
        said = []
        if len(ids) > self._max_tokens:
            said.append(
                f"{len(ids) - self._max_tokens:,} of {len(ids):,} words were not read: the files "
                f"read the first {self._max_tokens} (train with longer texts)"
            )
        if all(word == UNKNOWN_ID for word in ids[: self._max_tokens]):
            said.append("no word of it is known, so the score means nothing")
        return said

    def pad(self, encoded: Sequence[Array], timesteps: int) -> Array:
        batch = np.full((len(encoded), timesteps), PAD_ID, np.int32)
        for row, ids in zip(batch, encoded, strict=True):
            row[: len(ids)] = ids
        return batch

    def files(self) -> Mapping[str, bytes]:
        return {VOCABULARY_FILE: self.vocabulary.to_text().encode()}

    def describe(self, inputs: Sequence[Any]) -> list[str]:
        ids = [self.vocabulary.encode(text) for text in inputs]
        lengths = np.array([len(i) for i in ids])
        longer = int((lengths > self._max_tokens).sum())
        lines = [
            f"{len(self.vocabulary):,} words known; texts have {np.mean(lengths):.0f} words on "
            f"average, {lengths.max()} at most. Every file reads the first {self._max_tokens} "
            "words of a text."
        ]
        if longer:
            lines.append(
                f"{longer:,} of {len(ids):,} training texts have more than {self._max_tokens} "
                "words; of these, only the beginning is read, in every artefact (--max-tokens "
                "changes it)."
            )
        unknown = sum(i.count(UNKNOWN_ID) for i in ids)
        if unknown:
            lines.append(f"{unknown / lengths.sum():.1%} of the training words are not known.")
        return lines
