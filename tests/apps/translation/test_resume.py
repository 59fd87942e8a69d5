"""Runs that do not come to their end: what they leave, and how they go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from apps.translation.application import APPLICATION
from tests.apps.interruption import resumed_as_if_uninterrupted
from tests.apps.translation.command import run
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
    resumed_as_if_uninterrupted(APPLICATION, run, ("--data", data, *SHORT), tmp_path, monkeypatch)
