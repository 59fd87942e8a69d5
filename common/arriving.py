"""Take items as they come: one by one when they are slow, many at a time when they are fast."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class _End(Generic[T]):
    """The last that comes: with the error that ended the items, if one did."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def as_they_come(items: Iterable[T], most: int) -> Iterator[list[T]]:
    """Yields lists of items in their order: all that have come by then, one at least.

    So a person who types a line gets an answer to it at once, and a long file is read in batches.
    Items are fetched in a thread, at most `most` ahead.

    Args:
        items: where they come from; an error there is raised here, after the items before it.
        most: items of a list.
    """
    waiting: queue.Queue[T | _End[T]] = queue.Queue(most)

    def fetch() -> None:
        try:
            for item in items:
                waiting.put(item)
        except BaseException as error:  # it belongs to whoever waits for the items
            waiting.put(_End(error))
        else:
            waiting.put(_End())

    # A daemon, because nothing can wake it from a read that gets nothing.
    threading.Thread(target=fetch, daemon=True).start()
    end: _End[T] | None = None
    while end is None:
        some: list[T] = []
        while end is None and len(some) < most and (not some or not waiting.empty()):
            item = waiting.get()
            if isinstance(item, _End):
                end = item
            else:
                some.append(item)
        if some:
            yield some
    if end.error is not None:
        raise end.error
