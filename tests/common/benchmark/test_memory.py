"""Memory by length: the line through the points by hand; checkpoints bound it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from common.benchmark.memory import BATCH, UNITS, measure, section, slope
from common.benchmark.report import Section, as_json, as_markdown


def test_a_slope_by_hand() -> None:
    np.testing.assert_allclose(slope([1, 2, 3], [10, 12, 14]), (2, 0), atol=1e-9)
    # The nearest line through 0, 3, 0 is flat at 1: one point is 2 off, of 3 at most.
    np.testing.assert_allclose(slope([1, 2, 3], [0, 3, 0]), (0, 2 / 3), atol=1e-9)


def _section() -> Section:
    return section(
        [
            {"timesteps": t, "every": every, "bytes": size, "seconds": [0.1, 0.2, 0.3]}
            for t in (100, 200, 300)
            for every, size in ((None, 4 * UNITS * BATCH * 3 * t), (10, 5000))
        ]
    )


def test_what_is_said_of_it() -> None:
    (case,) = _section().cases
    assert "3.0 floats a unit" in case.remark
    assert [row.name for row in case.rows][:2] == [
        "100 steps, every step kept",
        "100 steps, checkpoints",
    ]
    ms = case.rows[0].ms
    assert ms is not None and ms.median == pytest.approx(200)
    text = as_markdown({"memory": _section()})
    assert "Memory of a training step" in text and "300 steps, checkpoints" in text
    assert json.loads(as_json({"memory": _section()}))["sections"]["memory"]["cases"]


@pytest.mark.slow
def test_checkpoints_bound_memory() -> None:
    runs = list(measure((1000, 10000)))
    added = {(run["timesteps"], run["every"] is None): run["bytes"] for run in runs}
    # Three states and a projection a step: 6 kB for this batch, so 30 MB a thousand steps.
    every_step = added[10000, True] - added[1000, True]
    checkpoints = added[10000, False] - added[1000, False]
    assert every_step > 9000 * BATCH * UNITS * 4 * 2
    assert checkpoints < every_step / 3
