"""Golden examples as raw inputs."""

from __future__ import annotations

import base64
import io
import json
import shutil
import wave
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from common.errors import UserError
from common.serving.golden import Golden, read_golden
from common.serving.models import find_models
from tests.common.serving import tiny


def golden(folder: Path, name: str) -> Golden:
    (model,) = (model for model in find_models(folder)[0] if model.name == name)
    return read_golden(model.bundle)


def test_texts_stay_texts(small: Path) -> None:
    found = golden(small, "texts")
    assert found.raw == tiny.TEXTS
    assert found.signature == "serving_default"
    assert found.text == ("odd", "even", "odd", "even")
    body = json.loads(found.body())
    assert body == {"signature_name": "serving_default", "instances": list(tiny.TEXTS)}


def test_sounds_become_wav_without_their_padding(small: Path) -> None:
    found = golden(small, "sounds")
    heard = []
    for content in found.raw:
        assert isinstance(content, bytes)
        with wave.open(io.BytesIO(content)) as file:
            assert (file.getframerate(), file.getnchannels()) == (tiny.RATE, 1)
            heard.append(np.frombuffer(file.readframes(100), "<i2").tolist())
    assert heard == [[16384] * 4, [-32768] * 3, [0] * 9 + [1]]


def test_pictures_become_png_of_the_same_pixels(small: Path) -> None:
    found = golden(small, "pictures")
    assert found.signature == "greedy"
    with np.load(small / "pictures" / "golden" / "examples.npz") as arrays:
        pixels = arrays["inputs"]
    (row,) = json.loads(found.body(1))["instances"]
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(row["b64"]))))
    np.testing.assert_array_equal(picture, pixels[0])


def test_differences_are_counted_by_answers_and_measured_by_scores() -> None:
    scores = np.array([0.5, 0.25], np.float32)
    found = Golden("greedy", ("x", "y"), ("a", "b"), scores, "text", "score")
    assert found.differences({"text": ["a", "b"], "score": [0.5, 0.25]}) == (0, 0.0)
    assert found.differences({"text": ["a", "c"], "score": [0.5, 0.75]}) == (1, 0.5)
    wrong = (2, float("inf"))
    for outputs in (
        {},
        {"text": ["a", "b"]},
        {"text": ["a"], "score": [0.5]},
        {"text": ["a", "b"], "score": [[0.5, 0.25]]},
        {"text": ["a", "b"], "score": ["?", None]},
        {"text": None, "score": [0.5, 0.25]},
    ):
        assert found.differences(outputs) == wrong, outputs
    assert found.differences({"text": ["a", "b"], "score": [0.5, float("nan")]})[1] == float("inf")


@pytest.mark.parametrize(
    ("name", "arrays", "message"),
    [
        ("texts", {"raw": np.array(["a"])}, "damaged"),
        ("texts", {"raw": np.array([], "U1"), "scores": np.zeros((0, 2))}, "holds no example"),
        ("sounds", {"inputs": np.full((1, 4), 0.1, np.float32), "scores": [[0, 1]]}, "16 bits"),
        ("texts", None, "no such file"),
    ],
)
def test_examples_that_cannot_be_asked_are_named(
    small: Path, tmp_path: Path, name: str, arrays: dict[str, object] | None, message: str
) -> None:
    shutil.copytree(small / name, tmp_path / name)
    path = tmp_path / name / "golden" / "examples.npz"
    path.unlink()
    if arrays is not None:
        np.savez(path, **arrays)  # type: ignore[arg-type]
    with pytest.raises(UserError, match=message) as raised:
        golden(tmp_path, name)
    assert str(path) in str(raised.value)
