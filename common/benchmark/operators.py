"""`python -m common.benchmark.operators`: what a TFLite file holds, and where time goes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from common.benchmark.report import Case, Row, Section
from common.benchmark.timing import spread
from common.command_line import Command
from common.errors import UserError
from common.export.operators import subgraph_operators

_RUNS = 100
# Operators with a body, in every turn of which the profiler takes time.
_BODIES = ("WHILE", "IF", "CALL_ONCE")


def profile(name: str, content: bytes, runs: int = _RUNS) -> Case:
    """Counts the operators of a TFLite file by type, and times them in LiteRT on one thread.

    Args:
        name: of the case.
        content: the file; its first signature is called.
        runs: how often it is called.

    Returns:
        A case whose remark says what is in the file, and whose rows say what ran: operators in
        capitals in the interpreter, the others in XNNPACK.
    """
    subgraphs = [
        ", ".join(f"{number} {operator}" for operator, number in sorted(operators.items()))
        for operators in subgraph_operators(content)
    ]
    remark = "In the file: " + "; and in a subgraph: ".join(subgraphs) + "."
    with tempfile.NamedTemporaryFile(suffix=".tflite") as file:
        Path(file.name).write_bytes(content)
        command = [sys.executable, "-m", "common.benchmark.litert_profiler", file.name, str(runs)]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        lines = [f"ended with status {done.returncode}", *done.stderr.splitlines()]
        return Case(name, [Row("operators", missing=f"the profiler: {lines[-1]}")], (), remark)
    found = json.loads(done.stdout)
    rows = [
        Row(operator, spread([one / 1e3 for one in microseconds]), {"a call": count})
        for operator, (count, microseconds) in found.items()
        if operator not in _BODIES
    ]
    rows.sort(key=lambda row: -row.ms.median if row.ms else 0)
    return Case(name, rows, (), remark)


def measure(say: Callable[[str], None] = print) -> Iterator[Case]:
    """Profiles the file of our layer in each of its forms, and that of GRU."""
    import keras

    from common.benchmark.latency import SIZES
    from common.benchmark.layer_files import OURS, build, layer_file
    from common.recurrent.layer import Recur

    size = SIZES[0]
    ours = build(Recur, size)
    for name, (form, precision) in OURS.items():
        say(f"{name}: profiling")
        yield profile(f"{name}, {size}", layer_file(ours, size, form, precision))
    say("GRU: profiling")
    yield profile(f"GRU, {size}", layer_file(build(keras.layers.GRU, size), size))


def section(cases: list[Case]) -> Section:
    """Returns the cases as a section of the report."""
    remark = (
        "LiteRT's profiler, one thread. It counts whole microseconds, and those of XNNPACK (names "
        "in small letters) are rounded down for each operator, so many short ones look like "
        "nothing. What a loop takes beside the operators in it cannot be had: profiling slows it."
    )
    return Section("operators", "Operators of an exported layer", cases, remark)


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--runs", type=click.IntRange(1), default=_RUNS, show_default=True)
def main(files: tuple[Path, ...], runs: int) -> None:
    """Say what TFLite FILES consist of, and how long each kind of operator takes in a call."""
    for file in files:
        try:
            content = file.read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            raise UserError(f"{file}: is no file; give a .tflite file") from None
        if content[4:8] != b"TFL3":
            raise UserError(f"{file}: is no TFLite file")
        case = profile(str(file), content, runs)
        print(f"{case.name}\n{case.remark}")
        for row in case.rows:
            if row.ms is None:
                print(f"{row.name}: {row.missing}")
            else:
                number = row.figures["a call"]
                print(f"{row.ms.median:9.3f} ms {number:6} x {row.name}")


if __name__ == "__main__":
    main(prog_name="python -m common.benchmark.operators")
