"""The model card: everything a stranger needs to know of a bundle, made from its metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from common.bundle import Bundle
from common.classification import pictures
from common.classification.application import (
    Array,
    ClassificationData,
    ClassifierApplication,
)
from common.classification.artefacts import ModelScorer
from common.classification.evaluation import format_rows
from common.data.sources import BUILTIN

_EXAMPLES = 12


def write_card(
    application: ClassifierApplication,
    bundle: Bundle,
    metrics: Mapping[str, Any],
    data: ClassificationData,
    scorer: ModelScorer,
    split: str,
    scores: Array,
) -> None:
    """Writes `README.md` and `plots/` of a bundle.

    Args:
        application: whose bundle.
        bundle: to write into.
        metrics: what `metrics.json` holds.
        data: it was trained and scored on.
        scorer: of the network.
        split: the one it was scored on.
        scores: of the network on that split, `(n, classes)`.
    """
    training, plots = metrics["training"], bundle.path / "plots"
    targets, answers = data.targets[split], scores.argmax(-1)
    pictures.learning_curve(
        training["epochs"], training["best_epoch"], plots / "learning_curve.png"
    )
    pictures.confusion_matrix(
        targets,
        answers,
        data.labels,
        f"{application.name}, {split}",
        plots / "confusion_matrix.png",
    )
    own = application.draw(scorer, data.inputs[split], plots)
    lines = [
        f"# {application.name}: {' / '.join(data.labels)}",
        "",
        f"{application.summary} Trained with Recur {bundle.config['version']}.",
        "",
        "## Scores",
        "",
        f"On the {split} split of `{data.name}`, {len(targets):,} examples that training never "
        "saw"
        + (
            ", every artefact on the same ones. "
            if split == "test"
            else " except to choose the epoch that was kept; every artefact on the same ones. "
        )
        + "*Equal answers* and *largest difference* compare an artefact with the network that was "
        "evaluated. *Latency* is the median time for one whole example (of the step forms: all its "
        "steps) on the machine that trained (LiteRT: one thread).",
        *_made_up(data.name),
        "",
        *format_rows(metrics["rows"]),
        "",
        *_baseline(metrics["baseline"]),
        *_groups(metrics["rows"]),
        "![Confusion matrix](plots/confusion_matrix.png)",
        "",
        "## Data",
        "",
        f"`{data.name}`: "
        + ", ".join(f"{n:,} {name}" for name, n in metrics["data"]["splits"].items())
        + ".",
        *[f"- {note}" for note in metrics["data"]["notes"] + metrics["data"]["front_end"]],
        *[f"- {k.replace('_', ' ')}: {v:.2g}" for k, v in metrics["front_end"].items()],
        "",
        *_classes(data),
        "",
        "## Training",
        "",
        f"{training['parameters']:,} parameters; {len(training['epochs'])} epochs in "
        f"{training['seconds']:.0f} s; the weights of epoch {training['best_epoch']} were kept, "
        "the best on dev.",
        "",
        "![Learning curve](plots/learning_curve.png)",
        "",
        "Settings: " + ", ".join(f"{k} {v}" for k, v in metrics["settings"].items()) + ".",
        "",
        "## What it gets wrong, and right",
        "",
        *_examples(application, data, split, scores),
        "",
        *(line for title, name in own for line in (f"![{title}](plots/{name})", "")),
        application.usage(data.labels, scorer.front_end),
    ]
    text = "\n".join(lines).rstrip() + "\n"
    (bundle.path / "README.md").write_text(text, encoding="utf-8")


def _made_up(name: str) -> list[str]:
    if name != BUILTIN:
        return []
    return [
        "",
        "**`builtin` is made by Recur itself.** These scores say that the files work, and nothing "
        "about real data: for a product, train on your own.",
    ]


def _baseline(baseline: Mapping[str, Any] | None) -> list[str]:
    if baseline is None:
        return []
    accuracy = baseline["metrics"]["accuracy"]
    return [f"For comparison, a {baseline['name']}, which knows no order: {accuracy:.4f}.", ""]


def _groups(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    groups = next((row["groups"] for row in rows if row.get("groups", {}).get("accuracy")), None)
    if groups is None:
        return []
    lines = ["| speaker or recording | accuracy |", "|---|---|"]
    lines += [f"| {name} | {value:.3f} |" for name, value in groups["accuracy"].items()]
    return [
        f"Of {len(groups['accuracy'])} speakers or recordings, each counting once: mean "
        f"{groups['mean']:.4f}, worst {groups['worst']:.4f}.",
        "",
        *lines,
        "",
    ]


def _classes(data: ClassificationData) -> list[str]:
    lines = ["| class | " + " | ".join(data.targets) + " |", "|---" * (len(data.targets) + 1) + "|"]
    for index, label in enumerate(data.labels):
        counts = [f"{int((targets == index).sum()):,}" for targets in data.targets.values()]
        lines.append(f"| {label} | " + " | ".join(counts) + " |")
    return lines


def _examples(
    application: ClassifierApplication, data: ClassificationData, split: str, scores: Array
) -> list[str]:
    """The surest wrong answers, then right ones spread over the split."""
    targets, answers = data.targets[split], scores.argmax(-1)
    wrong = np.flatnonzero(answers != targets)
    wrong = wrong[np.argsort(-scores.max(-1)[wrong], kind="stable")][:_EXAMPLES]
    right = np.flatnonzero(answers == targets)
    right = right[np.linspace(0, len(right) - 1, min(_EXAMPLES // 2, len(right)), dtype=int)]
    lines = ["| | input | should be | answer | score |", "|---|---|---|---|---|"]
    for mark, chosen in (("wrong", wrong), ("right", right)):
        for i in chosen.tolist():
            shown = application.show(data.inputs[split][i])[:300]
            shown = shown.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
            lines.append(
                f"| {mark} | {shown} | {data.labels[targets[i]]} | {data.labels[answers[i]]} "
                f"| {scores[i].max():.3f} |"
            )
    return lines
