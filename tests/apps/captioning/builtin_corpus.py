"""The builtin corpus, made once for all tests of it."""

from functools import cache

from apps.captioning.builtin import Drawn, generate

Corpus = dict[str, list[Drawn]]


@cache
def corpus() -> Corpus:
    """The whole."""
    return generate()


def some() -> list[Drawn]:
    """A part of each split, the most of the held-out one."""
    whole = corpus()
    return [*whole["test"], *whole["dev"][:300], *whole["train"][:900]]
