"""The cell in NumPy, from its equations alone, in double precision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def _sigmoid(x: Array) -> Array:
    # By way of tanh, which overflows nowhere.
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * x))


def _relu(x: Array) -> Array:
    return np.asarray(np.maximum(x, 0))


_FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "relu": _relu,
}


def step(x: Array, h: Array, weights: Sequence[Array], activation: str) -> Array:
    """Returns the state `(batch, units)` after one step.

    Args:
        x: input `(batch, features)`.
        h: state before it, `(batch, units)`.
        weights: `W_x`, `W_h`, `b`, and `b_z` where the cell is gated.
        activation: "tanh", "sigmoid" or "relu".
    """
    kernel, recurrent_kernel, bias, *gate_bias = weights
    p = x @ kernel + h @ recurrent_kernel
    candidate = _FUNCTIONS[activation](p + bias)
    if not gate_bias:
        return np.asarray(candidate)
    z = _sigmoid(p + gate_bias[0])
    return np.asarray(z * h + (1 - z) * candidate)


def states(x: Array, weights: Sequence[Array], activation: str) -> Array:
    """Returns the states after every step, `(batch, timesteps, units)`, from zeros on."""
    weights = [np.asarray(w, np.float64) for w in weights]
    h = np.zeros((len(x), weights[1].shape[0]))
    found = []
    for t in range(x.shape[1]):
        h = step(x[:, t].astype(np.float64), h, weights, activation)
        found.append(h)
    return np.stack(found, axis=1)
