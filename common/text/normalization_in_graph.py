"""`common.text.normalization` inside a TensorFlow graph, from the same tables.

Only core TensorFlow operators are used, and the tables are constants: nothing has to be tracked or
initialised.
"""

from __future__ import annotations

import tensorflow as tf

from common.text.code_points import (
    CODE_POINTS,
    Table,
    following,
    keep,
    previous,
    repeat,
    single_spaces,
    to_strings,
)
from common.text.normalization import COMPOSITES, MOST_MARKS, REPLACEMENTS

# `\C` is RE2's single byte: unlike `.` it goes over bytes that are not UTF-8.
_FROM_NUL_ON = r"\x00\C*"

_SPACE = ord(" ")
_NONE = -1

_COUNTS = Table({point: len(text) for point, text in REPLACEMENTS.items() if len(text) != 1})
_CHARACTERS = Table({point: ord(text[0]) for point, text in REPLACEMENTS.items() if text})
_LETTERS = Table({ord(p[0]) * CODE_POINTS + ord(p[1]): ord(c) for p, c in COMPOSITES.items()})


def normalize_in_graph(texts: tf.Tensor) -> tf.Tensor:
    """Returns what `common.text.normalization.normalize` returns.

    Args:
        texts: strings [n], UTF-8; what is none becomes U+FFFD, as in Python's `errors="replace"`.

    Returns:
        UTF-8 strings [n].
    """
    return to_strings(normalized_code_points(texts))


def normalized_code_points(texts: tf.Tensor) -> tf.RaggedTensor:
    """Normalises texts, for those who go on with code points.

    Args:
        texts: as of `normalize_in_graph`.

    Returns:
        int32 [n, (code points)]: each word behind one space, the first one too. So a text without
        words is empty, and where two texts meet in the flat values, they meet at a space.
    """
    texts = tf.strings.regex_replace(texts, _FROM_NUL_ON, "", replace_global=False)
    points = tf.strings.unicode_decode(
        tf.strings.join([" ", texts]), "UTF-8", errors="replace", replacement_char=0xFFFD
    )
    points = _replace(points)
    for _ in range(MOST_MARKS):
        points = _compose(points)
    return single_spaces(points)


def _replace(points: tf.RaggedTensor) -> tf.RaggedTensor:
    characters = points.with_values(_CHARACTERS.look_up(points.values, points.values))
    return repeat(characters, _COUNTS.look_up(points.values, 1))


def _compose(points: tf.RaggedTensor) -> tf.RaggedTensor:
    """Composes each letter with the mark behind it, where there is such a letter."""
    first, second = points.values, following(points.values, _SPACE)
    pairs = tf.cast(first, tf.int64) * CODE_POINTS + tf.cast(second, tf.int64)
    letters = _LETTERS.look_up(pairs, _NONE)
    composed = letters != _NONE
    return keep(points.with_values(tf.where(composed, letters, first)), ~previous(composed, False))
