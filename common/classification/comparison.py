"""The same network with our layer and with Keras's GRU and LSTM, trained in turn in one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from common.classification.application import ClassifierApplication
from common.classification.artefacts import LiteScorer, ModelScorer
from common.classification.evaluation import classification_metrics
from common.classification.export import loop_file
from common.classification.fitting import fit
from common.comparison import trained_with_each
from common.progress import Progress
from common.training import History


def compare_layers(
    application: ClassifierApplication,
    data_name: str,
    settings: Any,
    options: Mapping[str, Any],
    layers: Sequence[str],
    seeds: int,
    progress: Progress,
) -> Iterator[dict[str, Any]]:
    """Trains with each layer and several seeds, as `common.comparison.trained_with_each` does.

    Args:
        application: whose network.
        data_name: `builtin`, a path or `tfds:NAME`.
        settings: of the runs; `layer` and `seed` are replaced.
        options: of the data.
        layers: those to train with.
        seeds: how many runs with each layer.
        progress: told about everything.

    Yields:
        For each run what is said there, and `split`, `examples`, `metrics`, the `bytes` and
        `latency_ms` of the float32 TFLite file in a loop.
    """
    data = application.load_data(data_name, None, None, {**options, "seed": settings.seed})
    split = "test" if "test" in data.inputs else "dev"
    settings = application.settle(settings, data)
    front_end = application.make_front_end(data, settings)

    def train(chosen: Any, checkpoint: Path) -> tuple[Any, History]:
        return fit(application, data, front_end, chosen, checkpoint, None, False, progress)

    for row, model, _ in trained_with_each(settings, layers, seeds, train, progress):
        scores = ModelScorer(model, data.labels, front_end).score_all(data.inputs[split])
        content = loop_file(application, model, front_end)
        lite = LiteScorer(application, content, front_end, data.labels)
        yield {
            **row,
            "data": data.name,
            "split": split,
            "examples": len(scores),
            "metrics": classification_metrics(scores, data.targets[split]),
            "bytes": len(content),
            "latency_ms": lite.latency_ms(data.inputs[split][:50]),
        }


def format_comparison(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Returns mean and spread (least to greatest) over the seeds as lines of a Markdown table."""
    lines = [
        "| layer | accuracy, mean (least-greatest) | F1 | parameters | TFLite in a loop, bytes "
        "| ms a call | training, s | an epoch, s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for layer in dict.fromkeys(row["layer"] for row in rows):
        own = [row for row in rows if row["layer"] == layer]
        accuracy = np.array([row["metrics"]["accuracy"] for row in own])
        f1 = np.mean([row["metrics"]["f1"] for row in own])
        lines.append(
            f"| {layer} | {accuracy.mean():.4f} ({accuracy.min():.4f}-{accuracy.max():.4f}) "
            f"| {f1:.4f} | {own[0]['parameters']:,} | {own[0]['bytes']:,} "
            f"| {np.median([row['latency_ms'] for row in own]):.2f} "
            f"| {np.mean([row['seconds'] for row in own]):.0f} "
            f"| {np.median([row['seconds_per_epoch'] for row in own]):.1f} |"
        )
    return lines
