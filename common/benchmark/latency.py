"""Latency of the exported file of one recurrent layer: ours against Keras's, in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from common.benchmark.files import FUSED, Sizes, make_contestants, sequence
from common.benchmark.timing import in_turn, spread

SIZES = (Sizes(100, 40, 128), Sizes(64, 128, 64), Sizes(200, 64, 64))
THREADS = (1, 2)

# The largest share of the other's time that ours should take.
AIMS: dict[tuple[str, str], float | None] = {
    ("Recur, loop", FUSED): 0.4,
    ("Recur, loop", "GRU"): 0.6,
    ("Recur, unrolled", FUSED): None,
    ("Recur, unrolled", "GRU"): None,
    ("Recur, unrolled, int8", FUSED): 0.25,
    ("Recur, unrolled, int8", "GRU"): None,
}


def open_file(content: bytes, threads: int) -> Callable[[NDArray[Any]], NDArray[Any]]:
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
) -> Iterator[dict[str, Any]]:
    """Times a call of every file, batch 1, in turn.

    Args:
        sizes: of the layer.
        threads: of the interpreter.
        rounds: how often each is timed; each time five calls.
        say: told about progress.

    Yields:
        For each size and number of threads a dictionary with `name` and `rows`. A row has `name`,
        and `missing`, why there is no such file, or `ms`, `bytes` and `max_abs_diff`, how far the
        first answer is from that of the layer in Keras.
    """
    for size in sizes:
        say(f"{size}: converting")
        contestants = dict(make_contestants(size))
        x = sequence(size)
        for number in threads:
            say(f"{size}, {number} threads: measuring")
            runs = {
                name: open_file(one.content, number)
                for name, one in contestants.items()
                if one.content
            }
            # The first answer: the fused kernel keeps its state.
            answers = {name: run(x) for name, run in runs.items()}
            times = in_turn(
                {name: partial(run, x) for name, run in runs.items()},
                rounds,
                calls=5,
                uncounted=1,
            )
            rows: list[dict[str, Any]] = []
            for name, one in contestants.items():
                if one.missing:
                    rows.append({"name": name, "missing": one.missing})
                    continue
                difference = float(np.abs(answers[name] - one.expected).max())
                rows.append(
                    {
                        "name": name,
                        "ms": list(spread(times[name])),
                        "bytes": len(one.content),
                        "max_abs_diff": difference,
                    }
                )
            yield {"name": f"{size}, {number} thread{'s' * (number > 1)}", "rows": rows}


def format_lines(results: Sequence[dict[str, Any]]) -> list[str]:
    """Returns the results as lines of Markdown: two tables for each size."""
    lines = []
    for result in results:
        lines += [
            f"**{result['name']}**",
            "",
            "| file | ms (quartiles) | bytes | off Keras |",
            "|---|---|---|---|",
        ]
        medians = {}
        for row in result["rows"]:
            if "missing" in row:
                lines.append(f"| {row['name']} | {row['missing']} | | |")
                continue
            median, low, high = row["ms"]
            medians[row["name"]] = median
            lines.append(
                f"| {row['name']} | {median:.3f} ({low:.3f}-{high:.3f}) | {row['bytes']:,} "
                f"| {row['max_abs_diff']:.1e} |"
            )
        lines += ["", "| ours / theirs | of their time | aim |", "|---|---|---|"]
        for (ours, theirs), aim in AIMS.items():
            if theirs in medians:
                ratio = medians[ours] / medians[theirs]
                goal = "" if aim is None else f"at most {aim}"
                lines.append(f"| {ours} / {theirs} | {ratio:.2f} | {goal} |")
        lines.append("")
    return lines


if __name__ == "__main__":
    print("\n".join(format_lines(list(measure()))))
