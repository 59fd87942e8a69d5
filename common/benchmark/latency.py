"""Latency of the exported file of one recurrent layer: ours against Keras's, in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from common.benchmark.calls import call_times
from common.benchmark.layer_files import FUSED, INT8, LOOP, UNROLLED, Sizes, make_files, sequence
from common.benchmark.report import Case, Row, Section, ratios

SIZES = (Sizes(100, 40, 128), Sizes(64, 128, 64), Sizes(200, 64, 64))
THREADS = (1, 2)

# What ours should take at most, as a share of the other's time.
AIMS: dict[tuple[str, str], float | None] = {
    (LOOP, FUSED): 0.4,
    (LOOP, "GRU"): 0.6,
    (UNROLLED, FUSED): None,
    (UNROLLED, "GRU"): None,
    (INT8, FUSED): 0.25,
    (INT8, "GRU"): None,
}


def measure(
    sizes: Sequence[Sizes] = SIZES,
    threads: Sequence[int] = THREADS,
    rounds: int = 300,
    say: Callable[[str], None] = print,
) -> Iterator[Case]:
    """Times a call of every file, batch 1, in turn.

    Args:
        sizes: of the layer.
        threads: of the interpreter.
        rounds: how often each is timed.
        say: told about progress.

    Yields:
        A case for each of the sizes and each number of threads. In its rows are the size of the
        file and how far its answer is from that of the layer in Keras.
    """
    for size in sizes:
        say(f"{size}: converting")
        files = dict(make_files(size))
        for number in threads:
            name = f"{size}, {number} thread{'s' * (number > 1)}"
            say(f"{name}: measuring")
            contents = {key: file.content for key, file in files.items() if file.content}
            called = call_times(contents, sequence(size), number, rounds)
            rows = []
            for contestant, file in files.items():
                if contestant not in called:
                    rows.append(Row(contestant, missing=file.missing))
                    continue
                ms, answer = called[contestant]
                off = float(np.abs(answer - file.expected).max())
                rows.append(Row(contestant, ms, {"bytes": len(file.content), "off Keras": off}))
            yield Case(name, rows, ratios(rows, AIMS))


def section(cases: Sequence[Case]) -> Section:
    """Returns the cases as a section of the report."""
    remark = (
        "A call of the LiteRT interpreter, input to last output, batch 1, in a process without "
        "TensorFlow. The weights are random; int8 is calibrated on other such sequences."
    )
    return Section("latency", "Latency of an exported layer", cases, remark)
