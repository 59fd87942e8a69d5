"""Score every artefact on the same examples, and refuse those that do not answer as evaluated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from common.classification.application import Array
from common.export.errors import ExportError


@dataclass(frozen=True)
class Tolerance:
    """How far an artefact may be from the network that was evaluated.

    Attributes:
        equal_answers: least share of equal answers. Below 1 a single different answer is always
            allowed: in a small set one example on the border is more than its share.
        max_abs_diff: largest difference of a score, or None where only answers count.
        accuracy_loss: largest loss of accuracy, or None.
    """

    equal_answers: float
    max_abs_diff: float | None = None
    accuracy_loss: float | None = None


_SAME = Tolerance(1.0, 1e-4)
_NEAR = Tolerance(0.99, accuracy_loss=0.005)

TOLERANCES = {
    "keras": _SAME,
    "saved_model": _SAME,
    "float32": _SAME,
    "loop": _SAME,
    "step": _SAME,
    "float16": Tolerance(0.999, accuracy_loss=0.005),
    "dynamic": _NEAR,
    "int8": _NEAR,
    "step_int8": _NEAR,
}


def classification_metrics(scores: Array, targets: Array) -> dict[str, float]:
    """Returns accuracy and F1 (mean over classes), 0 to 1, of scores `(n, classes)`."""
    from sklearn.metrics import accuracy_score, f1_score

    answers = scores.argmax(-1)
    labels = np.arange(scores.shape[-1])
    return {
        "accuracy": float(accuracy_score(targets, answers)),
        "f1": float(f1_score(targets, answers, labels=labels, average="macro", zero_division=0)),
    }


def group_accuracy(scores: Array, targets: Array, groups: Sequence[str]) -> dict[str, Any]:
    """Returns how well each group (a speaker, a recording) fares; one without a name is left out.

    Args:
        scores: `(n, classes)`.
        targets: `(n,)`.
        groups: the group of each example.

    Returns:
        `accuracy`: each group's own; `mean` and `worst` of them, each group counting once.
    """
    right: dict[str, list[bool]] = {}
    for group, correct in zip(groups, scores.argmax(-1) == targets, strict=True):
        if group:
            right.setdefault(group, []).append(bool(correct))
    accuracy = {group: float(np.mean(some)) for group, some in sorted(right.items())}
    values = list(accuracy.values()) or [float("nan")]
    return {"accuracy": accuracy, "mean": float(np.mean(values)), "worst": min(values)}


def compare(scores: Array, reference: Array) -> dict[str, float]:
    """Returns the largest difference of a score and the share of equal answers."""
    return {
        "max_abs_diff": float(np.max(np.abs(scores - reference), initial=0.0)),
        "equal_answers": float(np.mean(scores.argmax(-1) == reference.argmax(-1))),
    }


def check_parity(rows: Iterable[dict[str, Any]]) -> None:
    """Refuses artefacts that answer otherwise than the network that was evaluated.

    Args:
        rows: of the metrics, the one of "keras" among them.

    Raises:
        ExportError: names every artefact that is too far away, and by how much.
    """
    rows = list(rows)
    accuracy = next(row["metrics"]["accuracy"] for row in rows if row["artefact"] == "keras")
    problems = [problem for row in rows for problem in _problems(row, accuracy)]
    if problems:
        raise ExportError(
            "the exported files do not answer as the network that was evaluated: "
            + "; ".join(problems)
            + ". Nothing was put in place. An int8 form can be left out with --resume --without "
            "NAME, which does not train again, or try another --seed; a difference in the others "
            "is an error in the export."
        )


def _problems(row: dict[str, Any], accuracy: float) -> list[str]:
    tolerance, n = TOLERANCES[row["artefact"]], row["examples"]
    allowed = (
        0 if tolerance.equal_answers == 1 else max(1, math.floor(n * (1 - tolerance.equal_answers)))
    )
    different = round(n * (1 - row["equal_answers"]))
    found = []
    if different > allowed:
        found.append(f"{different} of {n} answers differ, {allowed} may")
    # Written so that a score that is no number is refused too.
    limit = tolerance.max_abs_diff
    if limit is not None and not row["max_abs_diff"] <= limit:
        found.append(f"a score differs by {row['max_abs_diff']:.2g}, {limit:.0e} may")
    loss = accuracy - row["metrics"]["accuracy"]
    if tolerance.accuracy_loss is not None and loss > max(tolerance.accuracy_loss, 1 / n) + 1e-9:
        found.append(f"accuracy is {loss:.4f} lower, {tolerance.accuracy_loss} may be")
    return [f"{row['artefact']}: {what}" for what in found]


def format_rows(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Returns the metrics as lines of a Markdown table."""
    lines = [
        "| artefact | accuracy | F1 | equal answers | largest difference | bytes | latency, ms |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['artefact']} | {row['metrics']['accuracy']:.4f} | {row['metrics']['f1']:.4f} "
        f"| {row['equal_answers']:.2%} | {row['max_abs_diff']:.1e} | {row['bytes']:,} "
        f"| {row['latency_ms']:.2f} |"
        for row in rows
    ]
    return lines
