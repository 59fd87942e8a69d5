"""`python -m apps.translation.benchmark`: target tokens a second in training, by layer."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from common.benchmark.report import Case, Row, Section, ratios, write_section
from common.benchmark.timing import in_turn, spread
from common.command_line import Command

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
) -> Section:
    """Times training with each layer, in turn, so that all meet the same machine.

    Args:
        settings: of the network.
        rounds: how often each is timed.
        say: told about progress.

    Returns:
        A section of the report. In the rows are the time of a step, the parameters, and the target
        tokens a second.
    """
    say("translation: compiling")
    steps = {
        name: training_step(dataclasses.replace(settings, **changes))
        for name, changes in CONTESTANTS.items()
    }
    for step, _, _ in steps.values():
        step()
        step()
    say("translation: measuring")
    times = in_turn({name: step for name, (step, _, _) in steps.items()}, rounds)
    return make_section(
        {name: (times[name], tokens, size) for name, (_, tokens, size) in steps.items()}
    )


def make_section(measured: Mapping[str, tuple[Sequence[float], int, int]]) -> Section:
    """Returns the section of the report.

    Args:
        measured: for each contestant the milliseconds of its steps, the target tokens in a step,
            and the parameters.
    """
    rows = []
    for name, (times, tokens, parameters) in measured.items():
        ms = spread(times)
        pace = round(tokens / ms.median * 1e3)
        rows.append(Row(name, ms, {"parameters": parameters, "target tokens a second": pace}))
    ours = [name for name, changes in CONTESTANTS.items() if "layer" not in changes]
    aims = {(one, other): None for one in ours for other in CONTESTANTS if other not in ours}
    tokens = next(iter(measured.values()))[1]
    case = Case(f"A step on {tokens:,} target tokens", rows, ratios(rows, aims))
    return Section("translation", "Training a translator", [case])


@click.command(cls=Command)
@click.option("--output", type=click.Path(path_type=Path), default="exported", show_default=True)
@click.option(
    "--rounds",
    type=click.IntRange(1),
    default=15,
    show_default=True,
    help="Timings of each contestant.",
)
def main(output: Path, rounds: int) -> None:
    """Time the training of a translator with our layer and with Keras's.

    Writes its part of bench.json and bench.md.
    """
    from apps.translation.settings import TranslationSettings

    section = measure(TranslationSettings(), rounds, lambda line: print(line, file=sys.stderr))
    for note in write_section(output, section):
        print(note, file=sys.stderr)


if __name__ == "__main__":
    main(prog_name="python -m apps.translation.benchmark")
