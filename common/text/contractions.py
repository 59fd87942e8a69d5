"""English contractions, where training text and users disagree on how to write them.

Tokenised corpora (Penn Treebank style, as SST-2) write "do n't", "it 's", "you 're"; people write
"don't", "it's", "you're". A vocabulary made from the one does not have the words of the other,
and losing a negation turns a sentence round. So a contraction that the vocabulary lacks gets the
id of the part that carries the meaning.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from common.text.forms import fold

# Any of these means "not", as does the corpus's part "n't".
_NEGATIONS = (
    "ain't aren't can't cannot couldn't daren't didn't doesn't don't hadn't hasn't haven't isn't "
    "mightn't mustn't needn't oughtn't shan't shouldn't wasn't weren't won't wouldn't"
).split()

# Where a negation's id comes from, best first; and where "n't" gets its own, trained on raw text.
_NOT = ("n't", "not", "don't")

# Pronouns and question words with 's, 'm, 're, 've, 'll or 'd mean, to a small model, the former.
_SHORTENED_VERBS = {
    "i": "'m 've 'll 'd",
    "you": "'re 've 'll 'd",
    "he": "'s 'll 'd",
    "she": "'s 'll 'd",
    "it": "'s 'll 'd",
    "we": "'re 've 'll 'd",
    "they": "'re 've 'll 'd",
    "this": "'s",
    "that": "'s 'll 'd",
    "there": "'s 'll 'd",
    "here": "'s",
    "let": "'s",
    "who": "'s 're 've 'll 'd",
    "what": "'s 're 'll",
    "where": "'s",
    "when": "'s",
    "how": "'s",
    "could": "'ve",
    "should": "'ve",
    "would": "'ve",
    "might": "'ve",
    "must": "'ve",
}

_SPLIT_POSSESSIVE = re.compile(r"(?<![^ ])([^ ]+) ['\u2019]s(?![^ ])")


def split_possessives(text: str) -> set[str]:
    """Returns the folded words that a tokenised text puts before an `'s` standing by itself."""
    return {fold(word) for word in _SPLIT_POSSESSIVE.findall(text)}


def aliases(words: Container[str], possessives: set[str]) -> Iterator[tuple[str, str]]:
    """Yields pairs (contraction, word of the vocabulary that stands for it).

    A contraction that is a word of the vocabulary itself is yielded too; it keeps its own id.

    Args:
        words: the folded words of a vocabulary.
        possessives: words whose `'s` the training text writes apart: where "film 's" was met,
            "film's" is `film`.
    """
    negation = next((word for word in _NOT if word in words), None)
    if negation is not None:
        for contraction in (*_NEGATIONS, "n't"):
            yield contraction, negation
    for word, endings in _SHORTENED_VERBS.items():
        if word in words:
            yield from ((word + ending, word) for ending in endings.split())
    for word in sorted(possessives):
        if word in words:
            yield word + "'s", word
