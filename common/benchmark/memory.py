"""Memory of a training step by its length: every step kept, and with checkpoints.

Each length runs in a process of its own, whose largest resident memory the system tells.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from common.benchmark.report import Case, Row, Section
from common.benchmark.timing import Spread

LENGTHS = (1000, 2500, 5000, 10000)
BATCH, FEATURES, UNITS = 32, 32, 64
_STEPS = 4


def measure(
    lengths: Sequence[int] = LENGTHS, say: Callable[[str], None] = print
) -> Iterator[dict[str, Any]]:
    """Runs training steps of each length, without and with checkpoints.

    Args:
        lengths: numbers of time steps.
        say: told about progress.

    Yields:
        `timesteps`, `every` (steps from one checkpoint to the next, their root; None: every step
        is kept), `bytes` that training steps added at most to what the process had before, and
        `seconds` of each step but the first.
    """
    for timesteps in lengths:
        for every in (None, math.isqrt(timesteps)):
            say(f"memory: {timesteps:,} steps" + ("" if every is None else f", kept every {every}"))
            command = [sys.executable, "-m", __name__, str(timesteps), str(every or 0)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            yield {"timesteps": timesteps, "every": every, **json.loads(done.stdout)}


def slope(lengths: Sequence[float], sizes: Sequence[float]) -> tuple[float, float]:
    """Returns the slope of the line nearest to the points, and how far one is off it at most.

    Args:
        lengths, sizes: of the points.

    Returns:
        Size by length; the largest distance from the line as a share of the largest size.
    """
    line = np.polynomial.Polynomial.fit(lengths, sizes, 1).convert()
    off = np.abs(line(np.asarray(lengths, float)) - np.asarray(sizes, float))
    return float(line.coef[1]), float(off.max() / max(sizes))


def section(runs: Sequence[dict[str, Any]]) -> Section:
    """Returns what `measure` found as a part of the benchmark."""
    rows = []
    for run in runs:
        kept = "every step kept" if run["every"] is None else "checkpoints"
        low, median, high = (1e3 * float(q) for q in np.percentile(run["seconds"], (25, 50, 75)))
        figures = {"MB": round(run["bytes"] / 1e6), "steps kept": run["every"] or run["timesteps"]}
        name = f"{run['timesteps']:,} steps, {kept}"
        rows.append(Row(name, Spread(median, low, high), figures))
    whole = [run for run in runs if run["every"] is None]
    lengths, sizes = [r["timesteps"] for r in whole], [r["bytes"] for r in whole]
    remark = ""
    if len(whole) > 2:
        by_step, off = slope(lengths, sizes)
        remark = (
            f"With every step kept, memory grows by {by_step / BATCH:,.0f} bytes a step and "
            f"example, {by_step / BATCH / 4 / UNITS:.1f} floats a unit; no length is farther from "
            f"that line than {off:.0%} of the largest."
        )
    name = f"B {BATCH}, D {FEATURES}, H {UNITS}"
    return Section("memory", "Memory of a training step", [Case(name, rows, (), remark)])


def _main(timesteps: int, every: int) -> None:
    import keras
    import tensorflow as tf

    from common.recurrent.layer import Recur

    keras.utils.set_random_seed(0)
    layer = Recur(UNITS, checkpoint_every=every or None)
    model = keras.Sequential([keras.Input((timesteps, FEATURES)), layer])
    model.compile("sgd", "mse")
    model.make_train_function()
    x = tf.random.normal((BATCH, timesteps, FEATURES))
    batches = iter(tf.data.Dataset.from_tensors((x, tf.zeros((BATCH, UNITS)))).cache().repeat())
    next(batches)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = []
    for _ in range(_STEPS):
        start = time.perf_counter()
        float(model.train_function(batches)["loss"])
        seconds.append(time.perf_counter() - start)
    added = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps({"bytes": added * 1024, "seconds": seconds[1:]}))


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
