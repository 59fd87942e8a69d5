"""The same network with our layer and with Keras's GRU and LSTM, trained in turn in one run."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from common.progress import Progress
from common.training import History


def trained_with_each(
    settings: Any,
    layers: Sequence[str],
    seeds: int,
    train: Callable[[Any, Path], tuple[Any, History]],
    progress: Progress,
) -> Iterator[tuple[dict[str, Any], Any, History]]:
    """Trains with each layer and several seeds, seed by seed so that all meet the same machine.

    Args:
        settings: of the runs; `layer` and `seed` are replaced.
        layers: those to train with.
        seeds: how many runs with each layer.
        train: trains a network by settings, with a folder for its checkpoint.
        progress: told which run begins.

    Yields:
        For each run `layer`, `seed`, `parameters`, `epochs` and `seconds` of training and
        `seconds_per_epoch`; the network; and what happened.
    """
    for seed in range(settings.seed, settings.seed + seeds):
        for layer in layers:
            progress.say(f"{layer}, seed {seed}")
            chosen = dataclasses.replace(settings, layer=layer, seed=seed)
            with tempfile.TemporaryDirectory() as folder:
                model, history = train(chosen, Path(folder) / "checkpoint")
            row = {
                "layer": layer,
                "seed": seed,
                "parameters": int(model.count_params()),
                "epochs": len(history.epochs),
                "seconds": history.seconds,
                # The first epoch holds the compilation.
                "seconds_per_epoch": median_of_epochs(history, "seconds"),
            }
            yield row, model, history


def median_of_epochs(history: History, figure: str) -> float:
    """Returns the median of a figure over the epochs that have it."""
    return float(np.median([epoch[figure] for epoch in history.epochs if figure in epoch]))
