"""First values of the gate's bias for tasks that need a long memory."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="recur")
class SlowGates(keras.initializers.Initializer):
    """Gates that forget at rates of all kinds, the slowest of them over `longest` steps.

    With nothing else in the gate, `z = sigmoid(b_z)` of the state is kept at each step, and the
    state lasts for about `1 / (1 - z) = 1 + exp(b_z)` steps. With `b_z = log(u)` and `u` drawn
    evenly from 1 to `longest - 1`, units last from 2 to `longest` steps: "chrono initialization"
    (Tallec and Ollivier, "Can recurrent neural networks warp time?", ICLR 2018).

    Args:
        longest: steps over which something must be remembered, above 2.
        seed: as for Keras's initialisers.

    Raises:
        ValueError: `longest` is not above 2.

    Example:

    >>> Recur(32, gate_bias_initializer=SlowGates(1000))
    """

    def __init__(self, longest: float, seed: Any = None) -> None:
        if not longest > 2:
            raise ValueError(f"longest must be above 2 steps, got {longest!r}.")
        self.longest = longest
        self._uniform = keras.initializers.RandomUniform(1.0, longest - 1.0, seed=seed)

    def __call__(self, shape: Any, dtype: Any = None, **kwargs: Any) -> Any:
        return ops.log(self._uniform(shape, dtype=dtype))

    def get_config(self) -> dict[str, Any]:
        return {"longest": self.longest, "seed": self._uniform.get_config()["seed"]}
