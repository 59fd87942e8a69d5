"""Words and their ids, and the one table that every engine looks tokens up in."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from common.text import contractions
from common.text.forms import fold, spellings
from common.text.tokenizer import tokenize

PAD, UNKNOWN = "<PAD>", "<UNKNOWN>"
PAD_ID, UNKNOWN_ID = 0, 1

# No text contains these as tokens: `<` and `>` are delimiters. The names are MediaPipe's.
_SPECIAL = (PAD, UNKNOWN)

_LINE = re.compile(r"([^ ]+) (0|[1-9][0-9]*)")


@dataclass(frozen=True)
class Vocabulary:
    """The words a model knows.

    Nothing is normalised when a text is encoded: a token is looked up as it is written. So each
    word appears in the table in all its forms (`great`, `Great`, `GREAT`), with one id.

    Attributes:
        words: the canonical word of each id; `<PAD>` is id 0 and `<UNKNOWN>` id 1.
        forms: the id of every form, canonical ones included.

    Raises:
        ValueError: the words do not begin with `<PAD>` and `<UNKNOWN>`, a word is not among the
            forms with its own id, or a form has an id that no word has.
    """

    words: tuple[str, ...]
    forms: Mapping[str, int] = field(hash=False)

    def __post_init__(self) -> None:
        if self.words[:2] != _SPECIAL:
            raise ValueError(f"a vocabulary begins with {_SPECIAL}, not with {self.words[:2]}")
        for word_id, word in enumerate(self.words):
            if self.forms.get(word) != word_id:
                raise ValueError(f"word {word!r} has id {word_id}, but not among the forms")
        for form, word_id in self.forms.items():
            if not 0 <= word_id < len(self.words):
                raise ValueError(f"form {form!r} has id {word_id} of {len(self.words)} words")

    @classmethod
    def build(cls, texts: Iterable[str], size: int = 20000, minimum_count: int = 1) -> Vocabulary:
        """Makes the vocabulary of some texts, which must be of the training split alone.

        The most frequent words get the lowest ids; ties are broken by the alphabet. The same texts
        in any order give the same vocabulary. The forms of a word are its usual spellings, every
        spelling met in the texts (`iPhone`), and the English contractions that it stands for.

        Args:
            texts: the texts, read once.
            size: most ids to give out, the two special ones included.
            minimum_count: how often a word must appear, in any form.

        Raises:
            ValueError: `size` is less than 2 or `minimum_count` less than 1.
        """
        if size < len(_SPECIAL):
            raise ValueError(f"size must be at least {len(_SPECIAL)}, not {size}")
        if minimum_count < 1:
            raise ValueError(f"minimum_count must be at least 1, not {minimum_count}")
        tokens: Counter[str] = Counter()
        possessives: set[str] = set()
        for text in texts:
            tokens.update(tokenize(text))
            possessives |= contractions.split_possessives(text)

        counts: Counter[str] = Counter()
        met: defaultdict[str, list[str]] = defaultdict(list)
        for token, count in tokens.items():
            if not _has_surrogate(token):
                word = fold(token)
                counts[word] += count
                met[word].append(token)
        frequent = [word for word, count in counts.items() if count >= minimum_count]
        frequent.sort(key=lambda word: (-counts[word], word))
        words = (*_SPECIAL, *frequent[: size - len(_SPECIAL)])
        return cls(words, _forms(words, met, possessives))

    def __len__(self) -> int:
        """Returns the number of ids."""
        return len(self.words)

    def encode(self, text: str) -> list[int]:
        """Returns the ids of a text's tokens, without padding."""
        return [self.forms.get(token, UNKNOWN_ID) for token in tokenize(text)]

    def encode_batch(self, texts: Iterable[str], length: int) -> NDArray[np.int32]:
        """Returns the ids of each text's first `length` tokens, padded with 0: int32 [n, length].

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

    def to_text(self) -> str:
        """Returns the table, a line `form id` each: by id, the canonical form first."""
        order = sorted(
            self.forms.items(), key=lambda item: (item[1], item[0] != self.words[item[1]], item[0])
        )
        return "".join(f"{form} {word_id}\n" for form, word_id in order)

    @classmethod
    def from_text(cls, text: str) -> Vocabulary:
        """Reads what `to_text` wrote.

        Raises:
            ValueError: naming the first line that is not `form id`, repeats a form, skips an id,
                or has a form that no text contains as a token; or that the end is missing.
        """
        lines = text.split("\n")
        if lines.pop():
            raise ValueError(f"line {len(lines) + 1}: no line end; the file may be cut off")
        words: list[str] = []
        forms: dict[str, int] = {}
        for number, line in enumerate(lines, 1):
            match = _LINE.fullmatch(line)
            if match is None:
                raise ValueError(f"line {number}: expected 'form id', found {line!r}")
            form, word_id = match[1], int(match[2])
            if form in forms:
                raise ValueError(f"line {number}: {form!r} appears a second time")
            if word_id == len(words):
                words.append(form)
            elif word_id != len(words) - 1:
                raise ValueError(f"line {number}: id {word_id} out of order")
            if form not in _SPECIAL and tokenize(form) != [form]:
                raise ValueError(f"line {number}: {form!r} is not one token, no text can match it")
            if word_id < len(_SPECIAL) and form != _SPECIAL[word_id]:
                raise ValueError(f"line {number}: id {word_id} is {_SPECIAL[word_id]}'s alone")
            forms[form] = word_id
        return cls(tuple(words), forms)

    def save(self, path: Path | str) -> None:
        """Writes the table as UTF-8."""
        Path(path).write_bytes(self.to_text().encode())

    @classmethod
    def load(cls, path: Path | str) -> Vocabulary:
        """Reads a file that `save` wrote.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: as `from_text`, with the path before the line; or it is not UTF-8.
        """
        try:
            return cls.from_text(Path(path).read_bytes().decode())
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error


def _has_surrogate(token: str) -> bool:
    """Returns whether a token has half a character, which no UTF-8 file or model input can hold."""
    return any("\ud800" <= character <= "\udfff" for character in token)


def _forms(
    words: tuple[str, ...], met: Mapping[str, list[str]], possessives: set[str]
) -> dict[str, int]:
    """Returns the table.

    Where two words claim a form, what was met in training goes first, then the word that the form
    folds to, then the more frequent word; contractions take what is left.
    """
    forms = {word: word_id for word_id, word in enumerate(words)}
    ids = dict(forms)
    for word in words[len(_SPECIAL) :]:
        for form in met[word]:
            forms.setdefault(form, ids[word])
    for word in words[len(_SPECIAL) :]:
        for form in spellings(word):
            if form not in forms:
                forms[form] = ids.get(fold(form), ids[word])
    for contraction, word in contractions.aliases(ids, possessives):
        for form in spellings(contraction):
            forms.setdefault(form, ids[word])
    return forms
