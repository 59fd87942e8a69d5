"""The builtin sentiment corpus: reviews, tweets and plain sentences in which word order decides.

A small grammar of our own writes it: no network, no files, the same texts on every machine. What
the texts are about is in `arts`, `services` and `goods`, the words all of that shares in `lexicon`,
the sentences in `constructs`; `slots` fills them, `surface` types them, `writer` composes a text.
Texts are made two at a time, one of praise and one of blame, from the same draws: what tells the
classes apart is which word stands where, not which words there are.
"""

import re
from random import Random

from . import writer

__all__ = ["LABELS", "SPLITS", "generate"]

LABELS = ("negative", "positive")
SPLITS = {"train": 6000, "dev": 1000, "test": 1000}

_LONGEST = 60  # words
_HANDLE_OR_TAG = re.compile(r"[@#]\w+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def _words(text: str) -> str:
    """What tells two texts apart: not case or punctuation, and not a handle or a hashtag."""
    return " ".join(_WORD.findall(_HANDLE_OR_TAG.sub("", text.casefold())))


def _split(rng: Random, size: int, held_out: bool, seen: set[str]) -> list[tuple[str, str]]:
    """`size` new examples, half of each label; `seen` collects the texts of all splits."""
    examples: list[tuple[str, str]] = []
    while len(examples) < size:
        seed = rng.getrandbits(64)
        twins = [
            (writer.text(Random(seed), held_out, positive=label == "positive"), label)
            for label in LABELS
        ]
        keys = {_words(text) for text, _ in twins}
        if len(keys) < len(twins) or keys & seen:
            continue
        if any(len(text.split()) > _LONGEST for text, _ in twins):
            continue
        seen |= keys
        examples += twins
    rng.shuffle(examples)
    return examples


def generate(seed: int = 0) -> dict[str, list[tuple[str, str]]]:
    """Write the corpus.

    Args:
        seed: of all random draws; the same seed gives the same texts in the same order everywhere.

    Returns:
        The splits 'train', 'dev' and 'test', each a list of (text, label) with label
        'negative' or 'positive', as many of one as of the other. No text is in two splits or twice
        in one, whatever its case, punctuation, handles and hashtags. 'dev' and 'test' say of things
        what 'train' only says of others, and hold a few names it does not have.
    """
    rng = Random(seed)
    seen: set[str] = set()
    return {split: _split(rng, size, split != "train", seen) for split, size in SPLITS.items()}
