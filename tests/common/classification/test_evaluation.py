"""The parity gate: what it lets through and what it does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from common.bundle import ARTEFACTS
from common.classification import commands
from common.classification.evaluation import (
    TOLERANCES,
    check_parity,
    classification_metrics,
    compare,
    group_accuracy,
)
from common.export.errors import ExportError


def _row(artefact: str, **changes: Any) -> dict[str, Any]:
    row = {
        "artefact": artefact,
        "examples": 1000,
        "equal_answers": 1.0,
        "max_abs_diff": 0.0,
        "metrics": {"accuracy": 0.9},
    }
    return {**row, **changes}


def test_every_artefact_has_a_tolerance() -> None:
    assert set(TOLERANCES) == set(ARTEFACTS)


def test_equal_artefacts_pass() -> None:
    check_parity([_row(artefact) for artefact in ARTEFACTS])


@pytest.mark.parametrize(
    "artefact, changes, passes",
    [
        ("saved_model", {"equal_answers": 0.999}, False),
        ("float32", {"max_abs_diff": 2e-4}, False),
        ("float32", {"max_abs_diff": 0.9e-4}, True),
        ("step", {"max_abs_diff": float("nan")}, False),
        ("float16", {"equal_answers": 0.999}, True),
        ("float16", {"equal_answers": 0.998}, False),
        ("int8", {"equal_answers": 0.99, "max_abs_diff": 0.3}, True),
        ("int8", {"equal_answers": 0.989}, False),
        ("int8", {"metrics": {"accuracy": 0.894}}, False),
        ("int8", {"metrics": {"accuracy": 0.895}}, True),
        ("int8", {"metrics": {"accuracy": 0.95}}, True),
    ],
)
def test_border_of_each_tolerance(artefact: str, changes: dict[str, Any], passes: bool) -> None:
    rows = [_row("keras"), _row(artefact, **changes)]
    if passes:
        check_parity(rows)
    else:
        with pytest.raises(ExportError, match=f"{artefact}: "):
            check_parity(rows)


def test_one_different_answer_is_allowed_in_a_small_set() -> None:
    check_parity([_row("keras"), _row("float16", examples=100, equal_answers=0.99)])
    with pytest.raises(ExportError):
        check_parity([_row("keras"), _row("float16", examples=100, equal_answers=0.98)])


def test_metrics_by_hand() -> None:
    # Answers 0, 0, 1, 1 for targets 0, 1, 1, 1: accuracy 3/4, F1 of the classes 2/3 and 4/5.
    scores = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.3, 0.7]])
    metrics = classification_metrics(scores, np.array([0, 1, 1, 1]))
    assert metrics["accuracy"] == 0.75
    assert metrics["f1"] == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_comparison_by_hand() -> None:
    reference = np.array([[0.9, 0.1], [0.4, 0.6]])
    scores = np.array([[0.8, 0.2], [0.55, 0.45]])
    found = compare(scores, reference)
    assert found["equal_answers"] == 0.5
    assert found["max_abs_diff"] == pytest.approx(0.15)


def test_groups_by_hand() -> None:
    scores = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.7, 0.3], [0.1, 0.9]])
    targets = np.array([0, 0, 0, 1, 1])
    found = group_accuracy(scores, targets, ["ann", "ann", "bob", "bob", ""])
    assert found == {"accuracy": {"ann": 0.5, "bob": 0.5}, "mean": 0.5, "worst": 0.5}
    found = group_accuracy(scores[:4], targets[:4], ["ann", "bob", "ann", "ann"])
    assert found["accuracy"] == pytest.approx({"ann": 2 / 3, "bob": 0.0})
    assert (found["mean"], found["worst"]) == pytest.approx((1 / 3, 0.0))


def test_scores_on_few_examples_are_said_to_be_that() -> None:
    assert commands._few("test", 100) == []
    (note,) = commands._few("dev", 40)
    assert "dev split has 40 examples" in note and "0.025" in note
