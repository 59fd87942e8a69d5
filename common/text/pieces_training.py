"""Learn the pieces of words: byte pair encoding in which whole capitalised words compete.

Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", ACL 2016:
begin with characters, make the most frequent pair of neighbours one piece, again and again.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from common.text.pre_tokens import CAPITAL, SPACE

_Pair = tuple[str, str]

# Matching in a graph looks this far from every place, so no piece may be "jajajaja…" without end.
_LONGEST = 32


def learn_pieces(tokens: Mapping[str, int], minimum_count: int) -> Iterator[str]:
    """Yields pieces, the most useful first: all characters, then what is made of them.

    The next one is always that which saves most pieces: two neighbours made one save one wherever
    they stand, a whole word with its capital saves all but one of those that it consists of so far.
    The alphabet breaks ties. A word known with its capital no longer counts for what it would else
    be made of: who has "Tom" needs no "to" and no "tom" for it.

    Args:
        tokens: how often each pre-token (`common.text.pre_tokens`) appears.
        minimum_count: how often a piece must appear, at least 1.
    """
    characters: Counter[str] = Counter()
    for token, count in _small(tokens).items():
        for character in token.removeprefix(SPACE):
            characters[character] += count
    yield from _most_frequent(characters, minimum_count)
    yield from _Merges(tokens, minimum_count).pieces()


def frequent_tokens(tokens: Mapping[str, int], minimum_count: int) -> Iterator[str]:
    """Yields whole pre-tokens without and with their capital, the most frequent first.

    One without counts wherever it appears with a capital, too.
    """
    short = {token: count for token, count in tokens.items() if len(token) <= _LONGEST}
    return _most_frequent({**_small(short), **_capitalized(short)}, minimum_count)


def _most_frequent(counts: Mapping[str, int], minimum_count: int) -> Iterator[str]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return (piece for piece, count in ranked if count >= minimum_count)


def _small(tokens: Mapping[str, int]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for token, count in tokens.items():
        counts[token.removeprefix(CAPITAL)] += count
    return counts


def _capitalized(tokens: Mapping[str, int]) -> dict[str, int]:
    return {token: count for token, count in tokens.items() if token.startswith(CAPITAL)}


class _Merges:
    """Pre-tokens as symbols, with the count of every pair of neighbours kept up to date.

    Each pair knows the pre-tokens that have it, so that a merge looks at no others. What a piece
    saves may have become less since it came into the heap; that is put right when it is on top.
    """

    def __init__(self, tokens: Mapping[str, int], minimum_count: int) -> None:
        small = _small(tokens)
        self._minimum_count = minimum_count
        self._counts = list(small.values())
        self._symbols = [list(token) for token in small]
        self._numbers = {token: number for number, token in enumerate(small)}
        self._capitalized = _capitalized(tokens)
        self._pairs: Counter[_Pair] = Counter()
        self._holders: defaultdict[_Pair, set[int]] = defaultdict(set)
        for number, count in enumerate(self._counts):
            self._add(number, count)
        self._heap: list[tuple[int, str, str]] = []
        for left, right in self._pairs:
            self._offer(left + right, left)
        for word, count in self._capitalized.items():
            if count >= minimum_count:
                self._offer(word, "")

    def pieces(self) -> Iterator[str]:
        """Makes and yields the most useful piece, again and again, until none is frequent."""
        while self._heap:
            saved, piece, left = heapq.heappop(self._heap)
            if self._saved(piece, left) != -saved:
                self._offer(piece, left)
                continue
            yield piece
            if left:
                self._merge((left, piece.removeprefix(left)))
            else:
                self._forget(piece)

    def _offer(self, piece: str, left: str) -> None:
        """Puts a piece into the heap: a pair with its left part, or a whole word without one."""
        saved = self._saved(piece, left)
        if saved >= self._minimum_count and len(piece) <= _LONGEST:
            heapq.heappush(self._heap, (-saved, piece, left))

    def _saved(self, piece: str, left: str) -> int:
        if left:
            return self._pairs[left, piece.removeprefix(left)]
        symbols = self._symbols[self._numbers[piece.removeprefix(CAPITAL)]]
        return self._capitalized[piece] * len(symbols)

    def _add(self, number: int, count: int) -> None:
        for pair in pairwise(self._symbols[number]):
            self._pairs[pair] += count
            self._holders[pair].add(number)

    def _forget(self, word: str) -> None:
        number, count = self._numbers[word.removeprefix(CAPITAL)], self._capitalized[word]
        self._add(number, -count)
        self._counts[number] -= count

    def _merge(self, pair: _Pair) -> None:
        piece = "".join(pair)
        grown: set[_Pair] = set()
        for number in self._holders.pop(pair):
            self._add(number, -self._counts[number])
            self._symbols[number] = _merged(self._symbols[number], pair)
            self._add(number, self._counts[number])
            grown.update(new for new in pairwise(self._symbols[number]) if piece in new)
        for left, right in grown:
            self._offer(left + right, left)


def _merged(symbols: list[str], pair: _Pair) -> list[str]:
    """Makes a pair one symbol wherever it stands, from left to right."""
    merged: list[str] = []
    for symbol in symbols:
        if merged and (merged[-1], symbol) == pair:
            merged[-1] += symbol
        else:
            merged.append(symbol)
    return merged
