"""Inference forms of the recurrence: a loop for servers, an unrolled chain for small runtimes.

Both compute what `common.recurrent.cell` says, arranged so that a step has the fewest operators:
`W_x x_t + b` and `-(W_x x_t + b_z)` are computed before the first step for all steps at once, and
`1 - z_t` is had directly as the sigmoid of the negated sum. A step is then one matrix product and
seven small operators, one more where there is a mask. Only operators that TensorFlow Lite has as
builtins are used, none of them a selection: `1 - z_t` times the mask is exactly 0 at a masked step,
in float and in int8.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from common.recurrent.backpropagation import Tensor, activate


def advance(
    activation: str,
    h: Tensor,
    recurrent_kernel: Tensor,
    candidate_input: Tensor,
    update_input: Tensor | None,
    real: Tensor | None,
) -> Tensor:
    """One step from hoisted inputs.

    Args:
        activation: "tanh", "sigmoid" or "relu".
        h: the state `(batch, units)`.
        recurrent_kernel: `W_h`, `(units, units)`.
        candidate_input: `W_x x_t + b`, `(batch, units)`.
        update_input: `-(W_x x_t + b_z)`, or None for the plain cell.
        real: 1 where the step counts and 0 where it is masked, `(batch, 1)`, or None.

    Returns:
        The new state `(batch, units)`.
    """
    product = tf.matmul(h, recurrent_kernel)
    c = activate(activation, candidate_input + product)
    if update_input is None:
        return c if real is None else h + real * (c - h)
    update = tf.sigmoid(update_input - product)
    if real is not None:
        update = update * real
    return h + update * (c - h)


def unfold(
    x: Tensor,
    mask: Tensor | None,
    kernel: Tensor,
    recurrent_kernel: Tensor,
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
    projection = _time_major(_product(x, kernel))
    hoisted: list[Tensor] = [projection + bias]
    if gate_bias is not None:
        hoisted.append(-gate_bias - projection)
    if mask is not None:
        hoisted.append(_time_major(tf.cast(mask, x.dtype)[:, :, None]))

    def step(values: list[Tensor], h: Tensor) -> Tensor:
        gate = values[1] if gate_bias is not None else None
        real = values[-1] if mask is not None else None
        return advance(activation, h, recurrent_kernel, values[0], gate, real)

    if unroll:
        return _chain(step, hoisted, h0, reverse, all_outputs)
    real = None if mask is None else hoisted[-1]
    return _loop(step, hoisted, h0, reverse, all_outputs, real)


def _needed_steps(real: Tensor) -> Tensor:
    """Returns the number of steps to the last one that counts in any row, one at least.

    Args:
        real: `(timesteps, batch, 1)`, 1 where a step counts and 0 where it is masked.
    """
    counts = tf.reduce_max(real, axis=[1, 2]) > 0
    # TensorFlow refuses to stack outputs of which none was written.
    return tf.reduce_max(tf.where(counts, tf.range(1, tf.shape(real)[0] + 1), 1))


def _product(x: Tensor, kernel: Tensor) -> Tensor:
    """`x @ kernel` over the last axis, as one matrix product of rank 2."""
    shape = tf.shape(x)
    static = x.shape[:2]
    sizes = [static[i] if static[i] is not None else shape[i] for i in range(2)]
    rows = tf.matmul(tf.reshape(x, [-1, x.shape[-1]]), kernel)
    return tf.reshape(rows, [*sizes, kernel.shape[-1]])


def _time_major(sequence: Tensor) -> Tensor:
    if sequence.shape[0] == 1:  # a reshape costs nothing where a transpose copies
        timesteps = sequence.shape[1]
        size = tf.shape(sequence)[1] if timesteps is None else timesteps
        return tf.reshape(sequence, [size, 1, sequence.shape[2]])
    return tf.transpose(sequence, [1, 0, 2])


def _batch_major(sequence: Tensor) -> Tensor:
    if sequence.shape[1] == 1:
        timesteps = sequence.shape[0]
        size = tf.shape(sequence)[0] if timesteps is None else timesteps
        return tf.reshape(sequence, [1, size, sequence.shape[2]])
    return tf.transpose(sequence, [1, 0, 2])


def _chain(
    step: Any, hoisted: list[Tensor], h: Tensor, reverse: bool, all_outputs: bool
) -> tuple[Tensor | None, Tensor]:
    timesteps = hoisted[0].shape[0]
    if timesteps is None:
        raise ValueError(
            "An unrolled layer needs to know the number of time steps, got an unknown one; "
            "give the input a fixed length."
        )
    unstacked = [tf.unstack(values) for values in hoisted]
    order = range(timesteps - 1, -1, -1) if reverse else range(timesteps)
    outputs = []
    for t in order:
        h = step([values[t] for values in unstacked], h)
        outputs.append(h)
    return (tf.stack(outputs, axis=1) if all_outputs else None), h


def _loop(
    step: Any,
    hoisted: list[Tensor],
    h0: Tensor,
    reverse: bool,
    all_outputs: bool,
    real: Tensor | None,
) -> tuple[Tensor | None, Tensor]:
    """The padding of the longest row is not gone through: it would change no state."""
    timesteps = tf.shape(hoisted[0])[0]
    needed = timesteps if real is None else _needed_steps(real)
    begin = timesteps - needed if reverse else 0
    end = timesteps if reverse else needed

    def body(t: Tensor, h: Tensor, *outputs: Any) -> tuple[Any, ...]:
        now = timesteps - 1 - t if reverse else t
        h = step([values[now] for values in hoisted], h)
        return t + 1, h, *(array.write(t, h) for array in outputs)

    outputs: list[Any] = []
    if all_outputs:
        shape = hoisted[0].shape[1:]
        outputs = [tf.TensorArray(h0.dtype, size=timesteps, element_shape=shape)]
    _, h, *outputs = tf.while_loop(
        lambda t, *_: t < end, body, (begin, h0, *outputs), maximum_iterations=timesteps
    )
    if not all_outputs:
        return None, h
    stacked = outputs[0].stack()
    if real is None:
        return _batch_major(stacked), h
    # What was left out has zeros now; there the output is the state that stood still.
    places = tf.range(timesteps)
    left_out = tf.cast(places < begin if reverse else places >= end, h0.dtype)
    stood = left_out[:, None, None] * (h0 if reverse else h)
    return _batch_major(stacked + stood), h
