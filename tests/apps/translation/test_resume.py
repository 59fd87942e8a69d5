"""Runs that do not come to their end: what they leave, and how they go on."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from apps.translation.application import APPLICATION
from tests.apps.interruption import interrupt_in_the_second_epoch
from tests.apps.translation.command import content, error_of, rows, run
from tests.apps.translation.conftest import SETTINGS
from tests.apps.translation.sentences import pairs, table

# Keras's layers are not exported, which is what takes most of the time.
SHORT = (*SETTINGS, "--layer", "gru", "--epochs", 2, "--beam", 1, "--json")


@pytest.mark.slow
def test_an_interrupted_run_goes_on_as_if_nothing_had_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "all.tsv"
    # Of one length, so that little is compiled.
    some = [pair for pair in pairs({"all": 200})["all"] if pair[0].startswith(("Ana", "Tom"))]
    data.write_text(table([pair for pair in some if " no " not in pair[0]]), encoding="utf-8")
    monkeypatch.setattr("common.latency._SECONDS", 0.01)
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
    for weight, again in zip(one.get_weights(), same.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, again)
    assert (parts / "mine.txt").read_text() == "keep"
    assert [path.name for path in parts.parent.iterdir()] == ["parts"]
