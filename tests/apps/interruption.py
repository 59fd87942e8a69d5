"""A user who stops training in the middle of it, and goes on later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from click.testing import Result

from common.progress import Progress
from tests.apps.command import content, error_of, rows


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


def resumed_as_if_uninterrupted(
    application: Any,
    run: Callable[..., Result],
    settings: tuple[object, ...],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> list[Any]:
    """Checks that a run that is interrupted and resumed ends as one that is not.

    Args:
        application: whose network is trained.
        run: its command line.
        settings: options of `train`: two epochs and more, a row of scores a line.
        folder: an empty one.
        monkeypatch: of the test.

    Returns:
        The weights of the network, which are those of both runs to the bit.
    """
    whole, parts = folder / "whole", folder / "exported" / "parts"
    command = ("train", *settings, "--output")
    finished = run(*command, whole)
    assert finished.exit_code == 0, finished.output

    parts.mkdir(parents=True)
    (parts / "mine.txt").write_text("keep")
    before = content(parts)
    with monkeypatch.context() as patch:
        interrupt_in_the_second_epoch(patch)
        stopped = run(*command, parts)
    assert (stopped.exit_code, stopped.stdout) == (130, "")
    assert error_of(stopped.stderr) == "error: interrupted"
    assert content(parts) == before

    other = run(*command, parts, "--resume", "--seed", 1)
    assert other.exit_code == 2
    assert "other settings or data" in error_of(other.stderr)
    assert content(parts) == before

    resumed = run(*command, parts, "--resume")
    assert resumed.exit_code == 0, resumed.output
    assert "going on after epoch 1" in resumed.stderr
    assert [row["metrics"] for row in rows(resumed.stdout)] == [
        row["metrics"] for row in rows(finished.stdout)
    ]
    assert (parts / "mine.txt").read_text() == "keep"
    assert [path.name for path in parts.parent.iterdir()] == ["parts"]
    application.import_layers()
    one, same = (keras.saving.load_model(path / "model.keras") for path in (whole, parts))
    for weight, again in zip(one.weights, same.weights, strict=True):
        np.testing.assert_array_equal(weight, again, err_msg=weight.path)
    return list(one.weights)
