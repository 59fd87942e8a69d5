"""Inference forms of the recurrence: a loop for servers, an unrolled chain for small runtimes.

Both compute what `common.recurrent.cell` says, arranged so that a step has the fewest operators:
`W_x x_t` is computed before the first step for all steps at once, and `1 - z_t` is had directly as
the sigmoid of the negated sum. A step is then one matrix product and seven small operators, one
more where there is a mask. Only operators that TensorFlow Lite has as builtins are used, none of
them a selection: `1 - z_t` times the mask is exactly 0 at a masked step, in float and in int8.

The two differ in where they add the biases. The chain adds them before the first step, so that in
int8 no sum is rounded twice. The loop adds them inside the product of the state, so that one tensor
comes in from outside instead of two: TensorFlow Lite copies what a loop reads at every turn. For
the same reason a turn of the loop makes several steps.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from common.recurrent.backpropagation import Tensor, activate

# Steps in a turn of the loop. More gain little (measured: 1, 4, 8 and 16), and the file grows.
BLOCK = 4


def through(x: Tensor, factors: Sequence[Tensor]) -> Tensor:
    """Returns `x` times each of the matrices, from the left."""
    return functools.reduce(tf.matmul, factors, x)


def advance(
    activation: str,
    h: Tensor,
    p: Tensor,
    bias: Tensor,
    gate_bias: Tensor | None,
    real: Tensor | None,
) -> Tensor:
    """Returns the new state.

    Args:
        activation: "tanh", "sigmoid" or "relu".
        h: the old state, `(batch, units)`.
        p: `W_x x_t + W_h h + b`, `(batch, units)`.
        bias, gate_bias: `b` and `b_z`; `b_z` is None for the plain cell.
        real: 1 where the step counts and 0 where it is masked, `(batch, 1)`, or None.
    """
    c = activate(activation, p)
    # p has b in it, where the gate wants b_z.
    update = None if gate_bias is None else tf.sigmoid((bias - gate_bias) - p)
    return _mixed(h, c, update, real)


def _mixed(h: Tensor, candidate: Tensor, update: Tensor | None, real: Tensor | None) -> Tensor:
    """Returns the new state from the old one, `c_t`, and `1 - z_t` of a gated cell."""
    if update is None:
        return candidate if real is None else h + real * (candidate - h)
    if real is not None:
        update = update * real
    return h + update * (candidate - h)


def unfold(
    x: Tensor,
    mask: Tensor | None,
    kernel: Sequence[Tensor],
    recurrent_kernel: Sequence[Tensor],
    bias: Tensor,
    gate_bias: Tensor | None,
    h0: Tensor,
    *,
    activation: str,
    reverse: bool = False,
    all_outputs: bool = True,
    unroll: bool = False,
) -> tuple[Tensor, Tensor]:
    """Unfolds the cell over time; arguments and results as in `backpropagation.unfold`.

    With `unroll` the number of time steps must be known, and the graph has no loop.
    """
    projection = _swapped(_product(x, kernel))
    real = None if mask is None else _swapped(tf.cast(mask, x.dtype)[:, :, None])

    def chained(h: Tensor, real: Tensor | None, candidate: Tensor, *update: Tensor) -> Tensor:
        """One step from `W_x x_t + b` and, in a gated cell, `-(W_x x_t + b_z)`."""
        product = through(h, recurrent_kernel)
        c = activate(activation, candidate + product)
        return _mixed(h, c, tf.sigmoid(update[0] - product) if update else None, real)

    def looped(h: Tensor, real: Tensor | None, projection: Tensor) -> Tensor:
        """One step from `W_x x_t`."""
        # In this order the converter puts b into the product.
        p = projection + (through(h, recurrent_kernel) + bias)
        return advance(activation, h, p, bias, gate_bias, real)

    if unroll:
        gates = [] if gate_bias is None else [-gate_bias - projection]
        return _chain(chained, [projection + bias, *gates], real, h0, reverse, all_outputs)
    return _loop(looped, projection, real, h0, reverse, all_outputs)


def _product(x: Tensor, kernel: Sequence[Tensor]) -> Tensor:
    """`x @ kernel` over the last axis, as matrix products of rank 2."""
    rows = through(tf.reshape(x, [-1, x.shape[-1]]), kernel)
    return tf.reshape(rows, [*_sizes(x)[:2], kernel[-1].shape[-1]])


def _sizes(tensor: Tensor) -> list[Any]:
    """Returns the shape, numbers where they are known."""
    return [tf.shape(tensor)[i] if n is None else n for i, n in enumerate(tensor.shape)]


def _swapped(sequence: Tensor) -> Tensor:
    """Returns `(batch, timesteps, n)` for `(timesteps, batch, n)` and the other way round."""
    if 1 in sequence.shape[:2].as_list():  # a reshape costs nothing where a transpose copies
        first, second, last = _sizes(sequence)
        return tf.reshape(sequence, [second, first, last])
    return tf.transpose(sequence, [1, 0, 2])


def _chain(
    step: Any,
    hoisted: list[Tensor],
    real: Tensor | None,
    h: Tensor,
    reverse: bool,
    all_outputs: bool,
) -> tuple[Tensor | None, Tensor]:
    timesteps = hoisted[0].shape[0]
    if timesteps is None:
        raise ValueError(
            "An unrolled layer needs to know the number of time steps, got an unknown one; "
            "give the input a fixed length."
        )
    unstacked = [tf.unstack(values) for values in hoisted]
    masks = [None] * timesteps if real is None else tf.unstack(real)
    order = range(timesteps - 1, -1, -1) if reverse else range(timesteps)
    outputs = []
    for t in order:
        h = step(h, masks[t], *(values[t] for values in unstacked))
        outputs.append(h)
    return (tf.stack(outputs, axis=1) if all_outputs else None), h


def _loop(
    step: Any,
    projection: Tensor,
    real: Tensor | None,
    h: Tensor,
    reverse: bool,
    all_outputs: bool,
) -> tuple[Tensor | None, Tensor]:
    """Goes through blocks of steps.

    Steps that fill up the last block are masked, or are left out where their number is known.
    """
    if reverse:
        projection, real = (None if v is None else tf.reverse(v, [0]) for v in (projection, real))
    timesteps = _sizes(projection)[0]
    if real is None and isinstance(timesteps, int):
        whole = timesteps - timesteps % BLOCK
        blocks = projection[:whole] if whole < timesteps else projection
        outputs: Any = None
        if whole:
            outputs, h = _turns(step, blocks, None, h, all_outputs)
        rest = []
        for t in range(whole, timesteps):
            h = step(h, None, projection[t])
            rest.append(h)
        if all_outputs and rest:
            outputs = tf.concat([outputs, tf.stack(rest)], 0) if whole else tf.stack(rest)
    else:
        if real is None:
            real = tf.ones([timesteps, 1, 1], projection.dtype)
        # No remainder of a negative number, of which not all runtimes think alike.
        filling = [[0, (BLOCK - timesteps % BLOCK) % BLOCK], [0, 0], [0, 0]]
        projection, real = tf.pad(projection, filling), tf.pad(real, filling)
        outputs, h = _turns(step, projection, real, h, all_outputs)
    return (_swapped(outputs[:timesteps]) if all_outputs else None), h


def _turns(
    step: Any, projection: Tensor, real: Tensor | None, h0: Tensor, all_outputs: bool
) -> tuple[Tensor | None, Tensor]:
    """Runs the loop, `BLOCK` steps a turn.

    Turns before the first step that counts in any row, and behind the last, are left out: they
    would change no state.

    Args:
        step: from the state, the mask and the projection to the new state.
        projection: `W_x x_t`, `(timesteps, batch, units)`, a multiple of `BLOCK` steps.
        real: the mask, `(timesteps, batch or 1, 1)`, or None.
        h0: the first state.
        all_outputs: whether the states of all steps are wanted.

    Returns:
        The states `(timesteps, batch, units)`, or None, and the last state.
    """
    steps = _sizes(projection)[0]
    turns = steps // BLOCK
    blocks = [
        tf.reshape(v, [turns, BLOCK, *_sizes(v)[1:]]) for v in (projection, real) if v is not None
    ]
    begin, end = (0, turns) if real is None else _needed_turns(blocks[1])

    def body(turn: Tensor, h: Tensor, *outputs: Any) -> tuple[Any, ...]:
        rows = [tf.unstack(tf.gather(values, turn)) for values in blocks]
        masks = [None] * BLOCK if real is None else rows[1]
        states = []
        for projected, mask in zip(rows[0], masks, strict=True):
            h = step(h, mask, projected)
            states.append(h)
        return turn + 1, h, *(array.write(turn, tf.stack(states)) for array in outputs)

    outputs: list[Any] = []
    if all_outputs:
        shape = [BLOCK, *projection.shape[1:]]
        outputs = [tf.TensorArray(h0.dtype, size=turns, element_shape=shape)]
    _, h, *outputs = tf.while_loop(lambda turn, *_: turn < end, body, (begin, h0, *outputs))
    if not all_outputs:
        return None, h
    stacked = outputs[0].stack()
    if real is not None:
        # What was left out has zeros now; there the output is the state that stood still.
        places = tf.range(turns)[:, None, None, None]
        before, behind = (tf.cast(x, h0.dtype) for x in (places < begin, places >= end))
        stacked = stacked + before * h0 + behind * h
    return tf.reshape(stacked, [steps, *_sizes(stacked)[2:]]), h


def _needed_turns(real: Tensor) -> tuple[Tensor, Tensor]:
    """Returns the first turn in which a step counts in any row, and the one behind the last.

    Args:
        real: `(turns, BLOCK, batch or 1, 1)`, 1 where a step counts and 0 where it is masked.

    Where no step counts: the first turn. TensorFlow refuses to stack outputs of which none was
    written.
    """
    counts = tf.reduce_max(real, axis=[1, 2, 3]) > 0
    places = tf.range(tf.shape(real)[0])
    end = tf.reduce_max(tf.where(counts, places + 1, 1))
    begin = tf.reduce_min(tf.where(counts, places, end - 1))
    return begin, end
