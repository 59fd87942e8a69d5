"""The files for phones in MediaPipe Tasks, from Python, as they are."""

from __future__ import annotations

import importlib.metadata
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.clients.agreement import Agreement
from tests.clients.answers import Answer, difference, expected
from tests.clients.conftest import Bundles
from tests.clients.mediapipe_files import ONE_CALL, REFUSED, agree, answer
from tests.clients.spoiling import without_weights

tasks = pytest.importorskip(
    "mediapipe.tasks.python", reason="no mediapipe: pip install -r requirements-clients.txt"
)


def task(app: str) -> Any:
    """Returns the task that opens the files of an application."""
    from mediapipe.tasks.python import audio, text, vision

    return {
        "sentiment": text.TextClassifier,
        "translation": text.TextClassifier,
        "voice": audio.AudioClassifier,
        "captioning": vision.ImageClassifier,
    }[app]


def client(app: str) -> str:
    """Returns the name of the client in the table."""
    return f"MediaPipe {importlib.metadata.version('mediapipe')} {task(app).__name__}, Python"


def read(app: str, raw: str) -> Any:
    """Returns a text as it is, and of the path of a sound file its samples."""
    if app == "sentiment":
        return raw
    from mediapipe.tasks.python.components.containers import AudioData

    with wave.open(raw) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return AudioData.create_from_array(samples / np.float32(32768), file.getframerate())


def classified(trained: Bundles, app: str, path: Path) -> list[Answer]:
    """Returns the answers to all inputs."""
    found = []
    with task(app).create_from_model_path(str(path)) as classifier:
        for raw in trained.asked(app).raw:
            result = classifier.classify(read(app, raw))
            # A sound has a result for each window; these last no longer than one.
            (only,) = result if isinstance(result, list) else [result]
            categories = only.classifications[0].categories
            found.append(answer({one.category_name: one.score for one in categories}))
    return found


@pytest.mark.parametrize(("app", "artefact"), ONE_CALL)
def test_file(trained: Bundles, agreement: Agreement, app: str, artefact: str) -> None:
    found = classified(trained, app, trained.path(app) / "tflite" / f"{artefact}.tflite")
    agreement.agrees(app, artefact, client(app), agree(trained, app, artefact, found))


@pytest.mark.parametrize(
    ("app", "artefact", "reason"), [*REFUSED, ("captioning", "float32", "Expected ImageProperties")]
)
def test_other_files_are_refused(
    trained: Bundles, agreement: Agreement, app: str, artefact: str, reason: str
) -> None:
    path = trained.path(app) / "tflite" / f"{artefact}.tflite"
    with pytest.raises((ValueError, RuntimeError), match=reason):
        task(app).create_from_model_path(str(path))
    agreement.cannot(app, artefact, client(app), f"'{reason}'")


@pytest.mark.parametrize("app", ["sentiment", "voice"])
def test_a_file_without_weights_is_found_out(trained: Bundles, tmp_path: Path, app: str) -> None:
    whole = trained.path(app) / "tflite" / "float32.tflite"
    path = tmp_path / "spoiled.tflite"
    path.write_bytes(without_weights(whole.read_bytes()))
    found = classified(trained, app, path)
    assert difference(found, expected(trained, app, "float32", "classify")) > 0.1
