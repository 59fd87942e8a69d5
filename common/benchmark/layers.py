"""Time of a training step: our layer against what people would use instead, in one run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from common.benchmark.report import Case, Row, Section, ratios
from common.benchmark.timing import in_turn, spread
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
PRODUCTS = "products alone"


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


def step_operations(shape: Shape) -> float:
    """Returns the float operations in the products of one training step of the cell.

    The products with both matrices forwards, for the weights' gradients, and for the state's; no
    gradient of the inputs is asked for.
    """
    steps = 2 * shape.batch * shape.timesteps * shape.units
    return float(steps * (2 * shape.features + 3 * shape.units))


def products(shape: Shape) -> tuple[Callable[[], None], float]:
    """Returns large matrix products, which say what the machine can do, and their operations.

    Each is one of all states of a step with a square matrix. There are as many as it takes to have
    the operations of the step, the last one whole.
    """
    rows, units = shape.batch * shape.timesteps, shape.units
    a, b = tf.ones((rows, units)), tf.ones((units, units))
    operations = 2.0 * rows * units * units
    times = math.ceil(step_operations(shape) / operations)
    product = tf.function(tf.matmul)

    def run() -> None:
        for _ in range(times):
            product(a, b).numpy()

    return run, times * operations


def measure(
    shapes: Sequence[Shape] = SHAPES, rounds: int = 15, say: Callable[[str], None] = print
) -> Iterator[Case]:
    """Times every layer with and without XLA, in turn, so that all meet the same machine.

    Args:
        shapes: of the steps.
        rounds: how often each is timed; each time two steps.
        say: told about progress.

    Yields:
        A case for each shape. Its row `PRODUCTS` is the time that the operations of our step take
        at the rate at which the machine does large matrix products, in the same rounds.
    """
    for shape in shapes:
        say(f"{shape}: compiling")
        contestants: dict[str, Callable[[], Any]] = {
            name + (" + XLA" if jit else ""): training_step(make, shape, jit or "auto")
            for name, make in LAYERS.items()
            for jit in (False, True)
        }
        contestants[PRODUCTS], operations = products(shape)
        for step in contestants.values():
            step()
            step()
        say(f"{shape}: measuring")
        times = in_turn(contestants, rounds, calls=2)
        share = step_operations(shape) / operations
        times[PRODUCTS] = [share * time for time in times[PRODUCTS]]
        yield make_case(shape, [Row(name, spread(values)) for name, values in times.items()])


def make_case(shape: Shape, rows: Sequence[Row]) -> Case:
    """Returns the rows of a shape with their ratios, and with the share of the machine's rate."""
    times = {row.name: row.ms.median for row in rows if row.ms is not None}
    others = (name for name in times if not name.startswith("Recur"))
    share = times[PRODUCTS] / times["Recur"]
    rate = step_operations(shape) / times[PRODUCTS] / 1e6
    remark = (
        f"The products of our step alone take {times[PRODUCTS]:.1f} ms at the {rate:.0f} GFLOP/s "
        f"that this machine does; ours uses {share:.0%} of that rate."
    )
    figures = {"share of the rate": share}
    rows = [Row(x.name, x.ms, figures) if x.name == "Recur" else x for x in rows]
    return Case(str(shape), rows, ratios(rows, {("Recur", name): None for name in others}), remark)


def section(cases: Sequence[Case]) -> Section:
    """Returns the cases as a section of the report."""
    remark = "Without XLA: what a user gets from Keras on a CPU who asks for nothing."
    return Section("training", "A training step, ours and Keras's", cases, remark)
