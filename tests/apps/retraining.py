"""Training anew without training: what comes after it, the gate above all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import pytest

from common.bundle import artefact_path, open_bundle
from common.generation import export, fitting
from common.generation.application import GeneratorApplication
from common.training import History


def take_network_and_files_of(
    application: GeneratorApplication, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Has `train` take the network of a bundle, and copy its files instead of exporting."""
    application.import_layers()
    model = keras.saving.load_model(bundle / "model.keras", compile=False)
    training = json.loads((bundle / "metrics.json").read_text())["training"]
    history = History(training["epochs"], training["best_epoch"])

    def copy(*arguments: Any) -> None:
        (folder,) = (a for a in arguments if isinstance(a, Path))
        for artefact in open_bundle(bundle, application.name).artefacts():
            source, target = (artefact_path(f, artefact) for f in (bundle, folder))
            target.parent.mkdir(exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, target)

    monkeypatch.setattr(fitting, "fit", lambda *_: (model, history))
    monkeypatch.setattr(export, "export_all", copy)
    monkeypatch.setattr("common.latency._SECONDS", 0.01)


def and_then(change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Has something done to the folder of the new bundle after the export."""
    copy = export.export_all

    def both(*arguments: Any) -> None:
        copy(*arguments)
        (folder,) = (a for a in arguments if isinstance(a, Path))
        change(folder)

    monkeypatch.setattr(export, "export_all", both)


def network() -> Any:
    """Returns the network that `train` takes."""
    return fitting.fit(*[None] * 8)[0]  # type: ignore[arg-type]
