"""From text to pieces and back inside a TensorFlow graph, so that a server takes sentences.

Only core TensorFlow operators are used, and everything that a vocabulary knows is a constant of the
graph. So a SavedModel needs nothing beside TensorFlow's C++ runtime: no file, and no table that
would have to be initialised.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from common.text.code_points import CODE_POINTS, Table, following, keep, previous, to_strings
from common.text.normalization_in_graph import normalized_code_points
from common.text.pieces import END_ID, PieceVocabulary
from common.text.pre_tokens_in_graph import (
    pre_token_numbers,
    pre_tokens_in_graph,
    readable_in_graph,
)
from common.text.vocabulary import PAD_ID, UNKNOWN_ID


class TextToPieces(tf.Module):
    """`PieceVocabulary.encode` as a function in the graph.

    Example:
        ids, counts = TextToPieces(vocabulary)(tf.constant(["¿Dónde está?", "No."]))
    """

    def __init__(self, vocabulary: PieceVocabulary, name: str | None = None) -> None:
        super().__init__(name)
        self._tree = _Tree(vocabulary)

    def __call__(self, texts: tf.Tensor, limit: int | None = None) -> tuple[tf.Tensor, tf.Tensor]:
        """Encodes texts.

        Args:
            texts: UTF-8 strings [n]. What is no UTF-8 counts as U+FFFD.
            limit: most pieces of a text to keep, at least 1; None keeps all.

        Returns:
            The ids, int32 [n, t], padded with 0, where t is the number of pieces of the longest
            text, at least 1; and the number of pieces of each text, int32 [n].

        Raises:
            ValueError: `limit` is less than 1.
        """
        if limit is not None and limit < 1:
            raise ValueError(f"limit must be at least 1, not {limit}")
        tokens = pre_tokens_in_graph(normalized_code_points(texts))
        pieces, lengths = self._tree.longest_matches(tokens.points.values, tokens.begins)
        ids = tokens.points.with_values(pieces)
        taken = _reached(tokens.begins, lengths)
        ids = _join_unknown(keep(ids, taken), tokens.begins[taken])[:, :limit]
        counts = tf.cast(ids.row_lengths(), tf.int32)
        length = tf.maximum(tf.reduce_max(counts), 1)
        return ids.to_tensor(PAD_ID, shape=tf.stack([-1, length])), counts


class PiecesToText(tf.Module):
    """`PieceVocabulary.decode` as a function in the graph.

    Example:
        texts = PiecesToText(vocabulary)(tf.constant([[9, 12, 7, 3], [10, 7, 3, 0]]))
    """

    def __init__(self, vocabulary: PieceVocabulary, name: str | None = None) -> None:
        super().__init__(name)
        self._shown = np.array([piece.encode() for piece in vocabulary.shown])

    def __call__(self, ids: tf.Tensor) -> tf.Tensor:
        """Decodes ids.

        Args:
            ids: int32 [n, t]; what stands behind an `<END>` may be anything.

        Returns:
            UTF-8 strings [n].
        """
        before_end = tf.cumsum(tf.cast(ids == END_ID, tf.int32), axis=1) == 0
        pieces = tf.gather(tf.constant(self._shown), tf.where(before_end, ids, PAD_ID))
        # A blank before each text keeps it from a sign at the end of the text before.
        marked = tf.strings.join([" ", tf.strings.reduce_join(pieces, axis=1)])
        return to_strings(readable_in_graph(tf.strings.unicode_decode(marked, "UTF-8")))


def _ends(begins: tf.Tensor) -> tf.Tensor:
    """Returns where the pre-token of each code point ends: the place behind its last one."""
    places = tf.cast(tf.where(begins)[:, 0], tf.int32)
    return tf.gather(following(places, tf.size(begins)), pre_token_numbers(begins))


def _reached(begins: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
    """Returns where pieces begin if pre-tokens are gone through from piece to piece.

    In each round the jumps are twice as long, so that a pre-token of p pieces takes log2(p) rounds.

    Args:
        begins: where pre-tokens begin: bool [k].
        lengths: of the piece that would begin at each place: int32 [k].
    """
    size = tf.size(begins)
    places = tf.range(size + 1)  # the last one is behind everything, and stays there
    jumps = tf.minimum(places + tf.concat([lengths, [0]], 0), size)

    def go_on(reached: tf.Tensor, jumps: tf.Tensor, _: tf.Tensor) -> list[tf.Tensor]:
        places = jumps[reached]
        more = tf.tensor_scatter_nd_update(
            reached, places[:, tf.newaxis], tf.ones_like(places, tf.bool)
        )
        return [more, tf.gather(jumps, jumps), tf.reduce_any(more != reached)]

    reached, _, _ = tf.while_loop(
        lambda _, __, changed: changed,
        go_on,
        [tf.concat([begins, [True]], 0), jumps, tf.constant(True)],
    )
    return reached[:-1]


def _join_unknown(ids: tf.RaggedTensor, begins: tf.Tensor) -> tf.RaggedTensor:
    """Leaves one of several unknown pieces in a row, where no new pre-token begins."""
    unknown = ids.values == UNKNOWN_ID
    return keep(ids, begins | ~(unknown & previous(unknown, False)))


class _Tree:
    """The pieces of a vocabulary as a tree: from the root, each character leads one node further.

    All places of a batch walk down together, each along the characters that stand there, and keep
    the last piece that they come through.
    """

    _NOWHERE, _ROOT = 0, 1
    _NO_PIECE = -1

    def __init__(self, vocabulary: PieceVocabulary) -> None:
        self._longest = vocabulary.longest
        self._skips_pre_token = vocabulary.kind == "words"
        children: dict[int, int] = {}
        nodes: dict[int, str] = {}
        for piece in vocabulary.ids:
            node = self._ROOT
            for character in piece:
                way = node * CODE_POINTS + ord(character)
                node = children.setdefault(way, len(children) + self._ROOT + 1)
            nodes[node] = piece
        self._children = Table(children)
        count = len(children) + self._ROOT + 1
        self._pieces = np.full(count, self._NO_PIECE, np.int32)
        self._ends_pre_token = np.zeros(count, bool)
        for node, piece in nodes.items():
            self._pieces[node] = vocabulary.ids[piece]
            self._ends_pre_token[node] = vocabulary.ends_pre_token(piece)

    def longest_matches(self, points: tf.Tensor, begins: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Finds the longest piece that begins at each place and fits into its pre-token.

        Args:
            points: the code points of pre-tokens: int32 [k].
            begins: whether a pre-token begins there: bool [k].

        Returns:
            The ids and the lengths of the pieces, int32 [k]. Where there is none, the id is
            `UNKNOWN_ID`, and the length is that of what is unknown.
        """
        places, ends = tf.range(tf.size(points)), _ends(begins)

        def go_on(
            depth: tf.Tensor, nodes: tf.Tensor, pieces: tf.Tensor, lengths: tf.Tensor
        ) -> list[tf.Tensor]:
            nodes, fits = self._step(nodes, points, places + depth, ends)
            pieces = tf.where(fits, tf.gather(self._pieces, nodes), pieces)
            return [depth + 1, nodes, pieces, tf.where(fits, depth + 1, lengths)]

        nodes = tf.fill(tf.shape(points), self._ROOT)
        unknown = tf.fill(tf.shape(points), UNKNOWN_ID)
        skipped = ends - places if self._skips_pre_token else tf.ones_like(points)
        _, _, pieces, lengths = tf.while_loop(
            lambda depth, nodes, *best: tf.reduce_any(nodes != self._NOWHERE),
            go_on,
            [tf.constant(0), nodes, unknown, skipped],
            maximum_iterations=self._longest,
        )
        return pieces, lengths

    def _step(
        self, nodes: tf.Tensor, points: tf.Tensor, places: tf.Tensor, ends: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Goes on from each node by the character at a place.

        Returns:
            The nodes, and whether each is the end of a piece that may stand there.
        """
        characters = tf.gather(points, tf.minimum(places, ends - 1))
        ways = tf.cast(nodes, tf.int64) * CODE_POINTS + tf.cast(characters, tf.int64)
        nodes = self._children.look_up(ways, self._NOWHERE)
        nodes = tf.where(places < ends, nodes, self._NOWHERE)
        is_piece = tf.gather(self._pieces, nodes) != self._NO_PIECE
        may_end = ~tf.gather(self._ends_pre_token, nodes) | (places + 1 == ends)
        return nodes, is_piece & may_end
