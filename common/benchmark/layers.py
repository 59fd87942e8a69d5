"""Time of a training step: our layer against what people would use instead, in one run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from common.recurrent.cell import RecurCell
from common.recurrent.layer import Recur


@dataclass(frozen=True)
class Shape:
    """Sizes of a training step: `(batch, timesteps, features)` in, `(batch, units)` out."""

    batch: int
    timesteps: int
    features: int
    units: int

    def __str__(self) -> str:
        return f"B {self.batch}, T {self.timesteps}, D {self.features}, H {self.units}"


SHAPES = (Shape(64, 100, 40, 128), Shape(32, 400, 40, 256), Shape(64, 50, 256, 256))

LAYERS: dict[str, Callable[[int], Any]] = {
    "Recur": Recur,
    "RNN(RecurCell)": lambda units: keras.layers.RNN(RecurCell(units)),
    "SimpleRNN": keras.layers.SimpleRNN,
    "GRU": keras.layers.GRU,
    "LSTM": keras.layers.LSTM,
}


def training_step(
    make: Callable[[int], Any], shape: Shape, jit_compile: bool | str
) -> Callable[[], float]:
    """Returns one training step of a Keras model as `fit` runs it, which returns its loss.

    Args:
        make: from the number of units to the layer.
        shape: of the step.
        jit_compile: as for `keras.Model.compile`: "auto" is what users get, True asks for XLA.
    """
    rng = np.random.default_rng(0)
    x = rng.normal(size=(shape.batch, shape.timesteps, shape.features)).astype("float32")
    y = rng.normal(size=(shape.batch, shape.units)).astype("float32")
    model = keras.Sequential([keras.Input((shape.timesteps, shape.features)), make(shape.units)])
    model.compile("sgd", "mse", jit_compile=jit_compile)
    model.make_train_function()
    batches = iter(tf.data.Dataset.from_tensors((x, y)).cache().repeat())

    def step() -> float:
        return float(model.train_function(batches)["loss"])

    return step


def matmul_rate(shape: Shape, seconds: float = 0.5) -> float:
    """Returns what this machine does now in float operations a second.

    Measured on the product of all inputs of a step with a square matrix: the fastest of many.
    """
    rows, units = shape.batch * shape.timesteps, shape.units
    a, b = tf.ones((rows, units)), tf.ones((units, units))
    product = tf.function(tf.matmul)
    fastest, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        product(a, b).numpy()
        fastest = min(fastest, time.perf_counter() - start)
    return 2 * rows * units * units / fastest


def step_operations(shape: Shape) -> float:
    """Returns the float operations in the products of one training step of the cell.

    The products with both matrices forwards, for the weights' gradients, and for the state's; no
    gradient of the inputs is asked for.
    """
    steps = 2 * shape.batch * shape.timesteps * shape.units
    return float(steps * (2 * shape.features + 3 * shape.units))


def measure(
    shapes: Sequence[Shape] = SHAPES, rounds: int = 15, say: Callable[[str], None] = print
) -> Iterator[dict[str, Any]]:
    """Times every layer with and without XLA, in turn, so that all meet the same machine.

    Args:
        shapes: of the steps.
        rounds: how often each is timed; each time two steps.
        say: told about progress.

    Yields:
        For each shape a dictionary with `shape`, the `matmul_gflops` of the machine, the `floor_ms`
        that the products of a step take at that rate, and for each contestant under `ms` its
        median, 25th and 75th percentile in milliseconds.
    """
    for shape in shapes:
        say(f"{shape}: compiling")
        contestants = {
            name + (" + XLA" if jit else ""): training_step(make, shape, jit or "auto")
            for name, make in LAYERS.items()
            for jit in (False, True)
        }
        for step in contestants.values():
            step()
            step()
        times: dict[str, list[float]] = {name: [] for name in contestants}
        say(f"{shape}: measuring")
        for _ in range(rounds):
            for name, step in contestants.items():
                start = time.perf_counter()
                step()
                step()
                times[name].append((time.perf_counter() - start) / 2 * 1e3)
        rate = matmul_rate(shape)
        yield {
            "shape": str(shape),
            "matmul_gflops": rate / 1e9,
            "floor_ms": step_operations(shape) / rate * 1e3,
            "ms": {
                name: [float(np.percentile(values, q)) for q in (50, 25, 75)]
                for name, values in times.items()
            },
        }


def format_table(results: Sequence[dict[str, Any]]) -> list[str]:
    """Returns the results as lines of Markdown: a table for each shape."""
    lines = []
    for result in results:
        ours = result["ms"]["Recur"][0]
        lines += [
            f"**{result['shape']}** — the step's products alone take {result['floor_ms']:.1f} ms "
            f"at this machine's {result['matmul_gflops']:.0f} GFLOP/s; ours takes "
            f"{ours / result['floor_ms']:.1f} times that.",
            "",
            "| layer | ms a training step (quartiles) | ours takes, of that |",
            "|---|---|---|",
        ]
        lines += [
            f"| {name} | {median:.1f} ({low:.1f}-{high:.1f}) | {ours / median:.2f} |"
            for name, (median, low, high) in result["ms"].items()
        ]
        lines.append("")
    return lines
