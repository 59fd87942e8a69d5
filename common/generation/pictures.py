"""Pictures of a generator: its learning curve, where it looks, how it fares by length."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt

from common.generation.application import Array
from common.text.pre_tokens import SPACE


def learning_curve(
    epochs: Sequence[Mapping[str, float]], best_epoch: int, path: Path, bleu: str = "BLEU"
) -> None:
    """Draws nats a token of the training and dev splits, and BLEU on dev, over the epochs.

    Args:
        epochs: figures of each epoch, as in `training.History`; those of rewards have no `nats`.
        best_epoch: the one whose weights were kept, from 1 on.
        path: PNG file to write.
        bleu: what to call the BLEU.
    """
    x = range(1, len(epochs) + 1)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    left.plot(
        x, [e.get("nats", math.nan) for e in epochs], marker="o", label="train (with dropout)"
    )
    left.plot(x, [e["dev_nats"] for e in epochs], marker="o", label="dev")
    right.plot(x, [e["dev_bleu"] for e in epochs], marker="o", color="C1", label="dev, greedy")
    for axis, name in ((left, "nats a token"), (right, bleu)):
        axis.axvline(best_epoch, color="grey", linestyle=":", label="kept")
        axis.set(xlabel="epoch", ylabel=name)
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.grid(alpha=0.3)
        axis.legend()
    _save(figure, path)


def attention(weights: Array, source: Sequence[str], output: Sequence[str], path: Path) -> None:
    """Draws where the decoder looked when it wrote each token.

    Args:
        weights: `(len(output), len(source))`, 0 to 1.
        source: a label for each place of the input.
        output: a label for each token that was written.
        path: PNG file to write.
    """
    size = 1.6 + 0.32 * len(source), 1.2 + 0.26 * len(output)
    figure, axis = plt.subplots(figsize=size, layout="constrained")
    axis.imshow(weights, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axis.set_xticks(range(len(source)), map(_tick, source), rotation=60, ha="left", fontsize=9)
    axis.set_yticks(range(len(output)), map(_tick, output), fontsize=9)
    axis.xaxis.tick_top()
    axis.tick_params(length=0)
    _save(figure, path)


def _tick(label: str) -> str:
    """Returns a piece without its sign for a space; a dollar would begin a formula."""
    return (label.removeprefix(SPACE) or label).replace("$", r"\$")


def bleu_by_length(bands: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Draws the BLEU of short and of long inputs.

    Args:
        bands: of `scores.by_length`.
        path: PNG file to write.
    """
    figure, axis = plt.subplots(figsize=(max(4.5, 1.6 + 0.9 * len(bands)), 3), layout="constrained")
    bars = axis.bar(range(len(bands)), [band["bleu"] for band in bands], width=0.7)
    axis.bar_label(bars, [f"{band['examples']:,}" for band in bands], fontsize=8, color="grey")
    axis.set_xticks(range(len(bands)), [band_name(band) for band in bands])
    axis.set(xlabel="tokens of the input (number of inputs above)", ylabel="BLEU")
    axis.margins(y=0.12)
    axis.grid(alpha=0.3, axis="y")
    _save(figure, path)


def band_name(band: Mapping[str, Any]) -> str:
    """Returns the lengths of a band as a reader wants them: 6-10, or 51+."""
    return f"{band['from']}+" if band["to"] is None else f"{band['from']}-{band['to']}"


def _save(figure: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    plt.close(figure)
