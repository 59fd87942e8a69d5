"""The error that the command line shows to the user without a traceback."""

from collections.abc import Iterable


class UserError(Exception):
    """A mistake in the user's input.

    The message is one sentence on one line: it names the file (and the line, as `path:line`) and
    says what to do. The command line prints it as it is and exits with status 2.
    """


def one_line(text: object, limit: int = 200) -> str:
    """Fits foreign text (a table's cell, another library's message) into an error message.

    Args:
        text: anything; `str()` of it is used.
        limit: the longest result, in characters.

    Returns:
        The text with every run of whitespace made one space, cut at `limit` with an ellipsis.
    """
    line = " ".join(str(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def listed(names: Iterable[str], limit: int = 10) -> str:
    """Writes names out for an error message.

    Args:
        names: what to list, in this order.
        limit: how many are written out; the rest is only counted.

    Returns:
        `a, b, c`, each name fitted by `one_line` to 40 characters; `none` when there are none.
    """
    every = [one_line(name, 40) for name in names]
    more = f" and {len(every) - limit:,} more" if len(every) > limit else ""
    return ", ".join(every[:limit]) + more if every else "none"
