"""Items as they come: none lost, in order, at once when they are slow."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from common.arriving import as_they_come


@pytest.mark.parametrize("count", [0, 1, 7, 200])
def test_all_come_in_order(count: int) -> None:
    lists = list(as_they_come(range(count), 5))
    assert [item for some in lists for item in some] == list(range(count))
    assert all(1 <= len(some) <= 5 for some in lists)


def test_what_waits_is_taken_together() -> None:
    all_there = threading.Event()

    def items() -> Iterator[int]:
        yield 0
        yield from range(1, 4)
        all_there.set()

    lists = as_they_come(items(), 8)
    found = next(lists)
    assert all_there.wait(5)
    rest = list(lists)
    assert len(rest) <= 1
    assert [*found, *(item for some in rest for item in some)] == [0, 1, 2, 3]


def test_an_item_is_not_kept_until_the_next_comes() -> None:
    answered = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        assert answered.wait(5)
        yield 2

    lists = as_they_come(items(), 8)
    assert next(lists) == [1]
    answered.set()
    assert list(lists) == [[2]]


def test_an_error_comes_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("third")

    found: list[int] = []
    with pytest.raises(ValueError, match="third"):
        for some in as_they_come(items(), 1):
            found += some
    assert found == [1, 2]
