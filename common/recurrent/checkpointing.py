"""Training form for long sequences: states are kept now and then, those between computed again.

Back-propagation through time keeps what every step computed. Here the sequence is cut into chunks;
the forward pass keeps the state at the beginning of each, and the backward pass goes through a
chunk once more, forwards and then backwards, before it turns to the one before (Chen et al.,
"Training Deep Nets with Sublinear Memory Cost", 2016; Gruslys et al., "Memory-Efficient
Backpropagation Through Time", NeurIPS 2016). Same numbers, a forward pass more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from common.recurrent import backpropagation
from common.recurrent.backpropagation import Tensor


def unfold(
    x: Tensor,
    mask: Tensor | None,
    kernel: Sequence[Tensor],
    recurrent_kernel: Sequence[Tensor],
    bias: Tensor,
    gate_bias: Tensor | None,
    h0: Tensor,
    *,
    every: int,
    reverse: bool = False,
    all_outputs: bool = True,
    **options: Any,
) -> tuple[Tensor, Tensor]:
    """Unfolds the cell over time; arguments and results as in `backpropagation.unfold`.

    Args:
        every: steps of a chunk. The root of the number of steps takes the least memory.
    """
    timesteps = tf.shape(x)[1] if x.shape[1] is None else x.shape[1]
    filling = -timesteps % every
    if not isinstance(filling, int) or filling:
        if mask is None:
            mask = tf.ones(tf.shape(x)[:2], tf.bool)
        # Masked steps change no state; going backwards they come first.
        x = tf.pad(x, [[0, 0], [0, filling], [0, 0]])
        mask = tf.pad(mask, [[0, 0], [0, filling]])
    chunks = (timesteps + filling) // every
    matrices = (len(kernel), len(recurrent_kernel))
    weights = [*kernel, *recurrent_kernel, bias] + ([] if gate_bias is None else [gate_bias])

    def piece(sequence: Tensor, turn: Tensor) -> Tensor:
        """Returns the steps of the chunk that comes in this turn."""
        start = every * (chunks - 1 - turn if reverse else turn)
        part = sequence[:, start : start + every]
        return tf.ensure_shape(part, [sequence.shape[0], every, *sequence.shape[2:]])

    def run_chunk(x: Tensor, turn: Tensor, h: Tensor, weights: Sequence[Tensor]) -> Any:
        first, second = matrices[0], sum(matrices)
        return backpropagation.unfold(
            x,
            None if mask is None else piece(mask, turn),
            weights[:first],
            weights[first:second],
            weights[second],
            None if gate_bias is None else weights[-1],
            h,
            reverse=reverse,
            all_outputs=all_outputs,
            **options,
        )

    def array(like: Tensor) -> tf.TensorArray:
        return tf.TensorArray(like.dtype, size=chunks, element_shape=like.shape)

    def joined(pieces: tf.TensorArray) -> Tensor:
        """Returns `(batch, timesteps, n)` from chunks `(batch, every, n)`."""
        stacked = tf.transpose(pieces.stack(), [1, 0, 2, 3])
        return tf.reshape(stacked, [tf.shape(stacked)[0], chunks * every, stacked.shape[-1]])

    @tf.custom_gradient
    def run(x: Tensor, h0: Tensor, *weights: Tensor) -> tuple[Any, Callable[..., Any]]:
        # The tape must not look inside: the gradient written out below stands for what it finds.
        x, h0, *fixed = map(tf.stop_gradient, (x, h0, *weights))

        def forward(turn: Tensor, h: Tensor, starts: Any, *outputs: Any) -> tuple[Any, ...]:
            starts = starts.write(turn, h)
            states, h = run_chunk(piece(x, turn), turn, h, fixed)
            h = tf.ensure_shape(h, h0.shape)
            return turn + 1, h, starts, *(one.write(turn, states) for one in outputs)

        kept = [tf.TensorArray(h0.dtype, chunks, element_shape=[x.shape[0], every, h0.shape[1]])]
        _, last, starts, *outputs = tf.while_loop(
            lambda turn, *_: turn < chunks,
            forward,
            (0, h0, array(h0), *(kept if all_outputs else ())),
        )
        results = (*map(joined, outputs), last)

        def gradient(*upstream: Tensor) -> tuple[Tensor, ...]:
            def backward(turn: Tensor, dh: Tensor, d_x: Any, *sums: Tensor) -> tuple[Any, ...]:
                sources = [piece(x, turn), starts.read(turn), *fixed]
                with tf.GradientTape() as tape:
                    tape.watch(sources)
                    found = run_chunk(sources[0], turn, sources[1], sources[2:])
                seeds = [dh]
                if all_outputs:  # they stand in the order of the turns
                    seeds.insert(0, upstream[0][:, every * turn : every * (turn + 1)])
                targets = [one for one in found if one is not None]
                dx, dh, *more = tape.gradient(targets, sources, output_gradients=seeds)
                d_x = d_x.write(chunks - 1 - turn if reverse else turn, dx)
                dh = tf.ensure_shape(dh, upstream[-1].shape)
                return turn - 1, dh, d_x, *(a + b for a, b in zip(sums, more, strict=True))

            d_x = tf.TensorArray(x.dtype, chunks, element_shape=[x.shape[0], every, x.shape[2]])
            zeros = map(tf.zeros_like, fixed)
            loop = (chunks - 1, upstream[-1], d_x, *zeros)
            _, d_h0, d_x, *d_weights = tf.while_loop(lambda turn, *_: turn >= 0, backward, loop)
            return joined(d_x), d_h0, *d_weights

        return results, gradient

    *outputs, last = run(x, h0, *weights)
    if not all_outputs:
        return None, last
    begin = filling if reverse else 0
    return outputs[0][:, begin : begin + timesteps], last
