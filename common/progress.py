"""Tell the user what is going on, on standard error: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sized
from typing import Any, TypeVar

from tqdm import tqdm

T = TypeVar("T")


class Progress:
    """Lines and bars of one run.

    Args:
        quiet: say nothing.
    """

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self._bar: tqdm[Any] | None = None

    def say(self, line: str) -> None:
        """Prints a line."""
        if not self.quiet:
            tqdm.write(line, file=sys.stderr)

    def start(self, what: str, total: int) -> None:
        """Opens a bar of `total` steps; it is drawn on terminals only."""
        self._bar = tqdm(
            total=total, desc=what, leave=False, file=sys.stderr, disable=self.quiet or _piped()
        )

    def advance(self) -> None:
        """Moves the bar one step on."""
        if self._bar is not None:
            self._bar.update()

    def close(self) -> None:
        """Closes the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def done(self, line: str) -> None:
        """Closes the bar and prints a line in its place."""
        self.close()
        self.say(line)

    def track(self, items: Iterable[T], what: str) -> Iterator[T]:
        """Yields the items with a bar over them."""
        total = len(items) if isinstance(items, Sized) else None
        return iter(
            tqdm(
                items,
                desc=what,
                total=total,
                leave=False,
                file=sys.stderr,
                disable=self.quiet or _piped(),
            )
        )


def _piped() -> bool:
    return not sys.stderr.isatty()
