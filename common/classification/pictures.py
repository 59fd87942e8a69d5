"""Pictures of a training run: learning curve and confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from common.classification.application import Array


def learning_curve(epochs: Sequence[dict[str, float]], best_epoch: int, path: Path) -> None:
    """Draws loss and accuracy of the training and dev splits over the epochs.

    Args:
        epochs: figures of each epoch, as in `training.History`.
        best_epoch: the one whose weights were kept, from 1 on.
        path: PNG file to write.
    """
    x = range(1, len(epochs) + 1)
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    for axis, name in zip(axes, ("loss", "accuracy"), strict=True):
        axis.plot(x, [e[name] for e in epochs], marker="o", label="train (with dropout)")
        axis.plot(x, [e[f"dev_{name}"] for e in epochs], marker="o", label="dev")
        axis.axvline(best_epoch, color="grey", linestyle=":", label="kept")
        axis.set(xlabel="epoch", ylabel=name)
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.grid(alpha=0.3)
        axis.legend()
    _save(figure, path)


def confusion_matrix(
    targets: Array, answers: Array, labels: Sequence[str], title: str, path: Path
) -> None:
    """Draws how often each class was taken for each other.

    Args:
        targets, answers: class indices `(n,)`.
        labels: names of the classes.
        title: above the picture.
        path: PNG file to write.
    """
    from sklearn.metrics import ConfusionMatrixDisplay

    size = 2.6 + 0.55 * len(labels)
    figure, axis = plt.subplots(figsize=(size + 1, size), layout="constrained")
    ConfusionMatrixDisplay.from_predictions(
        targets,
        answers,
        labels=np.arange(len(labels)),
        display_labels=list(labels),
        cmap="Blues",
        colorbar=False,
        ax=axis,
        xticks_rotation="vertical" if len(labels) > 4 else "horizontal",
    )
    axis.set_title(title)
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    plt.close(figure)
