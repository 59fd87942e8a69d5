"""How much of a change of the state k steps back arrives at the last one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from common.explain import drawing
from common.explain.equations import Array
from common.explain.learning import Budget, build, train
from common.explain.parts import Explanation, Picture, Wish
from common.explain.tasks import RECALL
from common.recurrent.cell import RecurCell
from common.recurrent.initializers import SlowGates
from common.recurrent.layer import Recur

UNITS, FEATURES, SEQUENCES = 64, 8, 64
SCALES = (0.5, 1.0, 1.5, 2.0)
LAG, STEPS = 50, 600
"""Of the task on which networks are trained: how long they must remember, and training steps."""

_SMALLEST = 1e-300
# A gradient this many times larger has exploded, this many times smaller vanished.
_MUCH = 100


def directions(seed: int, units: int = UNITS, count: int = SEQUENCES) -> Array:
    """Draws directions of length 1, `(count, units)`."""
    drawn = np.random.default_rng([seed, 1]).normal(size=(count, units))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))


def arriving(cell: Any, x: Array, v: Array) -> Array:
    """Measures what arrives at the last state of a change k steps back, for all k.

    For a direction `v` of length 1, `v^T dh_T / dh_{T-k}` is the gradient of `v^T h_T`. Its length
    squared, averaged over directions, is that of the Jacobian (Frobenius) divided by the units, so
    that a Jacobian that turns the state and no more gives 1.

    Args:
        cell: `RecurCell`, built; best in float64: what vanishes is small.
        x: inputs `(sequences, timesteps, features)`.
        v: a direction for each sequence, `(sequences, units)`.

    Returns:
        `(timesteps + 1,)`: root of the mean square for k = 0, which gives 1, to k = timesteps.
    """
    h = cell.get_initial_state(len(x))[0]
    states = [h]
    with tf.GradientTape() as tape:
        tape.watch(h)
        for t in range(x.shape[1]):
            h = cell(tf.convert_to_tensor(x[:, t], cell.compute_dtype), [h])[0]
            states.append(h)
        value = tf.reduce_sum(h * tf.convert_to_tensor(v, cell.compute_dtype))
    gradients = tape.gradient(value, states)
    squares = [float(tf.reduce_mean(tf.reduce_sum(g * g, axis=1))) for g in gradients]
    return np.sqrt(squares)[::-1]


def untrained(
    seed: int, features: int = FEATURES, scale: float = 1.0, units: int = UNITS, **options: Any
) -> Any:
    """Returns a cell in double precision, its recurrent matrix orthogonal times `scale`.

    Args:
        seed: of its weights.
        features: of the input.
        scale: of the recurrent matrix.
        units: of the state.
        options: of `RecurCell`.
    """
    keras.utils.set_random_seed(seed)
    matrix = keras.initializers.Orthogonal(gain=scale)
    cell = RecurCell(units, recurrent_initializer=matrix, dtype="float64", **options)
    cell.build((None, features))
    return cell


def _learned(seed: int, budget: Budget, **options: Any) -> tuple[Any, Any, float]:
    """Returns a cell before and after training on delayed recall, and the score it then has."""
    keras.utils.set_random_seed(seed)
    layer = Recur(budget.units, **options)
    model = build(RECALL, LAG, layer, budget)
    # An initialiser draws other numbers in double precision, so both get the weights themselves.
    before, after = (
        untrained(seed, RECALL.features, units=budget.units, **options) for _ in range(2)
    )
    before.set_weights(layer.get_weights())
    outcome = train(model, RECALL, LAG, seed, budget, lambda: None)
    after.set_weights(layer.get_weights())
    return before, after, outcome.score


def explain(wish: Wish) -> Explanation:
    """Measures and draws the gradients; see `common.explain.parts.explain`."""
    timesteps = 100 if wish.quick else 200
    x = np.random.default_rng(wish.seed).normal(size=(SEQUENCES, timesteps, FEATURES))
    v = directions(wish.seed)
    cells: dict[str, dict[str, Any]] = {
        "plain sigmoid": {"gated": False, "activation": "sigmoid"},
        "plain relu": {"gated": False, "activation": "relu"},
        "plain tanh": {"gated": False},
        "gated tanh": {},
        "gated tanh + slow gates": {"gate_bias_initializer": SlowGates(timesteps, wish.seed)},
    }
    by_cell = {
        name: arriving(untrained(wish.seed, **options), x, v) for name, options in cells.items()
    }
    by_scale = {
        f"plain {activation} × {scale:g}": arriving(
            untrained(wish.seed, scale=scale, activation=activation, gated=False), x, v
        )
        for activation in ("relu", "tanh")
        for scale in SCALES
    }
    trained, accuracies = _trained(wish)
    panels = (
        ("untrained", by_cell),
        ("plain, recurrent matrix × s", by_scale),
        (f"trained to remember {LAG} steps", trained),
    )
    _draw(panels, wish.folder / "gradients.png")
    every = {
        title: {name: list(map(float, g)) for name, g in some.items()} for title, some in panels
    }
    return Explanation(
        "Vanishing and exploding gradients",
        [
            "What a network learns from an early input is what the gradient says of it, and on its "
            "way back through time the gradient is multiplied by the Jacobian of the cell at every "
            "step. Such a product shrinks or grows about as the k-th power of a number (in the "
            "table: *a step*), so k steps back it has vanished or exploded unless that number is "
            "close to 1. "
            f"What was measured is how much of a small change of the state arrives k steps later "
            f"(root of the mean square over {SEQUENCES} random inputs and directions; 1: all of "
            "it).",
            _table(_each_once(by_cell, by_scale), timesteps),
            _sentence(_each_once(by_cell, by_scale), timesteps),
            _sentence_of_training(trained, accuracies),
        ],
        [Picture("gradients.png", "what arrives of a change of the state k steps back")],
        {"timesteps": timesteps, "arriving": every, "accuracy_after_training": accuracies},
    )


def _trained(wish: Wish) -> tuple[dict[str, Array], dict[str, float]]:
    budget = Budget(STEPS, units=UNITS)
    x, v = (
        RECALL.draw(np.random.default_rng([wish.seed, 2]), SEQUENCES, LAG)[0],
        directions(wish.seed),
    )
    found, accuracies = {}, {}
    for name, options in (
        ("plain tanh", {"gated": False}),
        ("gated tanh", {}),
        ("gated tanh + slow gates", {"gate_bias_initializer": SlowGates(LAG, wish.seed)}),
    ):
        before, after, accuracies[name] = _learned(wish.seed, budget, **options)
        wish.progress.say(f"gradients: {name}, trained: accuracy {accuracies[name]:.2f}")
        found[f"{name}, before"] = arriving(before, x, v)
        found[f"{name}, after"] = arriving(after, x, v)
    return found, accuracies


def per_step(arrived: Array) -> float:
    """Returns the number whose power the curve is, from its first step to its last.

    Args:
        arrived: of `arriving`.
    """
    steps = len(arrived) - 1
    return float(max(arrived[-1], _SMALLEST) ** (1 / steps))


def _table(curves: Sequence[tuple[str, Array]], timesteps: int) -> str:
    places = [k for k in (1, 10, 50, 100, 200) if k <= timesteps]
    lines = [
        "| cell, untrained (× s: its recurrent matrix times s) | a step | "
        + " | ".join(f"k = {k}" for k in places)
        + " |",
        "|---|---" + "|---" * len(places) + "|",
    ]
    for name, arrived in curves:
        cells = [f"{arrived[k]:.2g}" for k in places]
        lines.append(f"| {name} | × {per_step(arrived):.3f} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _each_once(by_cell: dict[str, Array], by_scale: dict[str, Array]) -> list[tuple[str, Array]]:
    """Returns the curves of cells and of scaled matrices; a matrix × 1 is that of a cell."""
    scaled = [(name, arrived) for name, arrived in by_scale.items() if not name.endswith("× 1")]
    return [*by_cell.items(), *scaled]


def fate(arrived: Array) -> str:
    """Returns what became of the gradient at the end of a curve, in a word.

    Args:
        arrived: of `arriving`.
    """
    last = arrived[-1]
    return "vanished" if last < 1 / _MUCH else "exploded" if last > _MUCH else "lasting"


def _sentence(curves: Sequence[tuple[str, Array]], timesteps: int) -> str:
    """Says which curves vanish, which explode and which last, by what was measured."""
    said = []
    for word in ("vanished", "lasting", "exploded"):
        own = [f"{name} ({a[-1]:.2g})" for name, a in curves if fate(a) == word]
        said.append(f"*{word}*: {', '.join(own) or 'none'}")
    return (
        f"What is left {timesteps} steps back (vanished: less than 1/{_MUCH}, exploded: more than "
        f"{_MUCH}): " + "; ".join(said) + "."
    )


def _sentence_of_training(trained: dict[str, Array], accuracies: dict[str, float]) -> str:
    said = []
    for name, accuracy in accuracies.items():
        before, after = (trained[f"{name}, {when}"][-1] for when in ("before", "after"))
        said.append(f"{name}: {before:.2g} before and {after:.2g} after, accuracy {accuracy:.2f}")
    return (
        f"Training moves the curves as well. After at most {STEPS} steps of training on delayed "
        f"recall over {LAG} steps (guessing: {RECALL.blind:.3f}), what arrives from the step to "
        "remember: " + "; ".join(said) + "."
    )


def _draw(panels: Sequence[tuple[str, dict[str, Array]]], path: Any) -> None:
    figure, axes = drawing.subplots(1, len(panels), 4.6 * len(panels), 4.6)
    for axis, (title, curves) in zip(axes[0], panels, strict=True):
        for name, arrived in curves.items():
            axis.plot(arrived, **_style(name), label=name)
        axis.axhline(1, color="grey", linewidth=0.8)
        axis.set(yscale="log", ylim=(1e-13, 1e13), xlabel="steps back", title=title)
        axis.grid(alpha=0.3)
        axis.legend(fontsize=7.5, loc="best", ncols=2 if len(curves) > 6 else 1)
    axes[0, 0].set_ylabel("share of a change of the state that arrives")
    drawing.save(figure, path)


def _style(name: str) -> dict[str, Any]:
    """One colour a cell, darker for larger matrices; dashes before training."""
    kinds = {"plain sigmoid": "C5", "plain relu": "C1", "plain tanh": "C3", "gated tanh +": "C2"}
    kinds["gated tanh"] = "C0"
    colour = next((c for start, c in kinds.items() if name.startswith(start)), None)
    if " × " in name:
        activation, _, scale = name.removeprefix("plain ").partition(" × ")
        shade = 0.35 + 0.6 * SCALES.index(float(scale)) / (len(SCALES) - 1)
        colour = drawing.shade("Oranges" if activation == "relu" else "Purples", shade)
    return {"color": colour, "linestyle": "--" if name.endswith("before") else "-"}
