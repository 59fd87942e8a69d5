"""The one recurrent cell of the project: a single time step, plain or gated."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

ACTIVATIONS = ("tanh", "sigmoid", "relu")


@keras.saving.register_keras_serializable(package="recur")
class RecurCell(keras.layers.Layer):
    """One step of a recurrent network whose gate shares the matrices of its candidate.

    With `x_t` the input and `h_{t-1}` the state::

        p_t = W_x x_t + W_h h_{t-1}
        c_t = f(p_t + b)                          f: tanh, sigmoid or relu
        h_t = c_t                                 plain (gated=False)
        z_t = sigmoid(p_t + b_z)
        h_t = z_t * h_{t-1} + (1 - z_t) * c_t     gated (gated=True)

    The gated form is FastGRNN (Kusupati et al., "FastGRNN: A Fast, Accurate, Stable and Tiny
    Kilobyte Sized Gated Recurrent Neural Network", NeurIPS 2018) with its two scalars fixed at
    1 and 0. The new state is then a convex mix of the old one and the candidate, so it never
    leaves the range of `f`; that is what lets int8 hold.

    A matrix may be the product of two factors, `W = A B` with `A` `(rows, rank)` and `B` `(rank,
    units)`: fewer weights to store and to multiply by, as in that paper.

    Args:
        units: size of the state and of the output, a positive integer.
        activation: `f`, one of "tanh", "sigmoid", "relu".
        gated: whether the gate `z_t` is there. Without it: the textbook (Elman) network.
        kernel_rank, recurrent_rank: rank of `W_x` and `W_h`, kept as two factors; None: one matrix.
            The initialiser of a matrix makes each of its factors, and its regulariser acts on both.
        kernel_initializer, recurrent_initializer: of `W_x` and `W_h`.
        bias_initializer: of `b`.
        gate_bias_initializer: of `b_z`. Ones, so that an untrained cell remembers.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties on the weights;
            `bias_regularizer` acts on both biases.

    Call arguments:
        inputs: `(batch, features)`.
        states: `h_{t-1}`, `(batch, units)`, bare or as the one element of a list or tuple.

    Returns:
        The output `(batch, units)` and the new state, in the form that `states` had.

    Example:

    >>> layer = keras.layers.RNN(RecurCell(8))
    >>> layer(np.zeros((2, 5, 3))).shape
    TensorShape([2, 8])
    """

    def __init__(
        self,
        units: int,
        activation: str = "tanh",
        gated: bool = True,
        kernel_rank: int | None = None,
        recurrent_rank: int | None = None,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        gate_bias_initializer: Any = "ones",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        **kwargs: Any,
    ) -> None:
        check_size("units", units)
        for name, rank in (("kernel_rank", kernel_rank), ("recurrent_rank", recurrent_rank)):
            if rank is not None:
                check_size(name, rank)
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation must be one of {ACTIVATIONS}, got {activation!r}.")
        super().__init__(**kwargs)
        self.units = units
        self.activation = activation
        self.gated = bool(gated)
        self.kernel_rank, self.recurrent_rank = kernel_rank, recurrent_rank
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.recurrent_initializer = keras.initializers.get(recurrent_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.gate_bias_initializer = keras.initializers.get(gate_bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = keras.regularizers.get(recurrent_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.state_size = units
        self.output_size = units

    def build(self, input_shape: Sequence[int | None]) -> None:
        self.kernel_factors = self._add_matrix(
            "kernel",
            input_shape[-1],
            self.kernel_rank,
            self.kernel_initializer,
            self.kernel_regularizer,
        )
        self.recurrent_factors = self._add_matrix(
            "recurrent_kernel",
            self.units,
            self.recurrent_rank,
            self.recurrent_initializer,
            self.recurrent_regularizer,
        )
        self.bias = self.add_weight(
            name="bias",
            shape=(self.units,),
            initializer=self.bias_initializer,
            regularizer=self.bias_regularizer,
        )
        self.gate_bias = None
        if self.gated:
            self.gate_bias = self.add_weight(
                name="gate_bias",
                shape=(self.units,),
                initializer=self.gate_bias_initializer,
                regularizer=self.bias_regularizer,
            )

    def _add_matrix(
        self, name: str, rows: int | None, rank: int | None, initializer: Any, regularizer: Any
    ) -> list[Any]:
        """Returns the factors of a matrix of `rows` rows: itself, or two."""
        if rank is None:
            shapes = {name: (rows, self.units)}
        else:
            shapes = {f"{name}_a": (rows, rank), f"{name}_b": (rank, self.units)}
        return [
            self.add_weight(
                name=factor, shape=shape, initializer=initializer, regularizer=regularizer
            )
            for factor, shape in shapes.items()
        ]

    @property
    def kernel(self) -> Any:
        """`W_x`, `(features, units)`."""
        return _product(self.kernel_factors)

    @property
    def recurrent_kernel(self) -> Any:
        """`W_h`, `(units, units)`."""
        return _product(self.recurrent_factors)

    def call(self, inputs: Any, states: Any, training: bool = False) -> tuple[Any, Any]:
        nested = isinstance(states, (list, tuple))
        h = states[0] if nested else states
        p = _product([inputs, *self.kernel_factors]) + _product([h, *self.recurrent_factors])
        c = getattr(ops, self.activation)(p + self.bias)
        if self.gated:
            z = ops.sigmoid(p + self.gate_bias)
            h = z * h + (1 - z) * c
        else:
            h = c
        return h, type(states)([h]) if nested else h

    def get_initial_state(self, batch_size: Any = None) -> list[Any]:
        """Returns the state before the first step: `[zeros (batch_size, units)]`."""
        return [ops.zeros((batch_size, self.units), dtype=self.compute_dtype)]

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "activation": self.activation,
            "gated": self.gated,
            "kernel_rank": self.kernel_rank,
            "recurrent_rank": self.recurrent_rank,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "recurrent_initializer": keras.initializers.serialize(self.recurrent_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "gate_bias_initializer": keras.initializers.serialize(self.gate_bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "recurrent_regularizer": keras.regularizers.serialize(self.recurrent_regularizer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
        }


def check_size(name: str, value: Any) -> None:
    """Raises a ValueError unless the value is a positive integer."""
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise ValueError(f"{name} must be a positive integer, got {value!r}.")


def _product(factors: Sequence[Any]) -> Any:
    """Returns the matrix product of all, from the left."""
    return functools.reduce(ops.matmul, factors)
