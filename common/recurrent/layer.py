"""The layer that unfolds the one cell over time: same numbers as `keras.layers.RNN`, faster."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf

from common.recurrent import backpropagation, checkpointing, unfold
from common.recurrent.cell import RecurCell, check_size

FORMS = ("training", "loop", "unrolled")

_form: contextvars.ContextVar[str | None] = contextvars.ContextVar("form", default=None)


@contextlib.contextmanager
def unfolded_as(form: str) -> Iterator[None]:
    """Chooses how every `Recur` layer traced inside the `with` block is unfolded.

    Args:
        form: "training": the fast loop with its own gradient, compiled by XLA; "loop": a plain
            TensorFlow loop that any runtime has, for export to servers; "unrolled": no loop, for
            export to small runtimes; needs a known number of time steps. Outside of any block it
            is "training" for a call with `training=True` and "loop" for any other.

    Raises:
        ValueError: the form is another.
    """
    if form not in FORMS:
        raise ValueError(f"form must be one of {FORMS}, got {form!r}.")
    token = _form.set(form)
    try:
        yield
    finally:
        _form.reset(token)


@keras.saving.register_keras_serializable(package="recur")
class Recur(keras.layers.RNN):
    """Unfolds a `RecurCell` over time, with the outputs and gradients of `keras.layers.RNN(cell)`.

    Args:
        units, activation, gated, kernel_rank, recurrent_rank, shared_rank: as in `RecurCell`; other
            arguments of the cell likewise (initialisers, regularisers).
        return_sequences, return_state, go_backwards, stateful, zero_output_for_mask: as in
            `keras.layers.RNN`.
        unroll: write every step into the graph instead of a loop.
        jit_compile: whether XLA compiles the training form. It compiles once for each shape, so
            lengths should come in few buckets.
        checkpoint_every: number of steps after which training keeps the state; the steps between
            are computed again in the backward pass, so that memory grows with the kept states and
            this number instead of with the length, and time by a half or more (`make bench`).
            None: every step is kept.

    Call arguments:
        sequences: `(batch, timesteps, features)`.
        initial_state: `(batch, units)`, bare or in a list; zeros by default.
        mask: booleans, or zeros and ones in inference, `(batch, timesteps)`; a step where it is
            False repeats the last output and keeps the state.

    Returns:
        The last output `(batch, units)`, or all of them `(batch, timesteps, units)` with
        `return_sequences`; then the last state with `return_state`.

    Example:

    >>> Recur(16, return_sequences=True)(np.zeros((2, 5, 3))).shape
    TensorShape([2, 5, 16])
    """

    def __init__(
        self,
        units: int,
        activation: str = "tanh",
        gated: bool = True,
        kernel_rank: int | None = None,
        recurrent_rank: int | None = None,
        shared_rank: int | None = None,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        gate_bias_initializer: Any = "ones",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        jit_compile: bool = True,
        checkpoint_every: int | None = None,
        **kwargs: Any,
    ) -> None:
        if checkpoint_every is not None:
            check_size("checkpoint_every", checkpoint_every)
        cell = RecurCell(
            units,
            activation=activation,
            gated=gated,
            kernel_rank=kernel_rank,
            recurrent_rank=recurrent_rank,
            shared_rank=shared_rank,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            gate_bias_initializer=gate_bias_initializer,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True),
            name="recur_cell",
        )
        super().__init__(
            cell,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            unroll=unroll,
            **kwargs,
        )
        self.jit_compile = jit_compile
        self.checkpoint_every = checkpoint_every
        self._from_zeros = True
        self.input_spec = [keras.layers.InputSpec(ndim=3)]

    @property
    def units(self) -> int:
        """Size of the state and of the output."""
        return int(self.cell.units)

    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool = False
    ) -> Any:
        self._from_zeros = initial_state is None and not self.stateful
        return super().call(sequences, initial_state, mask=mask, training=training)

    def step(self, x: Any, h: Any, real: Any = None, input_range: float = 1.0) -> Any:
        """One time step, arranged for int8: the sum of both products is made, and rounded, once.

        Input and state go through one product with `W_x` above `W_h`. In int8 the two then share
        their 256 values, so the input should fill the range that the state has.

        Args:
            x: input divided by `input_range`, `(batch, features)`.
            h: state `(batch, units)`.
            real: `(batch, 1)`, 1 where the step counts and 0 where it is masked, or None.
            input_range: what the input was divided by.

        Returns:
            The new state, which is the output too, `(batch, units)`.
        """
        cell = self.cell
        first, *more = map(tf.convert_to_tensor, cell.kernel_factors)
        kernel = [first * input_range, *more]
        recurrent = list(map(tf.convert_to_tensor, cell.recurrent_factors))
        shared = [] if cell.shared_rank is None else [recurrent.pop()]
        *inner, kernel_join = kernel[: len(kernel) - len(shared)]
        *inner_recurrent, recurrent_join = recurrent
        joined = tf.concat([unfold.through(x, inner), unfold.through(h, inner_recurrent)], -1)
        bias = tf.convert_to_tensor(cell.bias)
        join = tf.concat([kernel_join, recurrent_join], 0)
        p = unfold.through(joined, [join, *shared]) + bias
        gate_bias = None if cell.gate_bias is None else tf.convert_to_tensor(cell.gate_bias)
        return unfold.advance(cell.activation, h, p, bias, gate_bias, real)

    def inner_loop(
        self, sequences: Any, initial_state: Any, mask: Any, training: bool = False
    ) -> tuple[Any, Any, Any]:
        """Replaces the step-by-step loop of `keras.layers.RNN`, which does everything around it."""
        state = initial_state[0] if isinstance(initial_state, (list, tuple)) else initial_state
        cell = self.cell
        kernel = list(map(tf.convert_to_tensor, cell.kernel_factors))
        recurrent_kernel = list(map(tf.convert_to_tensor, cell.recurrent_factors))
        biases = [w if w is None else tf.convert_to_tensor(w) for w in (cell.bias, cell.gate_bias)]
        if mask is not None:
            # Zeros and ones stay numbers: quantised graphs have no operators for booleans.
            if not tf.as_dtype(mask.dtype).is_floating:
                mask = tf.cast(mask, tf.bool)
            if mask.shape.rank == 3:
                mask = mask[:, :, 0]
        options: dict[str, Any] = {
            "activation": cell.activation,
            "reverse": self.go_backwards,
            "all_outputs": self.return_sequences,
        }
        form = "unrolled" if self.unroll else _form.get() or ("training" if training else "loop")
        if form == "training":
            run: Any = backpropagation.unfold
            options["jit_compile"] = self.jit_compile
            if self.checkpoint_every is not None:
                run = checkpointing.unfold
                options["every"] = self.checkpoint_every
        else:
            run = unfold.unfold
            options["unroll"] = form == "unrolled"
        outputs, state = run(sequences, mask, kernel, recurrent_kernel, *biases, state, **options)
        last = state
        # From zeros a masked first step has the right output already.
        if mask is not None and (self.zero_output_for_mask or not self._from_zeros):
            outputs, last = self._masked_outputs(outputs, last, mask)
        return last, last[:, None] if outputs is None else outputs, [state]

    def _masked_outputs(self, outputs: Any, last: Any, mask: Any) -> tuple[Any, Any]:
        """Gives masked steps the output that `keras.layers.RNN` gives them.

        The state of a masked step is already the last one. What is left are zeros: at all masked
        steps if asked for, and at those before the first real step, where there is no last output.
        """
        mask = tf.cast(mask, tf.bool)
        if self.go_backwards:
            mask = tf.reverse(mask, [1])
        if self.zero_output_for_mask:
            shown, shown_last = mask, mask[:, -1:]
        else:
            shown_last = tf.reduce_any(mask, axis=1, keepdims=True)
            shown = tf.cumsum(tf.cast(mask, tf.int32), axis=1) > 0
        if outputs is not None:
            outputs = outputs * tf.cast(shown, outputs.dtype)[:, :, None]
        return outputs, last * tf.cast(shown_last, last.dtype)

    def get_config(self) -> dict[str, Any]:
        cell = self.cell.get_config()
        for key in ("name", "trainable", "dtype"):
            cell.pop(key, None)
        config = {**super().get_config(), **cell, "jit_compile": self.jit_compile}
        config["checkpoint_every"] = self.checkpoint_every
        del config["cell"]
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Recur:
        return cls(**config)
