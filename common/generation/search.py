"""Search for the best sentence, in the graph: greedy, and beam search with a length penalty.

Both run wherever the step of a decoder runs: in Keras, in a SavedModel, in one call of a TensorFlow
Lite file (only builtin operators are used, and shapes are known where the batch is). Each row of a
batch ends at its own limit, so that its sentence does not depend on the rows beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import tensorflow as tf

from common.text.pieces import END_ID, START_ID
from common.text.vocabulary import PAD_ID

Tensor = Any
States = Mapping[str, Tensor]
Step = Callable[[Tensor, States, States], tuple[Tensor, States]]
"""Takes the last tokens `(rows,)`, the states, and what stays the same at every step, all with rows
first; returns logits `(rows, pieces)` and the new states."""

# Logarithm of a probability that is none.
_NEVER = -1e9


class Sentences(NamedTuple):
    """What a search found.

    Attributes:
        ids: `(batch, limit)`, END and what follows it as padding.
        score: `(batch,)`, the geometric mean of the probabilities of a sentence's tokens, END
            among them: 0 to 1.
    """

    ids: Tensor
    score: Tensor


def search(
    step: Step,
    states: States,
    constant: States,
    limits: Tensor,
    most: Any,
    width: int = 1,
    length_penalty: float = 1.0,
) -> Sentences:
    """Finds a sentence for each row of a batch.

    Args:
        step: of the decoder.
        states: before the first token, `(batch, ...)` each; their names are those that `step` uses.
        constant: what `step` needs beside them, `(batch, ...)` each.
        limits: most tokens of each row, `(batch,)` int32.
        most: the largest of them that can be, a number or a scalar.
        width: hypotheses that are followed at a time; 1 is greedy search.
        length_penalty: how much longer sentences are favoured, 0 not at all: the sum of the
            logarithms is divided by the length to this power (Wu et al., "Google's Neural Machine
            Translation System", 2016, use a power as well). It does not matter to greedy search.

    Returns:
        The sentences.

    Raises:
        ValueError: `width` is less than 1.
    """
    if width < 1:
        raise ValueError(f"width must be at least 1, got {width!r}.")
    if width == 1:
        return _greedy(step, states, constant, limits, most)
    return _beam(step, states, constant, limits, most, width, length_penalty)


def draw(step: Step, states: States, constant: States, most: Any, seed: Tensor) -> Tensor:
    """Draws a sentence for each row of a batch, each as often as the network thinks it likely.

    Args:
        step, states, constant: as of `search`.
        most: tokens of a sentence, END among them.
        seed: of the draw, two whole numbers `(2,)`; the same gives the same.

    Returns:
        Ids `(batch, limit)`, END and then padding at the end of each row that came to one; `limit`
        is the length of the longest.
    """

    def chosen(logs: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        token = tf.random.stateless_categorical(logs, 1, seed + tf.stack([0, t]), tf.int32)[:, 0]
        return token, tf.gather(logs, token, batch_dims=1)

    limits = tf.fill([_rows(states)], most)
    ids, _ = _one_by_one(step, states, constant, limits, most, chosen)
    longest = tf.reduce_max(tf.reduce_sum(tf.cast(ids != PAD_ID, tf.int32), axis=-1))
    return ids[:, :longest]


def _log_probabilities(logits: Tensor, t: Tensor) -> Tensor:
    """Of the tokens that may come; a sentence is not empty."""
    pieces = logits.shape[-1]
    place = tf.range(pieces)
    never = (place == PAD_ID) | (place == START_ID) | ((place == END_ID) & (t == 0))
    return tf.nn.log_softmax(logits) + tf.where(never, _NEVER, 0.0)


def _rows(states: States) -> Any:
    """Number of rows, as a number where it is known: small runtimes want it known."""
    some = next(iter(states.values()))
    return some.shape[0] if some.shape[0] is not None else tf.shape(some)[0]


def _put(ids: Tensor, t: Tensor, tokens: Tensor) -> Tensor:
    """Writes tokens `(..., )` at time `t` into ids `(..., limit)`."""
    here = tf.range(tf.shape(ids)[-1]) == t
    return tf.where(here, tokens[..., None], ids)


def _greedy(step: Step, states: States, constant: States, limits: Tensor, most: Any) -> Sentences:
    def chosen(logs: Tensor, _: Tensor) -> tuple[Tensor, Tensor]:
        return tf.argmax(logs, axis=-1, output_type=tf.int32), tf.reduce_max(logs, axis=-1)

    return _finished(*_one_by_one(step, states, constant, limits, most, chosen))


def _one_by_one(
    step: Step,
    states: States,
    constant: States,
    limits: Tensor,
    most: Any,
    chosen: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]],
) -> tuple[Tensor, Tensor]:
    """Follows one hypothesis.

    Args:
        chosen: from the logarithms of the tokens `(rows, pieces)` and the time to a token for each
            row and its logarithm.

    Returns:
        The ids, END among them, and the sum of their logarithms.
    """
    rows, names = _rows(states), list(states)

    def go_on(t: Tensor, done: Tensor, *_: Tensor) -> Tensor:
        return (t < most) & ~tf.reduce_all(done)

    def body(
        t: Tensor, done: Tensor, token: Tensor, ids: Tensor, total: Tensor, *values: Tensor
    ) -> Any:
        logits, new = step(token, dict(zip(names, values, strict=True)), constant)
        logs = _log_probabilities(logits, t)
        token, log = chosen(logs, t)
        total += tf.where(done, 0.0, log)
        ids = _put(ids, t, tf.where(done, PAD_ID, token))
        done = done | (token == END_ID) | (t + 1 >= limits)
        return (t + 1, done, token, ids, total, *(new[name] for name in names))

    first = (
        tf.constant(0),
        tf.fill([rows], False),
        tf.fill([rows], START_ID),
        tf.fill([rows, most], PAD_ID),
        tf.fill([rows], 0.0),
        *(states[name] for name in names),
    )
    ids, total = tf.while_loop(go_on, body, first, maximum_iterations=most)[3:5]
    return ids, total


def _finished(ids: Tensor, total: Tensor) -> Sentences:
    count = tf.reduce_sum(tf.cast(ids != PAD_ID, total.dtype), axis=-1)
    score = tf.exp(total / tf.maximum(count, 1))
    return Sentences(tf.where(ids == END_ID, PAD_ID, ids), score)


def _beam(
    step: Step,
    states: States,
    constant: States,
    limits: Tensor,
    most: Any,
    width: int,
    length_penalty: float,
) -> Sentences:
    rows, names = _rows(states), list(states)
    constant = {name: tf.repeat(value, width, axis=0) for name, value in constant.items()}
    first_row = tf.range(rows)[:, None] * width
    # The best of twice as many candidates leaves `width` that go on, even if `width` of them end.
    many = 2 * width

    def ranked(total: Tensor, length: Tensor) -> Tensor:
        return total / tf.cast(length, total.dtype) ** length_penalty

    def go_on(t: Tensor, done: Tensor, *_: Tensor) -> Tensor:
        return (t < most) & ~tf.reduce_all(done)

    def body(
        t: Tensor,
        done: Tensor,
        token: Tensor,
        ids: Tensor,
        total: Tensor,
        best_ids: Tensor,
        best_total: Tensor,
        best_rank: Tensor,
        ended: Tensor,
        *values: Tensor,
    ) -> Any:
        now = dict(zip(names, values, strict=True))
        logits, new = step(tf.reshape(token, [-1]), now, constant)
        each = min(many, logits.shape[-1])
        logs, tokens = tf.math.top_k(_log_probabilities(logits, t), each)
        totals = tf.reshape(tf.reshape(total, [-1, 1]) + logs, [rows, width * each])
        total, place = tf.math.top_k(totals, many)  # (rows, many), the likeliest first
        tokens = tf.gather(tf.reshape(tokens, [rows, width * each]), place, batch_dims=1)
        parents = place // each
        ids = _put(tf.gather(ids, parents, batch_dims=1), t, tokens)

        # Those that end here, or at the limit, against the best of those that ended before.
        ends = (tokens == END_ID) & (total > _NEVER / 2)
        last = (t + 1 >= limits)[:, None]
        closing = (ends | (last & (total > _NEVER / 2))) & ~done[:, None]
        rank = tf.where(closing, ranked(total, t + 1), 2 * _NEVER)
        winner = tf.argmax(rank, axis=-1, output_type=tf.int32)[:, None]
        winner_rank = tf.gather(rank, winner, batch_dims=1)[:, 0]
        better = winner_rank > best_rank
        best_ids = tf.where(better[:, None], tf.gather(ids, winner, batch_dims=1)[:, 0], best_ids)
        best_total = tf.where(better, tf.gather(total, winner, batch_dims=1)[:, 0], best_total)
        best_rank = tf.where(better, winner_rank, best_rank)
        ended += tf.reduce_sum(tf.cast(closing[:, :width], tf.int32), axis=-1)
        done = done | (ended >= width) | last[:, 0]

        # Those that go on.
        total, place = tf.math.top_k(tf.where(ends, 2 * _NEVER, total), width)
        token = tf.gather(tokens, place, batch_dims=1)
        ids = tf.gather(ids, place, batch_dims=1)
        parents = tf.gather(parents, place, batch_dims=1)
        flat = tf.reshape(first_row + parents, [-1])
        return (
            t + 1,
            done,
            token,
            ids,
            total,
            best_ids,
            best_total,
            best_rank,
            ended,
            *(tf.gather(new[name], flat) for name in names),
        )

    first = (
        tf.constant(0),
        tf.fill([rows], False),
        tf.fill([rows, width], START_ID),
        tf.fill([rows, width, most], PAD_ID),
        # At first all hypotheses are one.
        tf.tile(tf.constant([[0.0] + [2 * _NEVER] * (width - 1)]), [rows, 1]),
        tf.fill([rows, most], PAD_ID),
        tf.fill([rows], 0.0),
        tf.fill([rows], 2 * _NEVER),
        tf.fill([rows], 0),
        *(tf.repeat(states[name], width, axis=0) for name in names),
    )
    result = tf.while_loop(go_on, body, first, maximum_iterations=most)
    return _finished(result[5], result[6])
