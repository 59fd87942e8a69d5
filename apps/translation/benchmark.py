"""`python -m apps.translation.benchmark`: target tokens a second in training, by layer."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from common.quiet import native_noise_hidden

if TYPE_CHECKING:
    from apps.translation.settings import TranslationSettings

# A sentence of everyday text in pieces of words, END among them.
_STEPS = 12

CONTESTANTS: dict[str, dict[str, Any]] = {
    "Recur": {},
    "Recur, mixed precision": {"precision": "mixed"},
    "GRU": {"layer": "gru"},
    "LSTM": {"layer": "lstm"},
}


def training_step(settings: TranslationSettings) -> tuple[Callable[[], float], int, int]:
    """Returns a training step as `train` takes it.

    Returns:
        The step, which returns its loss; the target tokens that it learns from; the parameters.
    """
    import tensorflow as tf

    from apps.translation.network import build_network
    from common.generation.batches import SentenceBatches
    from common.generation.learning import compile_teacher

    size = settings.vocabulary_size
    rng = np.random.default_rng(0)
    rows = max(16, settings.batch_tokens // _STEPS // 16 * 16)
    sources = rng.integers(3, size, (rows, _STEPS)).astype("int32")
    sentences = rng.integers(3, size, (rows, _STEPS - 1)).tolist()
    batches = SentenceBatches(
        [_STEPS] * rows, lambda indices, _: sources[indices], sentences, settings.batch_tokens
    )
    model = build_network(settings, size, size)
    teacher = compile_teacher(model, settings, 1000)
    teacher.make_train_function()
    dataset = tf.data.Dataset.from_tensors(batches[0]).cache().repeat()
    iterator = iter(dataset)

    def step() -> float:
        return float(teacher.train_function(iterator)["loss"])

    tokens = int(np.count_nonzero(batches[0][1]))
    return step, tokens, int(model.count_params())


def measure(
    settings: TranslationSettings, rounds: int, say: Callable[[str], None] = print
) -> Iterator[dict[str, Any]]:
    """Times training with each layer, in turn, so that all meet the same machine.

    Args:
        settings: of the network.
        rounds: how often each is timed.
        say: told about progress.

    Yields:
        For each contestant its `name`, `parameters`, and `tokens_per_second`: median, 25th and 75th
        percentile.
    """
    say("compiling")
    steps = {
        name: training_step(dataclasses.replace(settings, **changes))
        for name, changes in CONTESTANTS.items()
    }
    for step, _, _ in steps.values():
        step()
        step()
    say("measuring")
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, (step, _, _) in steps.items():
            start = time.perf_counter()
            step()
            seconds[name].append(time.perf_counter() - start)
    for name, (_, tokens, parameters) in steps.items():
        pace = [tokens / float(np.percentile(seconds[name], q)) for q in (50, 75, 25)]
        yield {"name": name, "parameters": parameters, "tokens_per_second": pace}


def format_table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Returns the rows as lines of a Markdown table; ratios are to the first row."""
    lines = [
        "| layer | parameters | target tokens a second (25th-75th percentile) | of ours |",
        "|---|---|---|---|",
    ]
    for row in rows:
        median, low, high = row["tokens_per_second"]
        ratio = median / rows[0]["tokens_per_second"][0]
        lines.append(
            f"| {row['name']} | {row['parameters']:,} | {median:,.0f} ({low:,.0f}-{high:,.0f}) "
            f"| {ratio:.2f} |"
        )
    return lines


@click.command()
@click.option("--output", type=click.Path(path_type=Path), default="exported", show_default=True)
@click.option("--rounds", default=15, show_default=True, help="Timings of each contestant.")
def main(output: Path, rounds: int) -> None:
    """Time the training of a translator with our layer and with Keras's.

    Writes bench-translation.json and bench-translation.md.
    """
    with native_noise_hidden():
        from apps.translation.settings import TranslationSettings

        settings = TranslationSettings()
        rows = list(measure(settings, rounds, lambda line: print(line, file=sys.stderr)))
    lines = ["# Training a translator", "", *format_table(rows)]
    output.mkdir(parents=True, exist_ok=True)
    path = output / "bench-translation.json"
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
