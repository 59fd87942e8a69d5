"""`common.text.pre_tokens` inside a TensorFlow graph, from the same tables.

Only core TensorFlow operators are used, and the tables are constants: nothing has to be tracked or
initialised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

import tensorflow as tf

from common.text.code_points import Table, keep, previous, repeat, single_spaces
from common.text.pre_tokens import (
    APOSTROPHE,
    CAPITAL,
    SPACE,
    capitals,
    letter_ranges,
    small_letters,
)

_APOSTROPHE, _CAPITAL, _SPACE, _BLANK = map(ord, (APOSTROPHE, CAPITAL, SPACE, " "))

_NONE = -1


class PreTokens(NamedTuple):
    """The pre-tokens of a batch, one behind the other.

    Attributes:
        points: their code points, signs included: int32 [n, (code points)].
        begins: whether a pre-token begins with a flat value of `points`: bool [k].
    """

    points: tf.RaggedTensor
    begins: tf.Tensor


def pre_tokens_in_graph(texts: tf.RaggedTensor) -> PreTokens:
    """Splits texts as `common.text.pre_tokens.pre_tokens` splits a word.

    Args:
        texts: int32 [n, (code points)], normalised, with a space before each word.
    """
    points = tf.where(texts.values == _BLANK, _SPACE, texts.values)
    is_space, is_letter = points == _SPACE, _is_letter(points)
    joins = (points == _APOSTROPHE) & previous(is_letter, False)
    goes_on = previous(is_space, False) | (is_letter & previous(is_letter | joins, False))
    begins = is_space | ~goes_on
    is_first = begins | previous(begins & (is_space | joins), False)
    return _mark_capitals(texts.with_values(points), begins, is_first)


def _mark_capitals(texts: tf.RaggedTensor, begins: tf.Tensor, is_first: tf.Tensor) -> PreTokens:
    """Puts the sign before each pre-token whose first letter is its only capital.

    Args:
        texts: the code points of all pre-tokens.
        begins: whether a pre-token begins there: bool [k].
        is_first: whether a first letter may stand there: bool [k].
    """
    small = _table(small_letters).look_up(texts.values, _NONE)
    numbers = pre_token_numbers(begins)
    is_capital = small != _NONE
    marked = _count(is_capital, numbers) == 1
    marked &= _count(is_capital & is_first, numbers) == 1
    texts = texts.with_values(tf.where(is_capital & marked, small, texts.values))

    signed = begins & marked
    copies = repeat(texts.with_values(tf.range(tf.size(begins))), 1 + tf.cast(signed, tf.int32))
    index = copies.values
    is_new = index != previous(index, _NONE)
    points = tf.where(is_new & tf.gather(signed, index), _CAPITAL, tf.gather(texts.values, index))
    return PreTokens(copies.with_values(points), is_new & tf.gather(begins, index))


def readable_in_graph(texts: tf.RaggedTensor) -> tf.RaggedTensor:
    """Does what `common.text.pre_tokens.readable` does.

    Args:
        texts: int32 [n, (code points)], signs included; a space (no sign) before each text.

    Returns:
        int32 [n, (code points)], a space before each word.
    """
    points = texts.values
    is_sign = points == _CAPITAL
    skipped = (points == _SPACE) | (points == _APOSTROPHE)
    in_order = previous(is_sign, False)
    wanted = in_order | previous(skipped & in_order, False)
    points = tf.where(wanted, _table(capitals).look_up(points, points), points)
    points = tf.where(points == _SPACE, _BLANK, points)
    return single_spaces(keep(texts.with_values(points), ~is_sign))


def _is_letter(points: tf.Tensor) -> tf.Tensor:
    firsts, lasts = map(tf.constant, zip(*letter_ranges(), strict=True))
    found = tf.searchsorted(firsts, points, side="right") - 1
    return (found >= 0) & (points <= tf.gather(lasts, tf.maximum(found, 0)))


@cache
def _table(letters: Callable[[], Mapping[str, str]]) -> Table:
    return Table({ord(key): ord(letter) for key, letter in letters().items()})


def pre_token_numbers(begins: tf.Tensor) -> tf.Tensor:
    """Returns the number of the pre-token that each code point belongs to, from 0."""
    return tf.cumsum(tf.cast(begins, tf.int32)) - 1


def _count(flags: tf.Tensor, numbers: tf.Tensor) -> tf.Tensor:
    """Returns for each code point how many flags its pre-token has."""
    return tf.gather(tf.math.segment_sum(tf.cast(flags, tf.int32), numbers), numbers)
