"""Operations on the code points of a batch of texts, inside a TensorFlow graph.

A batch is a ragged tensor [n, (code points)]; most work is done on its flat values, where the texts
stand one behind the other. Only core TensorFlow operators are used.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

CODE_POINTS = 1 << 21
"""More than there are, so that `first * CODE_POINTS + second` is a number for two of them."""


class Table:
    """A number for a number: sorted constants of the graph, searched by halves.

    Unlike the tables of `tf.lookup` it is no resource that has to be tracked and initialised.
    """

    def __init__(self, entries: Mapping[int, int]) -> None:
        """Makes a table of at least one entry; values are int32."""
        self._keys = np.array(sorted(entries), np.int64)
        self._values = np.array([entries[key] for key in sorted(entries)], np.int32)

    def look_up(self, keys: tf.Tensor, default: tf.Tensor | int) -> tf.Tensor:
        """Returns the values of some keys.

        Args:
            keys: int32 or int64 [n], a type that the keys of the table fit into.
            default: what stands for a key that is not there, one number or int32 [n].

        Returns:
            int32 [n].
        """
        known = tf.constant(self._keys, keys.dtype)
        found = tf.minimum(tf.searchsorted(known, keys), len(self._keys) - 1)
        values = tf.gather(tf.constant(self._values), found)
        return tf.where(tf.gather(known, found) == keys, values, default)


def following(values: tf.Tensor, last: tf.Tensor | int | bool) -> tf.Tensor:
    """Returns for each of [n] values the next one; for the last it is `last`."""
    return tf.concat([values[1:], tf.fill([tf.minimum(tf.size(values), 1)], last)], 0)


def previous(values: tf.Tensor, first: tf.Tensor | int | bool) -> tf.Tensor:
    """Returns for each of [n] values the one before; for the first it is `first`."""
    return tf.concat([tf.fill([tf.minimum(tf.size(values), 1)], first), values[:-1]], 0)


def keep(texts: tf.RaggedTensor, kept: tf.Tensor) -> tf.RaggedTensor:
    """Returns the flat values for which `kept` is true, each in its text."""
    return _from_rows(texts.values[kept], texts.value_rowids()[kept], texts)


def repeat(texts: tf.RaggedTensor, counts: tf.Tensor) -> tf.RaggedTensor:
    """Returns each flat value as many times as `counts` says, in its text."""
    rows = tf.repeat(texts.value_rowids(), counts)
    return _from_rows(tf.repeat(texts.values, counts), rows, texts)


def single_spaces(texts: tf.RaggedTensor) -> tf.RaggedTensor:
    """Takes spaces out of texts that begin with one: of several in a row, and at the end."""
    is_space = texts.values == ord(" ")
    # Behind a text comes the space of the next one, or nothing.
    return keep(texts, ~(is_space & following(is_space, True)))


def to_strings(texts: tf.RaggedTensor) -> tf.Tensor:
    """Returns texts as UTF-8 strings [n], without white space at the ends."""
    return tf.strings.strip(tf.strings.unicode_encode(texts, "UTF-8"))


def _from_rows(values: tf.Tensor, rows: tf.Tensor, like: tf.RaggedTensor) -> tf.RaggedTensor:
    return tf.RaggedTensor.from_value_rowids(values, rows, like.nrows(), validate=False)
