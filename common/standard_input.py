"""Read what the user sends to standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from common.errors import UserError


def lines() -> Iterator[str]:
    """Yields the lines of standard input as they come, without their ends.

    Raises:
        UserError: it is a terminal, where nothing comes, or a line is not UTF-8.
    """
    if sys.stdin.isatty():
        raise UserError("no input was given: name one, or send lines to standard input")
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            yield line.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise UserError(
                f"standard input:{number}: is not UTF-8 (byte {error.start + 1}); convert it first"
            ) from error
