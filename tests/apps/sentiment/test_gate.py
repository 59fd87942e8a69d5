"""The gate: files that do not answer as the network was evaluated are never put in place."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from apps.sentiment.application import APPLICATION
from common.bundle import ARTEFACTS, artefact_path
from tests.apps.sentiment.artefacts import EXACT
from tests.apps.sentiment.command import content, run
from tests.apps.sentiment.conftest import SETTINGS, Trained


@pytest.fixture
def retrained(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, tuple[object, ...]]:
    """A copy of the bundle, and the command to train it anew, which takes the network as it is.

    Files are copied instead of exported; tests put a wrong one among them.
    """
    import keras

    from common.classification import export, fitting
    from common.training import History

    APPLICATION.import_layers()
    model = keras.saving.load_model(trained.bundle / "model.keras", compile=False)
    figures = {"loss": 0.1, "accuracy": 1.0, "dev_loss": 0.1, "dev_accuracy": 1.0, "seconds": 1.0}
    history = History([figures], 1)

    def copy(*arguments: Any) -> None:
        folder = arguments[5]
        for artefact in ARTEFACTS:
            source, target = (artefact_path(f, artefact) for f in (trained.bundle, folder))
            target.parent.mkdir(exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)

    monkeypatch.setattr(fitting, "fit", lambda *_: (model, history))
    monkeypatch.setattr(export, "export_all", copy)
    monkeypatch.setattr("common.latency._SECONDS", 0.01)
    output = tmp_path / "exported" / "mine"
    shutil.copytree(trained.bundle, output)
    return output, ("train", "--data", trained.data, "--output", output, *SETTINGS)


def test_the_gate_lets_equal_artefacts_through(retrained: tuple[Path, tuple[object, ...]]) -> None:
    output, command = retrained
    (output / "notes of mine.txt").write_text("keep")
    result = run(*command)
    assert result.exit_code == 0, result.output
    assert (output / "notes of mine.txt").read_text() == "keep"
    assert list(output.parent.iterdir()) == [output]


def test_the_gate_stops_a_network_other_than_the_one_evaluated(
    retrained: tuple[Path, tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from common.classification import export, fitting

    output, command = retrained
    model, _ = fitting.fit(*[None] * 8)  # type: ignore[arg-type]
    copy = export.export_all

    def and_then_change_a_weight(*arguments: Any) -> None:
        copy(*arguments)
        bias = model.get_layer("classifier").scores.bias
        bias.assign_add([0.01, 0.0])

    monkeypatch.setattr(export, "export_all", and_then_change_a_weight)
    before = content(output)
    result = run(*command)
    assert result.exit_code == 1
    (error,) = (line for line in result.stderr.splitlines() if line.startswith("error: "))
    for artefact in EXACT:
        assert f"{artefact}: a score differs by" in error
    assert result.stdout == ""
    assert content(output) == before
    assert list(output.parent.iterdir()) == [output]


@pytest.mark.parametrize("wrong", ["float32", "step"])
def test_the_gate_names_the_one_artefact_that_is_wrong(
    retrained: tuple[Path, tuple[object, ...]], monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    from common.classification import export

    output, command = retrained
    other = {"float32": "int8", "step": "step_int8"}[wrong]
    copy = export.export_all

    def and_then_swap(*arguments: Any) -> None:
        copy(*arguments)
        source, target = (artefact_path(arguments[5], a) for a in (other, wrong))
        shutil.copy(source, target)

    monkeypatch.setattr(export, "export_all", and_then_swap)
    before = content(output)
    result = run(*command)
    assert result.exit_code == 1
    (error,) = (line for line in result.stderr.splitlines() if line.startswith("error: "))
    assert [a for a in ARTEFACTS if f" {a}: " in error] == [wrong]
    assert content(output) == before
