"""A user who stops training in the middle of it."""

from __future__ import annotations

import pytest

from common.progress import Progress


def interrupt_in_the_second_epoch(patch: pytest.MonkeyPatch) -> None:
    """Has the user press Ctrl-C after the first step of the second epoch."""
    start, advance, epochs = Progress.start, Progress.advance, list[str]()

    def starting(progress: Progress, what: str, total: int) -> None:
        if what.startswith("epoch "):
            epochs.append(what)
        start(progress, what, total)

    def advancing(progress: Progress) -> None:
        if len(epochs) == 2:
            raise KeyboardInterrupt
        advance(progress)

    patch.setattr(Progress, "start", starting)
    patch.setattr(Progress, "advance", advancing)
