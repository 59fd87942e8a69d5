"""From a sentence to the ids that the network reads, and from its ids to a sentence."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from common.errors import UserError, listed, one_line
from common.generation.application import Array, FrontEnd, GenerationData
from common.text.normalization import normalize
from common.text.pieces import PieceVocabulary
from common.text.tokenizer import TEXT_END
from common.text.vocabulary import PAD_ID, UNKNOWN_ID

SOURCE_FILE, TARGET_FILE, FRONT_END_FILE = "vocab_source.txt", "vocab_target.txt", "front_end.json"

# A translation has at most this many tokens more than one and a half times those of its source.
SPARE_TOKENS = 10

_SENTENCE = re.compile(r"\S.*?(?:[.!?…][\"»')\]]*(?= )|$)")
_ENTITY = re.compile(r"&#?\w+;")
_CLAUSE_ENDS = (",", ";", ":")


class TextFrontEnd(FrontEnd):
    """Two vocabularies, and how long a sentence may be.

    Args:
        source: of what is read.
        target: of what is written.
        max_pieces: most pieces that one call reads.
    """

    def __init__(self, source: PieceVocabulary, target: PieceVocabulary, max_pieces: int) -> None:
        self.source, self.vocabulary, self.max_pieces = source, target, max_pieces

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> TextFrontEnd:
        """Makes the front end again from what `files` returned."""
        source, target = (
            PieceVocabulary.from_text(files[name].decode()) for name in (SOURCE_FILE, TARGET_FILE)
        )
        return cls(source, target, int(json.loads(files[FRONT_END_FILE])["max_pieces"]))

    def encode(self, raw: Any) -> Array:
        ids = self.source.encode(raw)
        if len(ids) > self.max_pieces:
            raise UserError(
                f"the sentence '{one_line(raw, 60)}' has {len(ids)} pieces of words, and at most "
                f"{self.max_pieces} are read at a time; divide it into sentences"
            )
        return np.array(ids, np.int32)

    def pad(self, encoded: Sequence[Array], timesteps: int) -> Array:
        """Returns ids `(n, timesteps)` int32."""
        batch = np.full((len(encoded), timesteps), PAD_ID, np.int32)
        for row, ids in zip(batch, encoded, strict=True):
            row[: len(ids)] = ids
        return batch

    @property
    def max_timesteps(self) -> int:
        return self.max_pieces

    def limit(self, encoded: Array) -> int:
        return len(encoded) + len(encoded) // 2 + SPARE_TOKENS

    @property
    def max_tokens(self) -> int:
        return self.max_pieces + self.max_pieces // 2 + SPARE_TOKENS

    def parts(self, raw: Any) -> list[Any]:
        """Divides a text that is too long for one call into parts that are not.

        Its sentences; those that are too long by themselves behind a comma, semicolon or colon if
        they can be, else between words; and a word that is too long by itself anywhere.
        """
        text = normalize(raw)
        if self._fits(text):
            return [text]
        return [part for sentence in _sentences(text) for part in self._divided(sentence)]

    def _fits(self, text: str) -> bool:
        return len(self.source.encode(text)) <= self.max_pieces

    def _divided(self, sentence: str) -> list[str]:
        """Divides a sentence into parts as long as can be."""
        if self._fits(sentence):
            return [sentence]
        words = [part for word in sentence.split() for part in self._divided_word(word)]
        # A word has its pieces wherever it stands.
        ends = np.cumsum([len(self.source.encode(word)) for word in words])
        parts, start = [], 0
        while start < len(words):
            before = ends[start - 1] if start else 0
            end = int(np.searchsorted(ends, before + self.max_pieces, side="right"))
            if end < len(words):
                clauses = (i for i in range(end, start, -1) if words[i - 1].endswith(_CLAUSE_ENDS))
                end = next(clauses, end)
            parts.append(" ".join(words[start:end]))
            start = end
        return parts

    def _divided_word(self, word: str) -> list[str]:
        if self._fits(word):
            return [word]
        middle = len(word) // 2
        return [*self._divided_word(word[:middle]), *self._divided_word(word[middle:])]

    def remarks(self, raw: Any) -> list[str]:
        said = []
        read, end, rest = raw.partition(TEXT_END)
        if end:
            said.append(f"{len(rest):,} characters behind a NUL character were not read")
        if any(entity != html.unescape(entity) for entity in _ENTITY.findall(read)):
            said.append("HTML entities were read as they stand; replace them first")
        if unknown := self.source.unknown_words(read):
            said.append(f"words that are not known and may be lost: {listed(unknown)}")
        text = normalize(read)
        if not self._fits(text):
            sentences = _sentences(text)
            if longer := sum(not self._fits(sentence) for sentence in sentences):
                said.append(
                    f"sentences longer than the {self.max_pieces} pieces of words that one call "
                    f"reads: {longer:,} of {len(sentences):,}, divided at commas or between words"
                )
        return said

    def files(self) -> Mapping[str, bytes]:
        numbers = json.dumps({"max_pieces": self.max_pieces}) + "\n"
        return {
            SOURCE_FILE: self.source.to_text().encode(),
            TARGET_FILE: self.vocabulary.to_text().encode(),
            FRONT_END_FILE: numbers.encode(),
        }

    def describe(self, data: GenerationData) -> list[str]:
        lengths = [len(self.source.encode(text)) for text in data.inputs["train"]]
        said = [
            f"{len(self.source):,} pieces of source words known, {len(self.vocabulary):,} of "
            f"target words; source sentences have {np.mean(lengths):.0f} on average, "
            f"{max(lengths)} at most."
        ]
        if "dev" in data.inputs:
            every = (text for some in data.references["dev"] for text in some)
            source = _unknown_share(self.source, data.inputs["dev"])
            target = _unknown_share(self.vocabulary, every)
            said.append(
                f"Of the dev split {source:.1%} of the source pieces and {target:.1%} of the "
                "target's are not known."
            )
        return said


def _sentences(text: str) -> list[str]:
    """Divides a normalised text behind the marks that end its sentences."""
    return _SENTENCE.findall(text)


def _unknown_share(vocabulary: PieceVocabulary, texts: Iterable[str]) -> float:
    ids = [piece for text in texts for piece in vocabulary.encode(text)]
    return ids.count(UNKNOWN_ID) / max(1, len(ids))
