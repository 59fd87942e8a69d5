"""`python -m common.benchmark`: time the layer and write the figures as JSON and Markdown."""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from common.quiet import native_noise_hidden


def machine() -> dict[str, Any]:
    """Returns what the figures depend on: processor, cores, versions."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    packages = ("tensorflow", "keras", "ai-edge-litert")
    return {
        "cpu": cpu,
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        **{package: version(package) for package in packages},
    }


@click.command()
@click.option("--output", type=click.Path(path_type=Path), default="exported", show_default=True)
@click.option("--rounds", default=15, show_default=True, help="Timings of each contestant.")
@click.option(
    "--sounds",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    help="Folder of real sounds for the comparison with librosa; may be given several times.",
)
def main(output: Path, rounds: int, sounds: tuple[Path, ...]) -> None:
    """Time a training step of our layer and of Keras's, compare our MFCC with librosa's.

    Writes bench.json and bench.md.
    """
    with native_noise_hidden():
        from common.audio.parameters import MfccParameters
        from common.benchmark import features
        from common.benchmark.layers import format_table, measure

        parameters = MfccParameters()
        clips = [clip for folder in sounds for clip in features.find_sounds(folder, parameters)]
        heard = features.measure(clips, parameters)
        results = list(measure(rounds=rounds, say=lambda line: print(line, file=sys.stderr)))
    about = machine()
    text = "\n".join(
        [
            "# A training step, ours and Keras's",
            "",
            "Made by `make bench` on " + ", ".join(f"{k} {v}" for k, v in about.items()) + ".",
            "Without XLA: what a user gets from Keras on a CPU who asks for nothing.",
            "",
            *format_table(results),
            *features.format_lines(heard),
        ]
    )
    output.mkdir(parents=True, exist_ok=True)
    figures = {"machine": about, "layers": results, "mfcc": heard}
    (output / "bench.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (output / "bench.md").write_text(text, encoding="utf-8")
    print(text)


main()
