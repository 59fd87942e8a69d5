"""Accuracy against bytes: the smallest form of networks of many sizes, ours and Keras's.

Every network is trained alike, exported as the one-step file in few bits, and that file is scored.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from common.classification.application import ClassifierApplication
from common.classification.artefacts import ModelScorer
from common.classification.calibration import Calibrator
from common.classification.evaluation import classification_metrics, compare
from common.classification.export import smallest_file
from common.classification.fitting import fit
from common.errors import UserError
from common.progress import Progress
from common.settings import to_json


@dataclass(frozen=True)
class Size:
    """One network of the curve.

    Attributes:
        layer: "recur", "gru" or "lstm".
        units: of its state.
        rank: of the matrices of our cell; 0: whole ones.
    """

    layer: str
    units: int
    rank: int = 0


def measure(
    application: ClassifierApplication,
    data_name: str,
    settings: Any,
    options: Mapping[str, Any],
    runs: Iterable[tuple[Size, int]],
    progress: Progress,
) -> Iterator[dict[str, Any]]:
    """Trains, exports and scores networks of several sizes.

    Args:
        application: whose network.
        data_name: `builtin`, a path or `tfds:NAME`.
        settings: of the runs; layer, units, rank and seed are replaced.
        options: of the data.
        runs: size and seed of each.
        progress: told about everything.

    Yields:
        For each run `layer`, `units`, `rank`, `seed`, its `settings`, `parameters`; the `bytes` of
        the file (no labels or vocabulary) and how many of them are a `front_end` that is the same
        for all; the `accuracy` of the file on `examples` of `split`, that of the `network` before
        the export, and the share of `equal_answers`.

    Raises:
        UserError: the data cannot be used, or want a network that has no one-step form.
    """
    data = application.load_data(data_name, None, None, {**options, "seed": settings.seed})
    split = "test" if "test" in data.inputs else "dev"
    settings = application.settle(settings, data)
    if settings.direction == "both":
        raise UserError("a network that reads from both ends has no one-step form; give causal")
    front_end = application.make_front_end(data, settings)
    targets = data.targets[split]
    for size, seed in runs:
        progress.say(f"{name_of(size.layer, size.rank)}, {size.units} units, seed {seed}")
        sized = application.sized(settings, size.layer, size.units, size.rank)
        chosen = replace(sized, seed=seed)
        with tempfile.TemporaryDirectory() as folder:
            checkpoint = Path(folder) / "checkpoint"
            model, _ = fit(application, data, front_end, chosen, checkpoint, None, False, progress)
        reference = ModelScorer(model, data.labels, front_end).score_all(data.inputs[split])
        train = data.inputs["train"]
        calibrator = Calibrator(application, model, front_end, data.labels, train, progress)
        content, front = smallest_file(application, model, calibrator, chosen)
        scores = calibrator.open_step(content).score_all(data.inputs[split])
        yield {
            **vars(size),
            "seed": seed,
            "settings": to_json(chosen),
            "parameters": int(model.count_params()),
            "bytes": len(content),
            "front_end": front,
            "data": data.name,
            "split": split,
            "examples": len(scores),
            "accuracy": classification_metrics(scores, targets)["accuracy"],
            "network": classification_metrics(reference, targets)["accuracy"],
            "equal_answers": compare(scores, reference)["equal_answers"],
        }


def name_of(layer: str, rank: int) -> str:
    """Returns what a line of the curve is called."""
    name = {"recur": "ours", "gru": "GRU", "lstm": "LSTM"}[layer]
    return f"{name}, rank {rank}" if rank else name


def lines_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, float]]]:
    """Returns the points of each line, from small to large.

    Returns:
        For each name a list with `units`, `bytes` without the front end, `accuracy` (mean over the
        seeds), `least` and `greatest`.
    """
    runs: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for row in rows:
        runs.setdefault((name_of(row["layer"], row["rank"]), row["units"]), []).append(row)
    lines: dict[str, list[dict[str, float]]] = {}
    for (name, units), own in runs.items():
        accuracy = [row["accuracy"] for row in own]
        point = {
            "units": units,
            "bytes": float(np.mean([row["bytes"] - row["front_end"] for row in own])),
            "accuracy": float(np.mean(accuracy)),
            "least": min(accuracy),
            "greatest": max(accuracy),
        }
        lines.setdefault(name, []).append(point)
    return {name: sorted(points, key=lambda p: p["bytes"]) for name, points in lines.items()}


def format_curve(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Returns the curve as lines of a Markdown table."""
    front = rows[0]["front_end"]
    beside = f" (beside {front:,} of the front end)" if front else ""
    lines = [
        f"| layer | units | bytes of the network{beside} | accuracy of the file | least-greatest |",
        "|---|---|---|---|---|",
    ]
    for name, points in lines_of(rows).items():
        lines += [
            f"| {name} | {p['units']} | {p['bytes']:,.0f} | {p['accuracy']:.4f} "
            f"| {p['least']:.4f}-{p['greatest']:.4f} |"
            for p in points
        ]
    return lines


def draw(rows: Sequence[Mapping[str, Any]], title: str, path: Path) -> None:
    """Draws accuracy against bytes.

    Args:
        rows: of `measure`.
        title: above the picture.
        path: PNG file to write.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axis = plt.subplots(figsize=(8, 4.5), layout="constrained")
    for name, points in lines_of(rows).items():
        own = name.startswith("ours")
        size, accuracy = ([p[key] for p in points] for key in ("bytes", "accuracy"))
        (line,) = axis.plot(
            [b / 1e3 for b in size],
            accuracy,
            "o-" if own else "s--",
            label=name,
            lw=2 if own else 1,
        )
        for p in points:
            axis.annotate(
                f"{p['units']:.0f}",
                (p["bytes"] / 1e3, p["accuracy"]),
                fontsize=7,
                xytext=(3, -9),
                textcoords="offset points",
                color=line.get_color(),
            )
            axis.vlines(p["bytes"] / 1e3, p["least"], p["greatest"], line.get_color(), alpha=0.3)
    axis.set(xlabel="kB of the network in its one-step file", ylabel="accuracy of that file")
    axis.set_title(title, fontsize=10)
    axis.set_xscale("log")
    axis.xaxis.set_major_formatter("{x:g}")
    axis.xaxis.set_minor_formatter("{x:g}")
    axis.grid(alpha=0.3, which="both")
    axis.legend()
    figure.savefig(path, dpi=100)
    plt.close(figure)
