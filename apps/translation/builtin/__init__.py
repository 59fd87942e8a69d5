"""The builtin translation corpus: Spanish sentences with their English translations.

A small bilingual grammar of our own writes it: no network, no files, the same sentences on every
machine. `meaning` is what a sentence means; `spanish` and `english` put it into words, each with
its own morphology; `lexicon` is the vocabulary, with what goes with what; `grammar` draws meanings
of every construction, and `writer` chooses among them. What training never shows is decided in
`combinations`.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from random import Random

from . import writer
from .combinations import is_held_out
from .english.sentence import sentence as english
from .meaning import Sentence
from .spanish.sentence import sentence as spanish
from .traversal import contents

__all__ = ["SPLITS", "generate"]

SPLITS = {"train": 24_000, "dev": 1_000, "test": 1_000}
Pair = tuple[str, str]

_SHORTEST, _LONGEST = 3, 20  # words
_COMMON = 5  # times a word must occur to stay in the corpus
_KNOWN = 3  # times training must have every word of a held-out sentence
# Sentences that are drawn for each that is kept, and the same of those held out.
_SPARE, _SPARE_HELD_OUT = 1.25, 2.0
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A pair, with the words of both sides without case and punctuation."""

    pair: Pair
    spanish: tuple[str, ...]
    english: tuple[str, ...]

    @classmethod
    def of(cls, sentence: Sentence) -> "_Entry":
        """`sentence` in both languages."""
        pair = spanish(sentence), english(sentence)
        es, en = (tuple(_WORD.findall(side.lower())) for side in pair)
        return cls(pair, es, en)

    def fits(self) -> bool:
        """Whether it is neither too long nor too short."""
        return all(_SHORTEST <= len(side) <= _LONGEST for side in (self.spanish, self.english))


class _Draws:
    """Entries whose sides are all different, in more than case and punctuation."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, ...]] = set()

    def add(self, entry: _Entry, to: list[_Entry]) -> None:
        """Appends `entry` unless it does not fit or one of its sides is known."""
        if entry.fits() and entry.spanish not in self._seen and entry.english not in self._seen:
            self._seen.update((entry.spanish, entry.english))
            to.append(entry)


def _of_words(entries: list[_Entry], counted: Iterable[_Entry], least: int) -> list[_Entry]:
    """Those of `entries` all of whose words occur at least so often in `counted`."""
    counted = list(counted)
    es = Counter(chain.from_iterable(entry.spanish for entry in counted))
    en = Counter(chain.from_iterable(entry.english for entry in counted))
    return [
        entry
        for entry in entries
        if min(es[word] for word in entry.spanish) >= least
        and min(en[word] for word in entry.english) >= least
    ]


def _common(entries: list[_Entry]) -> list[_Entry]:
    """Those of `entries` whose words all occur in several of those that are left."""
    left = _of_words(entries, entries, _COMMON)
    return entries if len(left) == len(entries) else _common(left)


def _draw(rng: Random) -> tuple[list[_Entry], list[_Entry]]:
    """Entries to train on and entries that are held out, more than are needed."""
    draws = _Draws()
    train: list[_Entry] = []
    held_out: list[_Entry] = []
    enough = _SPARE * SPLITS["train"]
    enough_held_out = _SPARE_HELD_OUT * (SPLITS["dev"] + SPLITS["test"])
    while len(train) < enough:
        sentence = writer.draw(rng)
        inside = contents(sentence)
        if not writer.is_sound(inside):
            continue
        if not is_held_out(sentence.name, inside):
            draws.add(_Entry.of(sentence), train)
        elif len(held_out) < enough_held_out:
            draws.add(_Entry.of(sentence), held_out)
    return train, held_out


def generate(seed: int = 0) -> dict[str, list[Pair]]:
    """Write the corpus.

    Args:
        seed: of all random draws; the same seed gives the same pairs in the same order everywhere.

    Returns:
        The splits 'train', 'dev' and 'test', each a list of (Spanish, English). No sentence of
        either language is in two splits or twice in one, whatever its case and punctuation. Every
        sentence of 'dev' and 'test' combines words or constructions that 'train' never combines,
        and has no word that 'train' does not have.
    """
    drawn, drawn_held_out = _draw(Random(seed))
    train = _common(drawn)[: SPLITS["train"]]
    held_out = _of_words(drawn_held_out, train, _KNOWN)
    dev = held_out[: SPLITS["dev"]]
    test = held_out[len(dev) :][: SPLITS["test"]]
    splits = {"train": train, "dev": dev, "test": test}
    return {split: [entry.pair for entry in entries] for split, entries in splits.items()}
