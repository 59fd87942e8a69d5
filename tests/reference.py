"""The cell in NumPy, written from its equations and from nothing else: the oracle of the tests."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "relu": lambda x: np.maximum(x, 0),
}


def cell_step(x: Array, h: Array, weights: list[Array], activation: str) -> Array:
    """Returns the new state `(batch, units)`; `weights` in the order of the cell's own."""
    kernel, recurrent_kernel, bias, *gate_bias = weights
    p = x @ kernel + h @ recurrent_kernel
    c = FUNCTIONS[activation](p + bias)
    if not gate_bias:
        return c
    z = FUNCTIONS["sigmoid"](p + gate_bias[0])
    return np.asarray(z * h + (1 - z) * c)


def unfold(
    x: Array, weights: list[Array], activation: str, h: Array, mask: Array | None = None
) -> tuple[Array, Array]:
    """Returns the states of all steps `(batch, timesteps, units)` and the last one.

    A masked step repeats the last output and keeps the state; before the first real step there is
    no last output, and zeros stand for it.
    """
    outputs, output = [], np.zeros_like(h)
    for t in range(x.shape[1]):
        new = cell_step(x[:, t], h, weights, activation)
        real = np.ones((len(x), 1), bool) if mask is None else mask[:, t, None].astype(bool)
        h = np.where(real, new, h)
        output = np.where(real, new, output)
        outputs.append(output)
    return np.stack(outputs, 1), h
