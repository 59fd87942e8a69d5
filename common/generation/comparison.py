"""The same network with our layer and with Keras's GRU and LSTM, trained in turn in one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from common.comparison import median_of_epochs, trained_with_each
from common.generation.application import GeneratorApplication
from common.generation.artefacts import ModelScorer
from common.generation.evaluation import BEAM, GREEDY, judging_metric, quoted_bleu, title_of
from common.generation.fitting import fit
from common.progress import Progress
from common.training import History


def compare_layers(
    application: GeneratorApplication,
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
        For each run what is said there, and `split`, `examples`, `metrics` by search and
        `tokens_per_second`.
    """
    options = {**options, "seed": settings.seed}
    data = application.usable(application.load_data(data_name, None, options), progress)
    settings = application.settle(settings, data)
    split = "test" if "test" in data.inputs else "dev"
    front_end = application.make_front_end(data, settings)
    for line in front_end.describe(data):
        progress.say(line)

    def train(chosen: Any, checkpoint: Path) -> tuple[Any, History]:
        return fit(application, data, front_end, chosen, checkpoint, None, False, progress)

    for row, model, history in trained_with_each(settings, layers, seeds, train, progress):
        metrics = {}
        for search in (GREEDY, BEAM) if settings.beam > 1 else (GREEDY,):
            width = settings.beam if search == BEAM else 1
            scorer = ModelScorer(model, front_end, width, settings.length_penalty)
            answers = [answer.text for answer in scorer.answer_all(data.inputs[split])]
            metrics[search] = application.metrics(answers, data.references[split])[0]
        yield {
            **row,
            "data": data.name,
            "split": split,
            "examples": len(data.inputs[split]),
            "metrics": metrics,
            "tokens_per_second": median_of_epochs(history, "tokens_per_second"),
        }


def format_comparison(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Returns mean and spread (least to greatest) over the seeds as lines of a Markdown table."""
    if not rows:
        return []
    searches = list(rows[0]["metrics"])
    title = title_of(judging_metric(rows[0]["metrics"][GREEDY]))
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
