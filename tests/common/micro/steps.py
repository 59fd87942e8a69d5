"""One-step files small enough for every test, made as an application makes its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from common.export.tflite import convert
from common.recurrent.layer import Recur

UNITS, INPUTS, LENGTH = 4, 3, 5  # of what is in the bundle
_STATE = "state"


@cache
def step_file(precision: str, units: int = UNITS) -> bytes:
    """Returns a file: `given` [1, 3] and a `state` [1, units] to `scores` [1, 2] and `state`."""
    random = np.random.default_rng(3)
    layer = Recur(units)
    layer.build((None, None, INPUTS))
    layer.set_weights([random.normal(0, 0.7, w.shape) for w in layer.weights])
    out = tf.constant(random.normal(0, 1, (units, 2)), tf.float32)

    def step(given: Any, state: Any) -> Mapping[str, Any]:
        _, (new,) = layer.cell(given, [state])
        return {"scores": tf.nn.softmax(tf.matmul(new, out)), _STATE: new}

    def examples() -> Iterator[dict[str, Any]]:
        for _ in range(50):
            x, state = random.uniform(-1, 1, (1, INPUTS)), random.uniform(-1, 1, (1, units))
            yield {"given": x.astype("float32"), _STATE: state.astype("float32")}

    return convert(
        step,
        [tf.TensorSpec([1, INPUTS], name="given"), tf.TensorSpec([1, units], name=_STATE)],
        [w.value for w in layer.weights],
        artefacts={"step": precision},
        signature="step",
        single_subgraph=True,
        calibration=examples,
    )["step"]


def write_bundle(folder: Path) -> Path:
    """Writes what of a bundle is needed here: labels, golden inputs, `step` and `step_int8`."""
    (folder / "tflite").mkdir(parents=True)
    (folder / "golden").mkdir()
    config = {"app": "tiny", "format": 1, "labels": ['low "?"', "höch"]}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tflite" / "step.tflite").write_bytes(step_file("float32"))
    (folder / "tflite" / "step_int8.tflite").write_bytes(step_file("int8"))
    inputs = np.random.default_rng(9).uniform(-1, 1, (2, LENGTH * INPUTS)).astype("float32")
    np.savez(folder / "golden" / "examples.npz", inputs=inputs)
    return folder
