"""Keep what native code writes to the terminal out of the user's way, but not out of reach."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from typing import IO


class Noise:
    """What native code has written to standard error."""

    def __init__(self, file: IO[bytes] | None) -> None:
        self._file = file

    def show(self, last: int = 20) -> None:
        """Writes the last lines of it to standard error."""
        if self._file is None:
            return
        self._file.seek(0)
        for line in self._file.read().decode(errors="replace").splitlines()[-last:]:
            print(line, file=sys.stderr)


@contextlib.contextmanager
def native_noise_hidden(unless: bool = False) -> Iterator[Noise]:
    """Sends file descriptor 2 to a temporary file, while Python's `sys.stderr` stays as it is.

    TensorFlow and the converters write to the descriptor from C++, some of it before any log level
    is looked at.

    Args:
        unless: hide nothing.
    """
    if unless:
        yield Noise(None)
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module=r"(tensorflow|keras|ai_edge_litert)\b")
    python_stderr = sys.stderr
    sys.stderr.flush()
    with tempfile.TemporaryFile() as file:
        terminal = os.dup(2)
        try:
            if _writes_to_descriptor_2(python_stderr):
                sys.stderr = os.fdopen(os.dup(terminal), "w", 1, encoding=python_stderr.encoding)
            os.dup2(file.fileno(), 2)
            yield Noise(file)
        finally:
            if sys.stderr is not python_stderr:
                sys.stderr.close()
                sys.stderr = python_stderr
            os.dup2(terminal, 2)
            os.close(terminal)


def _writes_to_descriptor_2(stream: IO[str]) -> bool:
    try:
        return stream.fileno() == 2
    except OSError:  # a stream in memory
        return False
