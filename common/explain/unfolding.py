"""One cell over time: the diagram, and every way to compute it beside the equations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from common.explain import diagram, equations
from common.explain.equations import Array
from common.explain.parts import Explanation, Picture, Wish
from common.recurrent.cell import RecurCell
from common.recurrent.layer import Recur, unfolded_as

BATCH, TIMESTEPS, FEATURES, UNITS = 4, 50, 8, 16
# What one weight is changed by, to show what a difference looks like that is none of rounding.
CHANGE = 1e-3


def ways(layer: Recur, x: Array) -> dict[str, Array]:
    """Returns the states of all steps `(batch, timesteps, units)`, computed in every way there is.

    Args:
        layer: returns all outputs.
        x: `(batch, timesteps, features)` float32.
    """

    def as_form(form: str) -> Array:
        def call(given: Any) -> Any:
            with unfolded_as(form):
                return layer(given)

        traced = tf.function(call, input_signature=[tf.TensorSpec(x.shape, tf.float32)])
        return np.asarray(traced(x))

    def by_cell(step: Callable[[Any, Any], Any]) -> Array:
        h = layer.cell.get_initial_state(len(x))[0]
        found = []
        for t in range(x.shape[1]):
            h = step(x[:, t], h)
            found.append(np.asarray(h))
        return np.stack(found, axis=1)

    around = keras.layers.RNN(layer.cell, return_sequences=True)
    return {
        "in a loop, as servers run it": as_form("loop"),
        "unrolled, no loop in the graph": as_form("unrolled"),
        "as it is trained": as_form("training"),
        "`keras.layers.RNN(RecurCell)`": np.asarray(around(x)),
        "the cell, step by step": by_cell(lambda x_t, h: layer.cell(x_t, [h])[0]),
        "the exported step, step by step": by_cell(layer.step),
    }


def differences(
    layer: Recur, x: Array, computed: Mapping[str, Array] | None = None
) -> dict[str, float]:
    """Returns how far each way is from the equations in double precision, at most.

    Args:
        layer, x: as in `ways`.
        computed: states by way; None for those of `ways`.
    """
    cell: RecurCell = layer.cell
    exact = equations.states(x, layer.get_weights(), cell.activation)
    computed = ways(layer, x) if computed is None else computed
    return {name: float(np.abs(states - exact).max()) for name, states in computed.items()}


def changed(layer: Recur, x: Array) -> Array:
    """Returns the states that the equations give when one weight is another by `CHANGE`."""
    weights = [w.astype(np.float64) for w in layer.get_weights()]
    weights[1][0, 0] += CHANGE
    return equations.states(x, weights, layer.cell.activation)


def explain(wish: Wish) -> Explanation:
    """Draws the diagram and measures the differences; see `common.explain.parts.explain`."""
    keras.utils.set_random_seed(wish.seed)
    rng = np.random.default_rng(wish.seed)
    x = rng.normal(size=(BATCH, TIMESTEPS, FEATURES)).astype(np.float32)
    found: dict[str, dict[str, float]] = {}
    control = f"for comparison: one of {UNITS * UNITS} recurrent weights another by {CHANGE:g}"
    for title, gated in (("plain", False), ("gated", True)):
        layer = Recur(UNITS, gated=gated, return_sequences=True)
        layer.build((None, None, FEATURES))
        computed = {**ways(layer, x), control: changed(layer, x)}
        found[title] = differences(layer, x, computed)
    diagram.draw(wish.folder / "unfolding.png")
    rows = list(found["plain"])
    largest = max(d for some in found.values() for name, d in some.items() if name != control)
    least = min(some[control] for some in found.values())
    table = ["| way to compute it | plain | gated |", "|---|---|---|"]
    table += [
        f"| {name} | {found['plain'][name]:.1e} | {found['gated'][name]:.1e} |" for name in rows
    ]
    return Explanation(
        "Unfolding",
        [
            "A recurrent network is one cell that is applied again and again: the state that it "
            "makes at one step is handed to it at the next, so the last state can depend on every "
            "input before it. Drawn once for each step, with the same weights in every copy, it is "
            "an ordinary deep network: as deep as the sequence is long, and trained by ordinary "
            "back-propagation.",
            f"Loop and copies are one function. For {TIMESTEPS} steps of {FEATURES} inputs and "
            f"{UNITS} units no state differs by more than {largest:.1e} from the equations, "
            f"computed in double precision; one weight that is wrong by {CHANGE:g} would show as "
            f"{least:.1e} at least, {least / largest:,.0f} times as much. Largest differences of a "
            "state:",
            "\n".join(table),
        ],
        [Picture("unfolding.png", "the cell, and the cell unfolded over time, with its equations")],
        {
            "batch": BATCH,
            "timesteps": TIMESTEPS,
            "features": FEATURES,
            "units": UNITS,
            "differences": found,
        },
    )
