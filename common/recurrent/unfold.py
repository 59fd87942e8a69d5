"""Inference forms of the recurrence: a loop for servers, an unrolled chain for small runtimes.

Both compute what `common.recurrent.cell` says, arranged so that a step has the fewest operators:
`W_x x_t + b` is computed before the first step for all steps at once, and `1 - z_t` is had directly
as the sigmoid of the negated sum. A step is then one matrix product and seven small operators, one
more where there is a mask. Only operators that TensorFlow Lite has as builtins are used, none of
them a selection: `1 - z_t` times the mask is exactly 0 at a masked step, in float and in int8.

Of the sequence a step reads one tensor. TensorFlow Lite copies what a loop reads at every turn,
for which reason a turn also makes several steps; and what an unrolled network reads at each step
is one more thing that the runtime has to look after.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from common.recurrent.backpropagation import Tensor, activate

# Steps in a turn of the loop. More gain little (measured: 1, 4, 8 and 16), and the file grows.
BLOCK = 4

# From the state, `W_x x_t + b` and the mask, or None, to the new state.
Step = Callable[[Tensor, Tensor, Tensor | None], Tensor]


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
    candidate = activate(activation, p)
    if gate_bias is None:
        return candidate if real is None else h + real * (candidate - h)
    # 1 - z_t. In p is b, where the gate wants b_z.
    update = tf.sigmoid((bias - gate_bias) - p)
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
) -> tuple[Tensor | None, Tensor]:
    """Unfolds the cell over time; arguments and results as in `backpropagation.unfold`.

    With `unroll` the number of time steps must be known, and the graph has no loop.
    """
    projection = _product(x, kernel) + bias
    real = None if mask is None else tf.cast(mask, x.dtype)[:, :, None]

    def step(h: Tensor, projected: Tensor, real: Tensor | None) -> Tensor:
        p = projected + through(h, recurrent_kernel)
        return advance(activation, h, p, bias, gate_bias, real)

    if unroll:
        return _chain(step, projection, real, h0, reverse, all_outputs)
    if reverse:
        projection, real = (None if v is None else tf.reverse(v, [1]) for v in (projection, real))
    return _loop(step, projection, real, h0, all_outputs)


def _product(x: Tensor, kernel: Sequence[Tensor]) -> Tensor:
    """`x @ kernel` over the last axis, as matrix products of rank 2."""
    rows = through(tf.reshape(x, [-1, x.shape[-1]]), kernel)
    return tf.reshape(rows, [*_sizes(x)[:2], kernel[-1].shape[-1]])


def _sizes(tensor: Tensor) -> list[Any]:
    """Returns the shape, numbers where they are known."""
    return [tf.shape(tensor)[i] if n is None else n for i, n in enumerate(tensor.shape)]


def _chain(
    step: Step,
    projection: Tensor,
    real: Tensor | None,
    h: Tensor,
    reverse: bool,
    all_outputs: bool,
) -> tuple[Tensor | None, Tensor]:
    timesteps = projection.shape[1]
    if timesteps is None:
        raise ValueError(
            "An unrolled layer needs to know the number of time steps, got an unknown one; "
            "give the input a fixed length."
        )
    masks = [None] * timesteps if real is None else tf.unstack(real, axis=1)
    steps = list(zip(tf.unstack(projection, axis=1), masks, strict=True))
    outputs = []
    for projected, counts in reversed(steps) if reverse else steps:
        h = step(h, projected, counts)
        outputs.append(h)
    return (tf.stack(outputs, axis=1) if all_outputs else None), h


def _loop(
    step: Step, projection: Tensor, real: Tensor | None, h: Tensor, all_outputs: bool
) -> tuple[Tensor | None, Tensor]:
    """Goes through blocks of steps.

    Steps that fill up the last block are masked, or are left out where their number is known.
    """
    timesteps = _sizes(projection)[1]
    if real is None and isinstance(timesteps, int):
        whole = timesteps - timesteps % BLOCK
        parts: list[Tensor] = []
        if whole:
            blocks = projection[:, :whole] if whole < timesteps else projection
            outputs, h = _turns(step, blocks, None, h, all_outputs)
            parts = [outputs] if all_outputs else []
        rest = []
        for t in range(whole, timesteps):
            h = step(h, projection[:, t], None)
            rest.append(h)
        if not all_outputs:
            return None, h
        if rest:
            parts.append(tf.stack(rest, axis=1))
        return (tf.concat(parts, 1) if len(parts) > 1 else parts[0]), h
    if real is None:
        real = tf.ones([1, timesteps, 1], projection.dtype)
    # No remainder of a negative number, of which not all runtimes think alike.
    filling = [[0, 0], [0, (BLOCK - timesteps % BLOCK) % BLOCK], [0, 0]]
    projection, real = tf.pad(projection, filling), tf.pad(real, filling)
    outputs, h = _turns(step, projection, real, h, all_outputs)
    return (None if outputs is None else outputs[:, :timesteps]), h


def _turns(
    step: Step, projection: Tensor, real: Tensor | None, h0: Tensor, all_outputs: bool
) -> tuple[Tensor | None, Tensor]:
    """Runs the loop, `BLOCK` steps a turn.

    Turns before the first step that counts in any row, and behind the last, are left out: they
    would change no state.

    Args:
        step: one step.
        projection: `W_x x_t + b`, `(batch, timesteps, units)`, a multiple of `BLOCK` steps.
        real: the mask, `(batch or 1, timesteps, 1)`, or None.
        h0: the first state.
        all_outputs: whether the states of all steps are wanted.

    Returns:
        The states `(batch, timesteps, units)`, or None, and the last state.
    """
    batch, steps, units = _sizes(projection)
    turns = steps // BLOCK
    # What belongs to a turn stands in one row: one operator reads it, one cuts it.
    projection = tf.reshape(projection, [batch, turns, BLOCK * units])
    if real is not None:
        real = tf.reshape(real, [_sizes(real)[0], turns, BLOCK])
    begin, end = (0, turns) if real is None else _needed_turns(real)

    def of(turn: Tensor, rows: Tensor) -> list[Tensor]:
        return tf.split(tf.gather(rows, turn, axis=1), BLOCK, axis=1)

    def body(turn: Tensor, h: Tensor, *outputs: Any) -> tuple[Any, ...]:
        masks = [None] * BLOCK if real is None else of(turn, real)
        states = []
        for projected, counts in zip(of(turn, projection), masks, strict=True):
            h = step(h, projected, counts)
            states.append(h)
        return turn + 1, h, *(array.write(turn, tf.concat(states, 1)) for array in outputs)

    outputs: list[Any] = []
    if all_outputs:
        shape = [h0.shape[0], BLOCK * units]
        outputs = [tf.TensorArray(h0.dtype, size=turns, element_shape=shape)]
    _, h, *outputs = tf.while_loop(lambda turn, *_: turn < end, body, (begin, h0, *outputs))
    if not all_outputs:
        return None, h
    stacked = tf.reshape(_swapped(outputs[0].stack()), [batch, steps, units])
    if real is not None:
        # What was left out has zeros now; there the output is the state that stood still.
        places = tf.range(steps)[:, None]
        before, behind = (
            tf.cast(x, h0.dtype) for x in (places < begin * BLOCK, places >= end * BLOCK)
        )
        stacked = stacked + before * h0[:, None] + behind * h[:, None]
    return stacked, h


def _swapped(sequence: Tensor) -> Tensor:
    """Returns `(batch, turns, n)` for `(turns, batch, n)`."""
    if sequence.shape[1] == 1:  # a reshape costs nothing where a transpose copies
        turns, _, n = _sizes(sequence)
        return tf.reshape(sequence, [1, turns, n])
    return tf.transpose(sequence, [1, 0, 2])


def _needed_turns(real: Tensor) -> tuple[Tensor, Tensor]:
    """Returns the first turn in which a step counts in any row, and the one behind the last.

    Args:
        real: `(batch or 1, turns, BLOCK)`, 1 where a step counts and 0 where it is masked.

    Where no step counts: the first turn. TensorFlow refuses to stack outputs of which none was
    written.
    """
    counts = tf.reduce_max(real, axis=[0, 2]) > 0
    places = tf.range(tf.shape(real)[1])
    end = tf.reduce_max(tf.where(counts, places + 1, 1))
    begin = tf.reduce_min(tf.where(counts, places, end - 1))
    return begin, end
