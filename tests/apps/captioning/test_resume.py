"""Runs that do not come to their end: what they leave, and how they go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from apps.captioning.application import APPLICATION
from common.bundle import artefact_path
from common.generation import export
from tests.apps.captioning.command import content, error_of, rows, run
from tests.apps.captioning.conftest import SETTINGS
from tests.apps.captioning.drawings import drawings, write
from tests.apps.interruption import interrupt_in_the_second_epoch

# With all that draws lots: pictures are changed, values dropped.
SHORT = (*SETTINGS, "--augment", "light", "--dropout", 0.2, "--epochs", 2, "--beam", 1, "--json")


def save_for_keras(_: Any, model: Any, *others: Any) -> None:
    """Exports the network for Keras alone: the other files take most of the time."""
    (folder,) = (one for one in others if isinstance(one, Path))
    model.save(artefact_path(folder, "keras"))


def test_an_interrupted_run_goes_on_as_if_nothing_had_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    write(data, drawings({"train": 64, "dev": 16}))
    monkeypatch.setattr("common.latency._SECONDS", 0.01)
    monkeypatch.setattr(export, "export_all", save_for_keras)
    whole, parts = tmp_path / "whole", tmp_path / "exported" / "parts"
    command = ("train", "--data", data, *SHORT, "--output")
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
    APPLICATION.import_layers()
    one, same = (keras.saving.load_model(path / "model.keras") for path in (whole, parts))
    for weight, again in zip(one.weights, same.weights, strict=True):
        np.testing.assert_array_equal(weight, again, err_msg=weight.path)
    # The statistics of the pictures among them, which no gradient moves.
    statistics = [w.numpy() for w in one.weights if w.name in ("moving_mean", "moving_variance")]
    assert len(statistics) == 12
    assert all(np.abs(value - value.flat[0]).max() > 0 for value in statistics)
    assert (parts / "mine.txt").read_text() == "keep"
    assert [path.name for path in parts.parent.iterdir()] == ["parts"]
