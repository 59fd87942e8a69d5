"""Latency of the exported file of one recurrent layer: ours against Keras's, in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from common.benchmark.layer_files import FUSED, INT8, LOOP, UNROLLED, Sizes, make_files, sequence
from common.benchmark.report import Case, Row, Section, ratios
from common.benchmark.timing import in_turn, spread

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


def open_file(content: bytes, threads: int = 1) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """Returns a function from the one input of a TFLite file to its one output."""
    interpreter = Interpreter(model_content=content, num_threads=threads)
    interpreter.allocate_tensors()
    into = interpreter.get_input_details()[0]["index"]
    out_of = interpreter.get_output_details()[0]["index"]

    def run(value: NDArray[Any]) -> NDArray[Any]:
        interpreter.set_tensor(into, value)
        interpreter.invoke()
        return interpreter.get_tensor(out_of)

    return run


def measure(
    sizes: Sequence[Sizes] = SIZES,
    threads: Sequence[int] = THREADS,
    rounds: int = 60,
    say: Callable[[str], None] = print,
) -> Iterator[Case]:
    """Times a call of every file, batch 1, in turn.

    Args:
        sizes: of the layer.
        threads: of the interpreter.
        rounds: how often each is timed; each time five calls.
        say: told about progress.

    Yields:
        A case for each of the sizes and each number of threads. In its rows are the size of the
        file and how far its answer is from that of the layer in Keras.
    """
    for size in sizes:
        say(f"{size}: converting")
        files = dict(make_files(size))
        x = sequence(size)
        for number in threads:
            name = f"{size}, {number} thread{'s' * (number > 1)}"
            say(f"{name}: measuring")
            runs = {
                contestant: open_file(file.content, number)
                for contestant, file in files.items()
                if file.content
            }
            # The first answer, because the fused kernel goes on from the state of its last call.
            answers = {contestant: run(x) for contestant, run in runs.items()}
            calls = {contestant: partial(run, x) for contestant, run in runs.items()}
            times = in_turn(calls, rounds, calls=5, uncounted=1)
            rows = [
                Row(
                    contestant,
                    spread(times[contestant]),
                    {
                        "bytes": len(file.content),
                        "off Keras": float(np.abs(answers[contestant] - file.expected).max()),
                    },
                )
                if file.content
                else Row(contestant, missing=file.missing)
                for contestant, file in files.items()
            ]
            yield Case(name, rows, ratios(rows, AIMS))


def section(cases: Sequence[Case]) -> Section:
    """Returns the cases as a section of the report."""
    remark = (
        "A call of the LiteRT interpreter, input to last output, batch 1. The weights are random; "
        "int8 is calibrated on other sequences of the same kind."
    )
    return Section("latency", "Latency of an exported layer", cases, remark)
