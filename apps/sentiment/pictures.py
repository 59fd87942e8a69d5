"""A picture of the network at reading: how the score moves with every word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from apps.sentiment.front_end import TextFrontEnd
from common.classification.artefacts import ModelScorer
from common.text.tokenizer import tokenize

_MOST_WORDS = 16


def choose_texts(texts: Sequence[str], count: int = 3) -> list[str]:
    """Returns texts short enough to draw, the longest of these first."""
    short = [text for text in texts[:400] if 4 <= len(tokenize(text)) <= _MOST_WORDS]
    return sorted(short, key=lambda text: -len(tokenize(text)))[:count]


def reading(scorer: ModelScorer, front_end: TextFrontEnd, texts: Sequence[str], path: Path) -> None:
    """Draws the scores of the classes after each word of a few texts.

    Args:
        scorer: of the network; it is asked about every beginning of a text.
        front_end: its front end.
        texts: at least one, each with at least one word.
        path: PNG file to write.
    """
    figure, axes = plt.subplots(
        len(texts), 1, figsize=(9, 1.9 * len(texts)), layout="constrained", squeeze=False
    )
    for axis, text in zip(axes[:, 0], texts, strict=True):
        words = tokenize(text)[: front_end.max_timesteps]
        scores = scorer.score_all([" ".join(words[: n + 1]) for n in range(len(words))])
        x = np.arange(len(words))
        for index, label in enumerate(scorer.labels):
            axis.plot(x, scores[:, index], marker="o", markersize=3, label=label)
        axis.set_xticks(x, words, rotation=35, ha="right", fontsize=8)
        axis.set(ylim=(-0.05, 1.05), ylabel="score")
        axis.grid(alpha=0.3)
    axes[0, 0].legend(loc="center left", bbox_to_anchor=(1, 0.5))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    plt.close(figure)
