"""Ask a runtime that lives in a process of its own, by values of Python on its pipes."""

from __future__ import annotations

import pickle
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any


class OtherError(Exception):
    """The other process answered with an error, or ended; the message is what it said."""


class OtherProcess:
    """A process that reads pickled requests and answers each with `(error or None, answer)`.

    Args:
        command: that starts it.
        environment: of the process.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            command, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def ask(self, *request: Any) -> Any:
        """Returns the answer to a request.

        Raises:
            OtherError: the other says that it cannot, or it crashed.
        """
        assert self._process.stdin and self._process.stdout
        try:
            pickle.dump(request, self._process.stdin)
            self._process.stdin.flush()
            error, answer = pickle.load(self._process.stdout)
        except (EOFError, BrokenPipeError) as gone:
            raise OtherError(f"ended with status {self._process.wait()}") from gone
        if error is not None:
            raise OtherError(error)
        return answer

    def close(self) -> None:
        """Ends the process."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait(30)
        if self._process.stdout:
            self._process.stdout.close()
