"""`python -m common.benchmark.litert_profiler`: time of every operator of a TFLite file, as JSON.

LiteRT has a profiler, which its Python classes do not offer; the C functions of the same library
do. They are called here by the names and types of `litert/c/*.h` in the LiteRT repository. Nothing
checks these types, so this is a process of its own: what goes wrong here ends nothing else.
"""

from __future__ import annotations

import ctypes
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ai_edge_litert

_CPU = 1
# Events of operators that the interpreter ran, and of those inside XNNPACK.
_OPERATOR, _DELEGATED = 1 << 1, 1 << 3
_PROFILED = b"enable_profiling = true\n"
_TYPE_BYTES = 512  # more than the description of a tensor's type takes
_Handle = ctypes.c_void_p


class _Event(ctypes.Structure):
    _fields_ = (
        ("tag", ctypes.c_char_p),
        ("type", ctypes.c_int),
        ("start_us", ctypes.c_uint64),
        ("elapsed_us", ctypes.c_uint64),
        ("memory", ctypes.c_size_t * 6),
        ("metadata", ctypes.c_uint64 * 2),
        ("source", ctypes.c_int),
    )


class _Library:
    """The C functions; one that fails raises."""

    def __init__(self) -> None:
        (folder,) = ai_edge_litert.__path__
        self._functions = ctypes.CDLL(str(Path(folder) / "libLiteRt.so"))

    def call(self, name: str, *arguments: Any) -> None:
        status = getattr(self._functions, f"LiteRt{name}")(*arguments)
        if status:
            raise RuntimeError(f"LiteRt{name} answered with status {status}")

    def make(self, name: str, *arguments: Any) -> ctypes.c_void_p:
        """Calls a function whose last argument is where it writes a handle."""
        handle = _Handle()
        self.call(name, *arguments, ctypes.byref(handle))
        return handle


def operator_times(content: bytes, runs: int) -> dict[str, tuple[int, list[int]]]:
    """Returns for each kind of operator how many there are in a call, and their times.

    Args:
        content: a TFLite file; its first signature is called, with zeros.
        runs: how often it is called.

    Returns:
        By the operator's name: in capitals where the interpreter ran it, else as XNNPACK calls it.
        How often it ran in a call, and the microseconds that this took, for each call. An operator
        with a body (WHILE) is there too; the profiler takes time in every turn of it.

    Raises:
        RuntimeError: LiteRT refuses the file.
    """
    run, profiler, library = _open(content)
    for _ in range(3):
        run()
    counts: Counter[str] = Counter()
    times: dict[str, list[int]] = defaultdict(list)
    for _ in range(runs):
        library.call("StartProfiler", profiler)
        run()
        library.call("StopProfiler", profiler)
        number = ctypes.c_int()
        library.call("GetNumProfilerEvents", profiler, ctypes.byref(number))
        events = (_Event * number.value)()
        library.call("GetProfilerEvents", profiler, number, events)
        counts, microseconds = Counter(), Counter[str]()
        for event in events:
            if event.type in (_OPERATOR, _DELEGATED):
                counts[event.tag.decode()] += 1
                microseconds[event.tag.decode()] += event.elapsed_us
        library.call("ResetProfiler", profiler)
        for name in counts:
            times[name].append(microseconds[name])
    return {name: (counts[name], times[name]) for name in counts}


def _open(content: bytes) -> tuple[Callable[[], None], ctypes.c_void_p, _Library]:
    """Returns what runs the file, its profiler, and the library."""
    library, first = _Library(), ctypes.c_size_t(0)
    environment = library.make("CreateEnvironment", 0, None)
    buffer = ctypes.create_string_buffer(content, len(content))
    size = ctypes.c_size_t(len(content))
    model = library.make("CreateModelFromBuffer", environment, buffer, size)
    options = library.make("CreateOptions")
    library.call("SetOptionsHardwareAccelerators", options, _CPU)
    texts = {b"runtime_options_string": _PROFILED, b"xnnpack": b"num_threads = 1\n"}
    for name, text in texts.items():
        option = library.make("CreateOpaqueOptions", name, text, _nothing)
        library.call("AddOpaqueOptions", options, option)
    compiled = library.make("CreateCompiledModel", environment, model, options)
    signature = library.make("GetModelSignature", model, first)
    ends = []
    for end in ("Input", "Output"):
        number = ctypes.c_size_t()
        library.call(f"GetNumSignature{end}s", signature, ctypes.byref(number))
        buffers = (_Handle * number.value)()
        for index in map(ctypes.c_size_t, range(number.value)):
            tensor = library.make(f"GetSignature{end}TensorByIndex", signature, index)
            kind = ctypes.create_string_buffer(_TYPE_BYTES)
            library.call("GetRankedTensorType", tensor, kind)
            wanted = library.make(
                f"GetCompiledModel{end}BufferRequirements", compiled, first, index
            )
            made = library.make(
                "CreateManagedTensorBufferFromRequirements", environment, kind, wanted
            )
            library.call("ClearTensorBuffer", made)
            buffers[index.value] = made.value
        ends += [number, buffers]
    profiler = library.make("CompiledModelGetProfiler", compiled)

    def run() -> None:
        # LiteRT does not copy the file: the closure keeps it.
        assert len(buffer) == len(content)
        library.call("RunCompiledModel", compiled, first, *ends)

    return run, profiler, library


# The texts are Python's, which frees them.
_nothing = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(lambda _: None)


if __name__ == "__main__":
    file, number_of_runs = sys.argv[1:]
    print(json.dumps(operator_times(Path(file).read_bytes(), int(number_of_runs))))
