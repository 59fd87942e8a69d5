"""Runs that do not come to their end: what they leave, and how they go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apps.captioning.application import APPLICATION
from common.bundle import artefact_path
from common.generation import export
from tests.apps.captioning.command import run
from tests.apps.captioning.conftest import SETTINGS
from tests.apps.captioning.drawings import drawings, write
from tests.apps.interruption import resumed_as_if_uninterrupted

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
    weights = resumed_as_if_uninterrupted(
        APPLICATION, run, ("--data", data, *SHORT), tmp_path, monkeypatch
    )
    # The statistics of the pictures among them, which no gradient moves.
    statistics = [w.numpy() for w in weights if w.name in ("moving_mean", "moving_variance")]
    assert len(statistics) == 18
    assert all(np.abs(value - value.flat[0]).max() > 0 for value in statistics)
