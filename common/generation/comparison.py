"""The same network with our layer and with Keras's GRU and LSTM, trained in turn in one run."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from common.generation.application import GeneratorApplication
from common.generation.artefacts import ModelScorer
from common.generation.evaluation import BEAM, GREEDY, quoted_bleu, title_of
from common.generation.fitting import fit
from common.progress import Progress


def compare_layers(
    application: GeneratorApplication,
    data_name: str,
    settings: Any,
    options: Mapping[str, Any],
    layers: Sequence[str],
    seeds: int,
    progress: Progress,
) -> Iterator[dict[str, Any]]:
    """Trains with each layer and several seeds, seed by seed so that all meet the same machine.

    Args:
        application: whose network.
        data_name: `builtin`, a path or `tfds:NAME`.
        settings: of the runs; `layer` and `seed` are replaced.
        options: of the data.
        layers: those to train with.
        seeds: how many runs with each layer.
        progress: told about everything.

    Yields:
        For each run `layer`, `seed`, `split`, `examples`, `metrics` by search, `parameters`,
        `epochs` and `seconds` of training, `seconds_per_epoch` and `tokens_per_second`.
    """
    options = {**options, "seed": settings.seed}
    data = application.usable(application.load_data(data_name, None, options), progress)
    settings = application.settle(settings, data)
    split = "test" if "test" in data.inputs else "dev"
    front_end = application.make_front_end(data, settings)
    for seed in range(settings.seed, settings.seed + seeds):
        for layer in layers:
            chosen = dataclasses.replace(settings, layer=layer, seed=seed)
            progress.say(f"{layer}, seed {seed}")
            with tempfile.TemporaryDirectory() as folder:
                checkpoint = Path(folder) / "checkpoint"
                model, history = fit(
                    application, data, front_end, chosen, checkpoint, None, False, progress
                )
            metrics = {}
            for search in (GREEDY, BEAM) if settings.beam > 1 else (GREEDY,):
                width = settings.beam if search == BEAM else 1
                scorer = ModelScorer(model, front_end, width, settings.length_penalty)
                answers = [answer.text for answer in scorer.answer_all(data.inputs[split])]
                metrics[search] = application.metrics(answers, data.references[split])[0]
            # The first epoch holds the compilation.
            middle = {
                name: float(np.median([epoch[name] for epoch in history.epochs]))
                for name in ("seconds", "tokens_per_second")
            }
            yield {
                "layer": layer,
                "seed": seed,
                "data": data.name,
                "split": split,
                "examples": len(data.inputs[split]),
                "metrics": metrics,
                "parameters": int(model.count_params()),
                "epochs": len(history.epochs),
                "seconds": history.seconds,
                "seconds_per_epoch": middle["seconds"],
                "tokens_per_second": middle["tokens_per_second"],
            }


def format_comparison(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Returns mean and spread (least to greatest) over the seeds as lines of a Markdown table."""
    if not rows:
        return []
    searches = list(rows[0]["metrics"])
    title = title_of("bleu" if "bleu" in rows[0]["metrics"][GREEDY] else "bleu4")
    titles = ["layer", *(f"{title} {search}" for search in searches), "parameters", "epochs"]
    titles += ["training, s", "an epoch, s", "tokens a second"]
    lines = ["| " + " | ".join(titles) + " |", "|---" * len(titles) + "|"]
    for layer in dict.fromkeys(row["layer"] for row in rows):
        own = [row for row in rows if row["layer"] == layer]
        cells = [layer]
        for search in searches:
            bleu = np.array([quoted_bleu(row["metrics"][search]) for row in own])
            spread = f" ({bleu.min():.2f}-{bleu.max():.2f})" if len(own) > 1 else ""
            cells.append(f"{bleu.mean():.2f}{spread}")
        cells.append(f"{own[0]['parameters']:,}")
        cells += [
            f"{how([row[name] for row in own]):,.{digits}f}"
            for name, how, digits in (
                ("epochs", np.mean, 0),
                ("seconds", np.mean, 0),
                ("seconds_per_epoch", np.median, 1),
                ("tokens_per_second", np.median, 0),
            )
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines
