"""Training form of the recurrence: fast forward pass, back-propagation through time written out.

Three things make it faster than automatic differentiation of a step function (the notation is that
of `common.recurrent.cell`):

- `W_x x_t` does not depend on the state, so it is one matrix product before the loop.
- The backward loop only carries the gradient of the state; the gradients of both matrices are one
  product each after the loop, over all time steps at once (Werbos, "Backpropagation through time:
  what it does and how to do it", 1990).
- Examples of a batch do not meet inside the recurrence, so the batch is cut into as many shards as
  there are cores and their loops run side by side: one step's product is too small to share.

Inside this file time is the first axis and `keep` is the share of the old state that remains:
`z_t` where the step is real, 1 where it is masked.
"""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

# A shard with fewer examples than this pays more for its loop than it gains.
SMALLEST_SHARD = 8

Tensor = Any


def activate(activation: str, x: Tensor) -> Tensor:
    """Returns `f(x)` for `f` one of "tanh", "sigmoid", "relu"."""
    return {"tanh": tf.tanh, "sigmoid": tf.sigmoid, "relu": tf.nn.relu}[activation](x)


def derivative(activation: str, c: Tensor) -> Tensor:
    """Returns `f'(x)`, written with the value `c = f(x)`."""
    if activation == "tanh":
        return 1 - c * c
    if activation == "sigmoid":
        return c * (1 - c)
    return tf.cast(c > 0, c.dtype)


def _sigmoid(x: Tensor) -> Tensor:
    """The logistic function by way of tanh, which XLA computes without a division."""
    return 0.5 + 0.5 * tf.tanh(0.5 * x)


def _array(like: Tensor, size: Tensor) -> tf.TensorArray:
    """An array over time of tensors with the shape that `like` has at one step."""
    return tf.TensorArray(like.dtype, size=size, element_shape=like.shape[1:])


def _steps(sequence: Tensor) -> tf.TensorArray:
    return _array(sequence, tf.shape(sequence)[0]).unstack(sequence)


def _time_major(sequence: Tensor, reverse: bool) -> Tensor:
    swapped = tf.transpose(sequence, [1, 0, *range(2, sequence.shape.rank)])
    return tf.reverse(swapped, [0]) if reverse else swapped


def _rows(x: Tensor) -> Tensor:
    """`(timesteps, batch, n)` as the rows of one matrix, `(timesteps * batch, n)`."""
    return tf.reshape(x, [-1, x.shape[-1]])


def _forward(
    activation: str,
    reverse: bool,
    x: Tensor,
    mask: Tensor | None,
    kernel: Tensor,
    recurrent_kernel: Tensor,
    bias: Tensor,
    gate_bias: Tensor | None,
    h0: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """Runs the loop; returns states `(timesteps + 1, batch, units)` from `h0` on, candidates, keep.

    `keep` has one column where it is the mask alone, and none where every step replaces the state.
    """
    x = _time_major(x, reverse)
    timesteps, units = tf.shape(x)[0], kernel.shape[-1]
    projection = tf.matmul(_rows(x), kernel)
    projection = tf.reshape(projection, [timesteps, tf.shape(x)[1], units])
    masked = mask is not None
    p_steps = _steps(projection)
    real = _steps(_time_major(tf.cast(mask, x.dtype)[:, :, None], reverse)) if masked else p_steps
    states = _array(projection, timesteps + 1).write(0, h0)
    candidates, keeps = _array(projection, timesteps), _array(projection, timesteps)

    def step(t: Tensor, h: Tensor, states: Any, candidates: Any, keeps: Any) -> tuple[Any, ...]:
        p = p_steps.read(t) + tf.matmul(h, recurrent_kernel)
        c = activate(activation, p + bias)
        if gate_bias is not None or masked:
            update = _sigmoid(-(p + gate_bias)) if gate_bias is not None else tf.ones_like(c)
            if masked:
                update = update * real.read(t)
            # This order of terms leaves a masked state as it was, to the last bit.
            h = h + update * (c - h)
            candidates, keeps = candidates.write(t, c), keeps.write(t, 1 - update)
        else:
            h = c
        return t + 1, h, states.write(t + 1, h), candidates, keeps

    loop = (0, h0, states, candidates, keeps)
    loop = tf.while_loop(lambda t, *_: t < timesteps, step, loop, maximum_iterations=timesteps)
    states = loop[2].stack()
    if gate_bias is None and not masked:
        return states, states[1:], tf.zeros([timesteps, 0, units], x.dtype)
    return states, loop[3].stack(), loop[4].stack()


def _backward(
    activation: str,
    recurrent_kernel: Tensor,
    gated: bool,
    states: Tensor,
    candidates: Tensor,
    keeps: Tensor | None,
    d_outputs: Tensor | None,
    d_last: Tensor,
) -> tuple[Tensor, ...]:
    """Returns the gradients of the projections (in the loop's order), the gate's bias and h0."""
    timesteps = tf.shape(candidates)[0]
    # Outputs stand in the order of the loop, reversed or not, as in keras.layers.RNN.
    d_steps = _steps(_time_major(d_outputs, False)) if d_outputs is not None else None
    h_steps, c_steps = _steps(states), _steps(candidates)
    keep_steps = _steps(keeps) if keeps is not None else None
    d_projections = _array(candidates, timesteps)

    def step(t: Tensor, dh: Tensor, d_projections: Any, d_gate_bias: Tensor) -> tuple[Any, ...]:
        if d_steps is not None:
            dh = dh + d_steps.read(t)
        c = c_steps.read(t)
        if keep_steps is None:
            dp = dh * derivative(activation, c)
            kept: Tensor = 0
        else:
            keep = keep_steps.read(t)
            dc = dh * (1 - keep)
            dp = dc * derivative(activation, c)
            if gated:
                # At a masked step dc is 0, so keep stands for z wherever it counts.
                dz = dc * keep * (h_steps.read(t) - c)
                dp = dp + dz
                # Summed over examples after the loop: within it that sum costs a fifth of the step.
                d_gate_bias = d_gate_bias + dz
            kept = dh * keep
        d_projections = d_projections.write(t, dp)
        dh = kept + tf.matmul(dp, recurrent_kernel, transpose_b=True)
        return t - 1, dh, d_projections, d_gate_bias

    loop = (timesteps - 1, d_last, d_projections, tf.zeros_like(d_last))
    loop = tf.while_loop(lambda t, *_: t >= 0, step, loop, maximum_iterations=timesteps)
    _, d_h0, d_projections, d_gate_bias = loop
    return d_projections.stack(), tf.reduce_sum(d_gate_bias, axis=0), d_h0


# The products after the loop are left to TensorFlow, which runs them on all cores, looks into a
# slice without copying it, and leaves out what nobody asks for (the gradient of the inputs).


def _weight_gradients(
    x: Tensor, states: Tensor, d_projections: Tensor, reverse: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Returns the gradients of kernel, recurrent_kernel, and of both biases together."""
    dp = _rows(d_projections)
    d_kernel = tf.matmul(_rows(_time_major(x, reverse)), dp, transpose_a=True)
    d_recurrent = tf.matmul(_rows(states[:-1]), dp, transpose_a=True)
    return d_kernel, d_recurrent, tf.reduce_sum(dp, axis=0)


def _input_gradient(d_projections: Tensor, kernel: Tensor, reverse: bool) -> Tensor:
    """Returns the gradient of x."""
    d_x = tf.matmul(_rows(d_projections), kernel, transpose_b=True)
    d_x = tf.reshape(d_x, [*tf.unstack(tf.shape(d_projections)[:2]), kernel.shape[0]])
    return tf.transpose(tf.reverse(d_x, [0]) if reverse else d_x, [1, 0, 2])


@functools.cache
def _compiled(function: Callable[..., Any], jit_compile: bool) -> Callable[..., Any]:
    """One traced function for all layers, so that layers of one shape compile once."""
    return tf.function(function, jit_compile=jit_compile, autograph=False)


def shard_count(batch: int | None) -> int:
    """Returns into how many shards a batch of that size is cut: at most one a core."""
    if tf.config.list_physical_devices("GPU"):
        return 1
    cores = tf.config.threading.get_intra_op_parallelism_threads() or len(os.sched_getaffinity(0))
    return cores if batch is None else max(1, min(cores, batch // SMALLEST_SHARD))


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
    jit_compile: bool = True,
) -> tuple[Tensor, Tensor]:
    """Unfolds the cell over time, with a gradient of its own.

    Args:
        x: inputs, `(batch, timesteps, features)`; any of the first two may be unknown.
        mask: booleans `(batch, timesteps)`, False where a step is to be passed over, or None.
        kernel, recurrent_kernel: `W_x` and `W_h`, each as its factors, one or two.
        bias, gate_bias: `b` and `b_z`; `gate_bias` is None for the plain cell.
        h0: the first state, `(batch, units)`.
        activation: "tanh", "sigmoid" or "relu".
        reverse: from the last step to the first; the outputs then stand in that order.
        all_outputs: whether the states of all steps are wanted.
        jit_compile: whether XLA compiles the loops (once for each shape).

    Returns:
        The states of all steps, `(batch, timesteps, units)` (None unless `all_outputs`), and the
        last state, `(batch, units)`.
    """
    forward, backward = _compiled(_forward, jit_compile), _compiled(_backward, jit_compile)
    shards = shard_count(x.shape[0])
    batch = tf.shape(x)[0]
    bounds = [batch * i // shards for i in range(shards + 1)]

    def split(tensor: Tensor | None) -> list[Tensor]:
        if tensor is None or shards == 1:
            return [tensor] * shards
        return [tensor[a:b] for a, b in itertools.pairwise(bounds)]

    # Their product is made once a batch, and the gradients of the factors are left to TensorFlow.
    matrices = [functools.reduce(tf.matmul, factors) for factors in (kernel, recurrent_kernel)]
    weights = [*matrices, bias] + ([] if gate_bias is None else [gate_bias])
    gated, blended = gate_bias is not None, gate_bias is not None or mask is not None

    @tf.custom_gradient
    def run(x: Tensor, h0: Tensor, *weights: Tensor) -> tuple[Any, Callable[..., Any]]:
        # The tape must not look inside: a gradient of the compiled loops cannot be had and is not
        # needed, the one written out below stands for it.
        x, h0, kernel, recurrent_kernel, bias, *rest = map(tf.stop_gradient, (x, h0, *weights))
        xs = split(x)
        results = [
            forward(
                activation,
                reverse,
                x_shard,
                mask_shard,
                kernel,
                recurrent_kernel,
                bias,
                rest[0] if rest else None,
                h0_shard,
            )
            for x_shard, mask_shard, h0_shard in zip(xs, split(mask), split(h0), strict=True)
        ]
        last = tf.concat([states[-1] for states, _, _ in results], 0)
        if all_outputs:
            outputs = tf.concat([_time_major(states[1:], False) for states, _, _ in results], 0)

        def gradient(*upstream: Tensor) -> tuple[Tensor, ...]:
            d_outputs = split(upstream[0]) if all_outputs else [None] * shards
            parts = [
                backward(
                    activation,
                    recurrent_kernel,
                    gated,
                    states,
                    candidates,
                    keeps if blended else None,
                    d_outputs_shard,
                    d_last,
                )
                for (states, candidates, keeps), d_outputs_shard, d_last in zip(
                    results, d_outputs, split(upstream[-1]), strict=True
                )
            ]
            d_projections, d_gate_bias, d_h0 = zip(*parts, strict=True)
            d_x = [_input_gradient(dp, kernel, reverse) for dp in d_projections]
            d_weights = [
                _weight_gradients(x_shard, states, dp, reverse)
                for x_shard, (states, _, _), dp in zip(xs, results, d_projections, strict=True)
            ]
            d_kernel, d_recurrent, d_biases = map(tf.add_n, zip(*d_weights, strict=True))
            d_gate = tf.add_n(d_gate_bias)
            d_bias = [d_biases - d_gate, d_gate] if gated else [d_biases]
            return tf.concat(d_x, 0), tf.concat(d_h0, 0), d_kernel, d_recurrent, *d_bias

        return ((outputs, last) if all_outputs else (last,)), gradient

    result = run(x, h0, *weights)
    return (result[0] if all_outputs else None), result[-1]
