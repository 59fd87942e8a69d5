"""Recurrent layers whose states have names: ours, or for comparison Keras's GRU and LSTM."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from common.recurrent.layer import Recur

LAYERS = ("recur", "gru", "lstm")

_KERAS = {"gru": keras.layers.GRU, "lstm": keras.layers.LSTM}


def recurrent_layer(kind: str, units: int, **arguments: Any) -> Any:
    """Returns a layer that gives all outputs and its last states.

    Args:
        kind: one of `LAYERS`.
        units: size of the state.
        arguments: others of the layer.

    Raises:
        ValueError: `kind` is another.
    """
    if kind not in LAYERS:
        raise ValueError(f"layer must be one of {LAYERS}, got {kind!r}.")
    layer = _KERAS.get(kind, Recur)
    return layer(units, return_sequences=True, return_state=True, **arguments)


def state_names(layer: Any) -> list[str]:
    """Returns a name for each state of a layer."""
    if isinstance(layer, keras.layers.LSTM):
        return [layer.name, f"{layer.name}_carry"]
    return [layer.name]


def run_from(
    layer: Any, sequences: Any, states: Mapping[str, Any], training: bool = False
) -> tuple[Any, dict[str, Any]]:
    """Runs a layer over sequences `(batch, timesteps, features)` from given states.

    Returns:
        Its outputs `(batch, timesteps, units)` and its new states by name.
    """
    names = state_names(layer)
    initial = [states[name] for name in names]
    outputs, *new = layer(
        sequences, initial_state=initial if len(initial) > 1 else initial[0], training=training
    )
    return outputs, dict(zip(names, new, strict=True))
