"""`python -m common.benchmark`: time everything and write the figures as JSON and Markdown."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from common.benchmark.report import MARKDOWN_NAME, Section, write_section
from common.command_line import Command
from common.errors import UserError, listed

PARTS = ("training", "memory", "latency", "operators", "mfcc")
# Calls of a small file are short: they are timed more often.
_LATENCY_ROUNDS = 20


@click.command(cls=Command)
@click.option("--output", type=click.Path(path_type=Path), default="exported", show_default=True)
@click.option(
    "--rounds",
    type=click.IntRange(1),
    default=15,
    show_default=True,
    help="Timings of each contestant; of files twenty times as many.",
)
@click.option(
    "--only",
    metavar="PART",
    multiple=True,
    help=f"Part to measure: {', '.join(PARTS)}, or one of the applications; may be given several "
    "times. The figures of the others stay.  [default: all]",
)
@click.option(
    "--sounds",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    help="Folder of real sounds for the comparison with librosa; may be given several times.",
)
@click.option("--app", "apps", multiple=True, help="Application with a benchmark of its own.")
def main(
    output: Path,
    rounds: int,
    only: tuple[str, ...],
    sounds: tuple[Path, ...],
    apps: tuple[str, ...],
) -> None:
    """Time a training step and an exported file of our layer and of Keras's, and our MFCC.

    Writes bench.json and bench.md.
    """
    known = (*PARTS, *apps)
    if unknown := [part for part in only if part not in known]:
        raise UserError(f"--only {unknown[0]}: is no part; give one of {listed(known)}")
    parts = only or known
    for part in parts:
        options = ["--output", str(output), "--rounds", str(rounds)]
        if part in apps:  # nothing here imports an application
            _start(f"apps.{part}.benchmark", options)
        elif len(parts) > 1:  # what a part leaves in memory slows the next one
            folders = (x for folder in sounds for x in ("--sounds", str(folder)))
            _start("common.benchmark", [*options, "--only", part, *folders])
        else:
            section = measure(part, rounds, sounds)
            for note in write_section(output, section):
                print(note, file=sys.stderr)
    print((output / MARKDOWN_NAME).read_text(encoding="utf-8"), end="")


def _start(module: str, options: Sequence[str]) -> None:
    """Runs a program, and ends with its status if it fails; it has said why."""
    # Standard error by name: native noise is hidden by what the descriptor stands for.
    done = subprocess.run(
        [sys.executable, "-m", module, *options], stdout=subprocess.DEVNULL, stderr=sys.stderr
    )
    if done.returncode:
        raise click.exceptions.Exit(done.returncode)


def measure(part: str, rounds: int, sounds: Sequence[Path]) -> Section:
    """Returns the section of one of `PARTS`."""

    def say(line: str) -> None:
        print(line, file=sys.stderr)

    if part == "training":
        from common.benchmark import layers

        return layers.section(list(layers.measure(rounds=rounds, say=say)))
    if part == "memory":
        from common.benchmark import memory

        return memory.section(list(memory.measure(say=say)))
    if part == "latency":
        from common.benchmark import latency

        return latency.section(list(latency.measure(rounds=_LATENCY_ROUNDS * rounds, say=say)))
    if part == "operators":
        from common.benchmark import operators

        return operators.section(list(operators.measure(say)))
    from common.audio.parameters import MfccParameters
    from common.benchmark import features

    say("MFCC: measuring")
    parameters = MfccParameters()
    clips = [clip for folder in sounds for clip in features.find_sounds(folder, parameters)]
    return features.section(features.measure(clips, parameters), len(clips))


if __name__ == "__main__":
    main(prog_name="python -m common.benchmark")
