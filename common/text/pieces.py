"""Pieces of words and their ids, for models that read and write sentences.

A text is normalised, cut into pre-tokens with signs for space and capitals, and each pre-token into
the longest pieces that the vocabulary has, from left to right:

    "¿Dónde está Tom?" -> "▁¿" "⇧" "dónde" "▁está" "⇧▁tom" "?"

Nothing is lost on the way: `decode` gives back the normalised text, as long as its characters are
known. `common.text.pieces_in_graph` does both inside a TensorFlow graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from common.text.normalization import normalize
from common.text.pieces_training import frequent_tokens, learn_pieces
from common.text.pre_tokens import CAPITAL, SPACE, capitalize, is_part, pre_tokens, readable
from common.text.vocabulary import PAD, PAD_ID, UNKNOWN, UNKNOWN_ID

Kind = Literal["pieces", "words"]

START, END = "<START>", "<END>"
START_ID, END_ID = 2, 3

_SPECIAL = (PAD, UNKNOWN, START, END)

# Says in a file, and nowhere else, that what follows are whole words.
_WHOLE_WORDS = "<WORDS>"

_BEGINNINGS: Mapping[Kind, tuple[str, ...]] = {
    "pieces": (*_SPECIAL, CAPITAL, SPACE),
    "words": (*_SPECIAL, _WHOLE_WORDS, CAPITAL, SPACE),
}

SHOWN_UNKNOWN = "⁇"
"""What `decode` writes for an unknown piece."""

# Enough for every word of a large training set.
_REMEMBERED_WORDS = 1 << 18


@dataclass(frozen=True)
class PieceVocabulary:
    """The pieces a model knows.

    `<PAD>` is id 0, `<UNKNOWN>` 1, `<START>` 2 and `<END>` 3. Of kind "pieces", a vocabulary cuts a
    pre-token into pieces; characters without a piece become one `<UNKNOWN>` where they stand in a
    row. Of kind "words", it knows a pre-token as a whole or not at all. In both, the signs for
    capital and space come apart from a pre-token that is not known with them.

    Attributes:
        pieces: the piece of each id.

    Raises:
        ValueError: the pieces do not begin as those of one kind, or one appears twice.
    """

    pieces: tuple[str, ...]

    def __post_init__(self) -> None:
        begin = _BEGINNINGS[self.kind]
        if self.pieces[: len(begin)] != begin:
            raise ValueError(f"a vocabulary begins with {begin}, not {self.pieces[: len(begin)]}")
        for piece, count in Counter(self.pieces).items():
            if count > 1:
                raise ValueError(f"{piece!r} appears {count} times")

    @classmethod
    def build(
        cls,
        texts: Iterable[str],
        size: int = 4000,
        kind: Kind = "pieces",
        minimum_count: int = 2,
    ) -> PieceVocabulary:
        """Makes the vocabulary of some texts, which must be of the training split alone.

        The same texts in any order give the same vocabulary; ties are broken by the alphabet.

        Args:
            texts: the texts, read once.
            size: most ids to give out, those with a meaning of their own included.
            kind: "pieces" of words, or whole "words" (the weaker kind, for comparison).
            minimum_count: how often a piece must appear.

        Raises:
            ValueError: `kind` is none, `size` is too small, or `minimum_count` is less than 1.
        """
        if kind not in _BEGINNINGS:
            raise ValueError(f"kind must be one of {', '.join(_BEGINNINGS)}, not {kind!r}")
        begin = _BEGINNINGS[kind]
        if size < len(begin):
            raise ValueError(f"size must be at least {len(begin)}, not {size}")
        if minimum_count < 1:
            raise ValueError(f"minimum_count must be at least 1, not {minimum_count}")
        learn = learn_pieces if kind == "pieces" else frequent_tokens
        learned = learn(_count_pre_tokens(texts), minimum_count)
        return cls((*begin, *islice(learned, size - len(begin))))

    def __len__(self) -> int:
        """Returns the number of ids."""
        return len(self.pieces)

    @property
    def kind(self) -> Kind:
        """What this is a vocabulary of."""
        return _kind(self.pieces)

    @cached_property
    def ids(self) -> Mapping[str, int]:
        """The id of each piece that texts are made of: all but those in angle brackets."""
        first = len(_BEGINNINGS[self.kind]) - len((CAPITAL, SPACE))
        return {piece: i for i, piece in enumerate(self.pieces) if i >= first}

    @cached_property
    def longest(self) -> int:
        """The number of characters of the longest piece."""
        return max(map(len, self.ids))

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """What each id contributes to a decoded text, signs included."""
        shown = [piece if piece in self.ids else "" for piece in self.pieces]
        shown[UNKNOWN_ID] = SHOWN_UNKNOWN
        return tuple(shown)

    @cached_property
    def _remembered(self) -> dict[str, tuple[int, ...]]:
        return {}

    def ends_pre_token(self, piece: str) -> bool:
        """Returns whether a piece may stand only at the end of a pre-token.

        So may words that have their capital, else "Tonight" would begin with "⇧▁to" and not with
        "⇧" "▁tonight"; and all but the signs in a vocabulary of whole words.
        """
        if self.kind == "words":
            return piece not in (CAPITAL, SPACE)
        return piece.startswith(CAPITAL) and piece != CAPITAL

    def encode(self, text: str) -> list[int]:
        """Returns the ids of a text's pieces, without `<START>`, `<END>` and padding."""
        ids: list[int] = []
        for word in normalize(text).split():
            found = self._remembered.get(word)
            if found is None:
                found = tuple(i for token in pre_tokens(word) for i in self._match(token))
                if len(self._remembered) < _REMEMBERED_WORDS:
                    self._remembered[word] = found
            ids += found
        return ids

    def encode_batch(self, texts: Iterable[str], length: int) -> NDArray[np.int32]:
        """Returns the ids of each text's first `length` pieces, padded with 0: int32 [n, length].

        Raises:
            ValueError: `length` is less than 1.
        """
        if length < 1:
            raise ValueError(f"length must be at least 1, not {length}")
        rows = [self.encode(text)[:length] for text in texts]
        batch = np.full((len(rows), length), PAD_ID, np.int32)
        for row, ids in zip(batch, rows, strict=True):
            row[: len(ids)] = ids
        return batch

    def decode(self, ids: Iterable[int]) -> str:
        """Returns the text of some ids up to the first `<END>`; an unknown piece is shown as `⁇`.

        Any ids make a text: `<PAD>`, `<START>`, signs without a letter and spaces too many go.

        Raises:
            ValueError: an id is none of the vocabulary's.
        """
        before_end = takewhile(lambda piece_id: piece_id != END_ID, ids)
        return readable("".join(self.shown[i] for i in self._checked(before_end)))

    def tokens(self, ids: Iterable[int]) -> list[str]:
        """Returns a label for each id, for pictures: the piece, its capital made if it has one.

        Raises:
            ValueError: an id is none of the vocabulary's.
        """
        labels = [capitalize(self.shown[i] or self.pieces[i]) for i in self._checked(ids)]
        return [label.removeprefix(CAPITAL) or CAPITAL for label in labels]

    def word_index(self, ids: Iterable[int]) -> list[int]:
        """Returns for each id which word of the text its piece belongs to, for alignment.

        The words are those of `normalize(text).split()`, punctuation included: the first one is 0.
        What belongs to none (`<PAD>`, `<START>`, `<END>`) has -1.

        Raises:
            ValueError: an id is none of the vocabulary's.
        """
        shown = [self.shown[i] for i in self._checked(ids)]
        index, word = [], -1
        for piece, after in zip(shown, [*shown[1:], ""], strict=False):
            word += SPACE in piece
            begins_next = piece == CAPITAL and after.startswith(SPACE)
            index.append(max(0, word + begins_next) if piece else -1)
        return index

    def unknown_words(self, text: str) -> list[str]:
        """Returns the words of a text that are not known whole or in pieces, each once."""
        tokens = (token for word in normalize(text).split() for token in pre_tokens(word))
        unknown = (readable(token) for token in tokens if UNKNOWN_ID in self._match(token))
        return list(dict.fromkeys(unknown))

    def to_text(self) -> str:
        """Returns the pieces, one a line, in the order of their ids."""
        return "".join(f"{piece}\n" for piece in self.pieces)

    @classmethod
    def from_text(cls, text: str) -> PieceVocabulary:
        """Reads what `to_text` wrote.

        Raises:
            ValueError: naming the first line that is not what a vocabulary begins with, that no
                text can match, or that appears a second time; or that the end is missing.
        """
        lines = text.split("\n")
        if lines.pop():
            raise ValueError(f"line {len(lines) + 1}: no line end; the file may be cut off")
        begin = _BEGINNINGS[_kind(lines)]
        number_of: dict[str, int] = {}
        for number, line in enumerate(lines, 1):
            expected = line if number > len(begin) else begin[number - 1]
            if line != expected:
                raise ValueError(f"line {number}: expected {expected!r}, found {line!r}")
            if number > len(begin) and not is_part(line):
                raise ValueError(
                    f"line {number}: {line!r} is part of no word, no text can match it"
                )
            if line in number_of:
                raise ValueError(f"line {number}: {line!r} is in line {number_of[line]} already")
            number_of[line] = number
        return cls(tuple(lines))

    def save(self, path: Path | str) -> None:
        """Writes the pieces as UTF-8."""
        Path(path).write_bytes(self.to_text().encode())

    @classmethod
    def load(cls, path: Path | str) -> PieceVocabulary:
        """Reads a file that `save` wrote.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: as `from_text`, with the path before the line; or it is not UTF-8.
        """
        try:
            return cls.from_text(Path(path).read_bytes().decode())
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error

    def _match(self, token: str) -> list[int]:
        """Returns the ids of a pre-token's pieces, the longest first that fits, left to right."""
        found: list[int] = []
        start = 0
        while start < len(token):
            piece_id, start = self._longest_at(token, start)
            if piece_id != UNKNOWN_ID or found[-1:] != [UNKNOWN_ID]:
                found.append(piece_id)
        return found

    def _longest_at(self, token: str, start: int) -> tuple[int, int]:
        """Returns the id of the longest piece that begins there, and where the next one begins."""
        for end in range(min(len(token), start + self.longest), start, -1):
            piece = token[start:end]
            if piece in self.ids and (end == len(token) or not self.ends_pre_token(piece)):
                return self.ids[piece], end
        return UNKNOWN_ID, start + 1 if self.kind == "pieces" else len(token)

    def _checked(self, ids: Iterable[int]) -> Iterator[int]:
        for piece_id in ids:
            if not 0 <= piece_id < len(self):
                raise ValueError(f"id {piece_id} is none of the {len(self)} of the vocabulary")
            yield piece_id


def _count_pre_tokens(texts: Iterable[str]) -> Counter[str]:
    words: Counter[str] = Counter()
    for text in texts:
        words.update(normalize(text).split())
    tokens: Counter[str] = Counter()
    for word, count in words.items():
        for token in pre_tokens(word):
            tokens[token] += count
    return tokens


def _kind(pieces: Sequence[str]) -> Kind:
    return "words" if _WHOLE_WORDS in pieces[: len(_BEGINNINGS["words"])] else "pieces"
