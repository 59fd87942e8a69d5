"""Accuracy of the smallest file against its bytes, through the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from apps.sentiment.application import APPLICATION
from tests.apps.command import error_of, rows
from tests.apps.sentiment.command import run
from tests.apps.sentiment.conftest import SETTINGS, Trained

OPTIONS = (*SETTINGS, "--epochs", 1)
WITHOUT_UNITS = tuple(
    value for i, value in enumerate(OPTIONS) if "--units" not in OPTIONS[max(0, i - 1) : i + 1]
)


def test_every_layer_and_what_was_done_stays_done(trained: Trained, tmp_path: Path) -> None:
    output = tmp_path / "curve"
    command = ("curve", "--data", trained.data, "--output", output, *WITHOUT_UNITS, "--units", 4)
    first = run(*command, "--json")
    assert first.exit_code == 0, first.output
    found = rows(first.stdout)
    assert [row["layer"] for row in found] == ["recur", "gru", "lstm"]
    for row in found:
        # A table of 4 numbers a word is most of it, in 8 bits.
        assert row["bytes"] > row["parameters"]
        assert row["bytes"] < 4 * row["parameters"] + 16384
        assert 0 <= row["accuracy"] <= 1
        assert row["equal_answers"] > 0.5
        assert row["settings"]["units"] == 4
    # A gate of a GRU and of an LSTM has matrices of its own.
    assert found[0]["parameters"] < found[1]["parameters"] < found[2]["parameters"]
    assert (output / "curve.png").is_file()
    assert "| ours | 4 |" in (output / "curve.md").read_text()

    stored = output / "curve.json"
    figures = json.loads(stored.read_text())
    figures["rows"][0]["accuracy"] = 0.125  # would be measured anew if it was not taken over
    del figures["rows"][2]
    stored.write_text(json.dumps(figures))
    again = run(*command, "--json")
    assert again.exit_code == 0, again.output
    assert rows(again.stdout)[0]["accuracy"] == 0.125
    assert rows(again.stdout)[1:] == found[1:]


def test_both_directions_have_no_one_step_form(trained: Trained, tmp_path: Path) -> None:
    command = ("curve", "--data", trained.data, "--output", tmp_path, *WITHOUT_UNITS)
    result = run(*command, "--direction", "both")
    assert result.exit_code == 2
    assert "give causal" in error_of(result.stderr)


def test_a_file_that_is_no_curve(trained: Trained, tmp_path: Path) -> None:
    (tmp_path / "curve.json").write_text("[]")
    result = run("curve", "--data", trained.data, "--output", tmp_path, *WITHOUT_UNITS)
    assert result.exit_code == 2
    assert "curve.json" in error_of(result.stderr)


def test_a_rate_that_is_given_is_used() -> None:
    settings = APPLICATION.settings()
    for layer in ("recur", "gru"):
        assert APPLICATION.sized(settings, layer, 16, 0).learning_rate == 0.01
        given = replace(settings, learning_rate=0.002)
        assert APPLICATION.sized(given, layer, 16, 0).learning_rate == 0.002
