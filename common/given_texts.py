"""The texts that the user gives: as arguments, as lines of a file, or on standard input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from common import standard_input
from common.data.tables import read_text, split_lines
from common.errors import UserError


def texts(arguments: Sequence[str]) -> Iterator[str]:
    """Yields the arguments, or where there are none the lines of standard input as they come.

    Raises:
        UserError: one is not UTF-8, or standard input is a terminal.
    """
    for number, text in enumerate(arguments, 1):
        if not _is_unicode(text):  # so Python says of bytes that it could not decode
            raise UserError(f"input {number}: the text is not UTF-8; convert it first")
    yield from arguments or standard_input.lines()


def lines_of(path: Path) -> tuple[str, ...]:
    """Returns the lines of a file, one at least, without their ends.

    Args:
        path: of a UTF-8 text file, compressed if it is named `*.gz`.

    Raises:
        UserError: it cannot be read, is empty, is not UTF-8, or holds a NUL byte; the message names
            the line.
    """
    lines = split_lines(read_text(path))
    if len(lines) > 1 and not lines[-1]:  # behind the last line end
        lines.pop()
    return tuple(line.rstrip("\r") for line in lines)


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
