"""`python -m common.benchmark.calls`: time calls of TFLite files, in a process without TensorFlow.

That is how a device runs them, and it matters: where TensorFlow has trained a while, what a process
gets of memory is so scattered that files with many constants take half as long again.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from common.benchmark.timing import Spread, in_turn, spread


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


def call_times(
    files: Mapping[str, bytes], value: NDArray[Any], threads: int, rounds: int
) -> dict[str, tuple[Spread, NDArray[np.float32]]]:
    """Times a call of every file in turn, in a process of their own.

    Args:
        files: TFLite files with one input and one output, by name.
        value: the input of all.
        threads: of the interpreters.
        rounds: how often each is timed: a single call, which a busy machine seldom interrupts.

    Returns:
        For each file its time and its answer to the first call: kernels with a state go on from it.

    Raises:
        RuntimeError: that process failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "input.npy", value)
        paths = [Path(folder) / f"{index}.tflite" for index in range(len(files))]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_bytes(content)
        command = [sys.executable, "-m", "common.benchmark.calls", folder]
        done = subprocess.run(
            [*command, str(threads), str(rounds), *(path.name for path in paths)],
            capture_output=True,
            text=True,
        )
    if done.returncode:
        raise RuntimeError(f"files could not be timed: {done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    return {
        name: (Spread(*ms), np.asarray(answer, np.float32))
        for name, (ms, answer) in zip(files, found, strict=True)
    }


def _main(folder: Path, threads: int, rounds: int, names: list[str]) -> None:
    value = np.load(folder / "input.npy")
    runs = {name: open_file((folder / name).read_bytes(), threads) for name in names}
    answers = [run(value).tolist() for run in runs.values()]
    calls = {name: partial(run, value) for name, run in runs.items()}
    times = in_turn(calls, rounds, uncounted=2)
    print(json.dumps([(spread(times[name]), answers[i]) for i, name in enumerate(names)]))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
