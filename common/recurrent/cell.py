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
    units)`: fewer weights to store and to multiply by, as in that paper. Smaller still, and with
    fewer products in a step, is one `B` for both, `p_t = (A_x x_t + A_h h_{t-1}) B`.

    Args:
        units: size of the state and of the output, a positive integer.
        activation: `f`, one of "tanh", "sigmoid", "relu".
        gated: whether the gate `z_t` is there. Without it: the textbook (Elman) network.
        kernel_rank, recurrent_rank: rank of `W_x` and `W_h`, kept as two factors; None: one matrix.
            The initialiser of a matrix makes each of its factors, and its regulariser acts on both.
        shared_rank: rank of both with the second factor in common, which `recurrent_initializer`
            makes and on which `recurrent_regularizer` acts; not beside one of the other ranks.
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
        shared_rank: int | None = None,
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
        ranks = {"kernel_rank": kernel_rank, "recurrent_rank": recurrent_rank}
        ranks["shared_rank"] = shared_rank
        given = {name: rank for name, rank in ranks.items() if rank is not None}
        for name, rank in given.items():
            check_size(name, rank)
        if shared_rank is not None and len(given) > 1:
            raise ValueError(f"shared_rank is the rank of both matrices; got {given} at once.")
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation must be one of {ACTIVATIONS}, got {activation!r}.")
        super().__init__(**kwargs)
        self.units = units
        self.activation = activation
        self.gated = bool(gated)
        self.kernel_rank, self.recurrent_rank = kernel_rank, recurrent_rank
        self.shared_rank = shared_rank
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
        of_kernel = (self.kernel_initializer, self.kernel_regularizer)
        of_recurrent = (self.recurrent_initializer, self.recurrent_regularizer)
        features, units = input_shape[-1], self.units
        if self.shared_rank is None:
            self.kernel_factors = self._add_matrix("kernel", features, self.kernel_rank, *of_kernel)
            self.recurrent_factors = self._add_matrix(
                "recurrent_kernel", units, self.recurrent_rank, *of_recurrent
            )
        else:
            rank = self.shared_rank
            kernel = self._add_weight("kernel_a", (features, rank), *of_kernel)
            recurrent = self._add_weight("recurrent_kernel_a", (units, rank), *of_recurrent)
            shared = self._add_weight("shared_b", (rank, units), *of_recurrent)
            self.kernel_factors = [kernel, shared]
            self.recurrent_factors = [recurrent, shared]
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

    def _add_matrix(self, name: str, rows: int | None, rank: int | None, *made: Any) -> list[Any]:
        """Returns the factors of a matrix of `rows` rows: itself, or two."""
        if rank is None:
            return [self._add_weight(name, (rows, self.units), *made)]
        return [
            self._add_weight(f"{name}_a", (rows, rank), *made),
            self._add_weight(f"{name}_b", (rank, self.units), *made),
        ]

    def _add_weight(
        self, name: str, shape: tuple[int | None, int], initializer: Any, regularizer: Any
    ) -> Any:
        return self.add_weight(
            name=name, shape=shape, initializer=initializer, regularizer=regularizer
        )

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
            "shared_rank": self.shared_rank,
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
