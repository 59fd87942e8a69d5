"""From text to ids inside a TensorFlow graph, so that a server takes sentences."""

from __future__ import annotations

import tensorflow as tf

from common.text.tokenizer import DELIMITERS
from common.text.vocabulary import PAD_ID, UNKNOWN_ID, Vocabulary

# `\C` is RE2's single byte: unlike `.` it goes over bytes that are not UTF-8.
_FROM_NUL_ON = r"\x00\C*"


class TextToIds(tf.Module):
    """A vocabulary as a function in the graph: the ids `Vocabulary.encode_batch` gives.

    Only core TensorFlow operators are used, and the table's entries are constants in the graph, not
    a file, so that a SavedModel needs nothing beside TensorFlow's C++ runtime. The module must be
    an attribute of what is saved, else the table is not initialised after loading.

    Example:
        ids = TextToIds(vocabulary)(tf.constant(["great film", "not"]), 100)  # int32 [2, 2]
    """

    def __init__(self, vocabulary: Vocabulary, name: str | None = None) -> None:
        super().__init__(name)
        entries = tf.lookup.KeyValueTensorInitializer(
            tf.constant([form.encode() for form in vocabulary.forms]),
            tf.constant(list(vocabulary.forms.values()), tf.int32),
        )
        self.table = tf.lookup.StaticHashTable(entries, UNKNOWN_ID)

    def __call__(self, texts: tf.Tensor, limit: int) -> tf.Tensor:
        """Encodes texts.

        Args:
            texts: UTF-8 strings [n]. Bytes that are no UTF-8 count as letters of an unknown word.
            limit: most tokens of a text to keep, at least 1.

        Returns:
            int32 [n, t], padded with 0; t is the token count of the longest text, at least 1 and at
            most `limit`.

        Raises:
            ValueError: `limit` is less than 1.
        """
        if limit < 1:
            raise ValueError(f"limit must be at least 1, not {limit}")
        texts = tf.strings.regex_replace(texts, _FROM_NUL_ON, "", replace_global=False)
        spaced = tf.strings.regex_replace(texts, DELIMITERS, " ")
        tokens = tf.strings.split(spaced)[:, :limit]
        length = tf.maximum(tf.reduce_max(tokens.row_lengths()), 1)
        ids = tf.ragged.map_flat_values(self.table.lookup, tokens)
        return ids.to_tensor(PAD_ID, shape=tf.stack([tf.constant(-1, tf.int64), length]))
