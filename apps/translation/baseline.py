"""What a dictionary reaches that knows which word is which and nothing of order or grammar."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NAME = "word-by-word substitution"

_ROUNDS = 6  # of expectation maximisation
_TOKEN = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")
_WORD = re.compile(r"\w")
_ENDS = frozenset(".?!…")  # after these a capital says nothing
_OPENING = frozenset("¿¡")  # marks that English does not have
_NO_SPACE_BEFORE = re.compile(r" (?=[.,;:?!…%)\]])|(?<=[(\[]) ")
_SENTENCE_START = re.compile(r"(?:^|(?<=[.?!…] ))([^\W\d_])")

Ids = NDArray[np.int64]


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _starts(tokens: Sequence[str]) -> list[bool]:
    """Whether each token is the first word of a sentence."""
    starts, fresh = [], True
    for token in tokens:
        starts.append(fresh)
        fresh = token in _ENDS or (fresh and not _WORD.match(token))
    return starts


class _Spelling:
    """Words as they are written within a sentence: 'the', but 'Tom' and 'I'."""

    def __init__(self, texts: Iterable[str]) -> None:
        inside: Counter[str] = Counter()
        for text in texts:
            tokens = _tokens(text)
            pairs = zip(tokens, _starts(tokens), strict=True)
            inside.update(token for token, start in pairs if not start)
        usual: dict[str, str] = {}
        for form, _ in sorted(inside.items(), key=lambda item: (-item[1], item[0])):
            usual.setdefault(form.lower(), form)
        self._usual = usual

    def words(self, text: str) -> list[str]:
        """The tokens of `text`, those at the start of a sentence in their usual spelling."""
        tokens = _tokens(text)
        pairs = zip(tokens, _starts(tokens), strict=True)
        return [self._at_start(token) if start else token for token, start in pairs]

    def _at_start(self, token: str) -> str:
        return self._usual.get(token.lower(), token if token.isupper() else token.lower())


@dataclass(frozen=True)
class _Ids:
    """Words as numbers; number 0 is no word."""

    numbers: dict[str, int]

    @classmethod
    def of(cls, sentences: Iterable[list[str]]) -> _Ids:
        """Numbers for all words of `sentences`, in the order in which they come."""
        words = dict.fromkeys(word for sentence in sentences for word in sentence)
        return cls({word: number for number, word in enumerate(words, start=1)})


def _links(
    sources: Sequence[list[str]], targets: Sequence[list[str]], source: _Ids, target: _Ids
) -> tuple[Ids, Ids, Ids]:
    """Every source token with every target word of its sentence, and with no word.

    Returns:
        For each link the number of the source token among all of them, its word, the target word.
    """
    tokens: list[Ids] = []
    froms: list[Ids] = []
    tos: list[Ids] = []
    count = 0
    for source_words, target_words in zip(sources, targets, strict=True):
        ids = np.array([source.numbers[word] for word in source_words], np.int64)
        to = np.array([0, *(target.numbers[word] for word in target_words)], np.int64)
        tokens.append(np.repeat(np.arange(count, count + len(ids)), len(to)))
        froms.append(np.repeat(ids, len(to)))
        tos.append(np.tile(to, len(ids)))
        count += len(ids)
    return np.concatenate(tokens), np.concatenate(froms), np.concatenate(tos)


def _expected_counts(tokens: Ids, pairs: Ids, targets: Ids) -> NDArray[np.float64]:
    """How often each (source word, target word) is expected to be a translation.

    IBM model 1 (Brown et al., Computational Linguistics 1993): every source token comes from one of
    the target words or from none, by a probability that knows the two words alone.

    Args:
        tokens, pairs: of each link, the source token and the number of its pair of words.
        targets: the target word of each pair.
    """
    probability: NDArray[np.float64] = np.ones(len(targets))
    expected: NDArray[np.float64] = probability
    for _ in range(_ROUNDS):
        weight = probability[pairs]
        weight /= np.bincount(tokens, weight)[tokens]
        expected = np.bincount(pairs, weight, len(targets)).astype(np.float64)
        probability = expected / np.bincount(targets, expected)[targets]
    return expected


def _dictionary(sources: Sequence[list[str]], targets: Sequence[list[str]]) -> dict[str, str]:
    """The most expected translation of every source word; empty where that is none."""
    source, target = _Ids.of(sources), _Ids.of(targets)
    tokens, froms, tos = _links(sources, targets, source, target)
    size = len(target.numbers) + 1
    keys, pairs = np.unique(froms * size + tos, return_inverse=True)
    expected = _expected_counts(tokens, pairs.ravel(), keys % size)
    order = np.lexsort((keys, -expected, keys // size))
    _, first = np.unique(keys[order] // size, return_index=True)
    best = dict(
        zip(
            (keys // size)[order][first].tolist(), (keys % size)[order][first].tolist(), strict=True
        )
    )
    spelled = ["", *target.numbers]
    return {word: spelled[best[number]] for word, number in source.numbers.items()}


def _join(words: Iterable[str]) -> str:
    """Words as a text: spaces, and capitals where sentences start."""
    text = _NO_SPACE_BEFORE.sub("", " ".join(word for word in words if word))
    return _SENTENCE_START.sub(lambda match: match.group(1).upper(), text)


def word_by_word(train: Sequence[tuple[str, str]], sources: Sequence[str]) -> list[str]:
    """Translates each word of `sources` by the word it most often stands for in `train`.

    Args:
        train: pairs of (source, target) sentences.
        sources: what to translate.

    Returns:
        A translation of each source, its words in the order of the source. A word that stands for
        nothing is left out; an unknown one, and every mark but ¿ and ¡, stays as it is.
    """
    spelling = _Spelling(source for source, _ in train)
    english = _Spelling(target for _, target in train)
    pairs = [
        (
            [word for word in spelling.words(source) if _WORD.match(word)],
            [word for word in english.words(target) if _WORD.match(word)],
        )
        for source, target in train
    ]
    dictionary = _dictionary([s for s, _ in pairs], [t for _, t in pairs]) if pairs else {}
    return [
        _join(dictionary.get(word, word) for word in spelling.words(source) if word not in _OPENING)
        for source in sources
    ]
