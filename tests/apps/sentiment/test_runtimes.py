"""The artefacts as their users run them, each through its own runtime."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from apps.sentiment.application import APPLICATION
from common.bundle import artefact_path, open_bundle
from tests.apps.command import helps_without_frameworks
from tests.apps.sentiment.artefacts import ASKED, scores_of
from tests.apps.sentiment.command import run_code
from tests.apps.sentiment.conftest import Trained


def test_server_in_the_loader_of_tf_serving(trained: Trained) -> None:
    from common.export.saved_model import run_in_session

    path = artefact_path(trained.bundle, "saved_model")
    texts = [text for text in ASKED if len(text) < 1000]
    front_end = open_bundle(trained.bundle, "sentiment").front_end(APPLICATION)
    expected = scores_of(trained.bundle, "keras", texts)
    requests = [
        (signature, APPLICATION.server_request(signature, front_end, texts))
        for signature in ("serving_default", "ids")
    ]
    for outputs in run_in_session(path, requests):
        np.testing.assert_allclose(outputs["scores"], expected, atol=1e-4)
        np.testing.assert_allclose(outputs["score"], expected.max(1), atol=1e-4)
        labels = [(b"negative", b"positive")[i] for i in expected.argmax(1)]
        sure = expected.max(1) > 0.51
        assert np.array_equal(outputs["label"][sure], np.array(labels, object)[sure])


def test_warm_up_requests_replay(trained: Trained) -> None:
    from common.export.saved_model import read_warmup, run_in_session

    path = artefact_path(trained.bundle, "saved_model")
    requests = read_warmup(path)
    assert {name for name, _ in requests} == {"serving_default", "ids"}
    answers = run_in_session(path, requests)
    by_signature: dict[str, list[NDArray[Any]]] = {}
    for (name, inputs), outputs in zip(requests, answers, strict=True):
        (batch,) = {len(value) for value in inputs.values()}
        assert outputs["scores"].shape == (batch, 2)
        by_signature.setdefault(name, []).append(outputs["scores"])
    for texts, ids in zip(by_signature["serving_default"], by_signature["ids"], strict=True):
        np.testing.assert_allclose(texts, ids, atol=1e-5)


@pytest.mark.parametrize("artefact", ["float32", "float16", "dynamic", "int8"])
def test_mediapipe_answers_as_litert(trained: Trained, artefact: str) -> None:
    text_tasks = pytest.importorskip(
        "mediapipe.tasks.python.text", reason="runs the file as a phone does"
    )
    path = artefact_path(trained.bundle, artefact)
    expected = scores_of(trained.bundle, artefact, ASKED)
    found = np.full_like(expected, np.nan)
    with text_tasks.TextClassifier.create_from_model_path(str(path)) as classifier:
        for row, text in zip(found, ASKED, strict=True):
            for category in classifier.classify(text).classifications[0].categories:
                assert category.category_name == ("negative", "positive")[category.index]
                row[category.index] = category.score
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_litert_files_need_no_tensorflow(trained: Trained) -> None:
    code = """
import sys
from tests.apps.sentiment.command import run
for artefact in ("int8", "step", "loop"):
    result = run("predict", "--bundle", sys.argv[1], "--artefact", artefact, "Warmly recommended!")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("positive\\t"), result.stdout
print(sorted({"tensorflow", "keras", "matplotlib", "sklearn"} & set(sys.modules)))
"""
    process = run_code(code, trained.bundle)
    assert process.stdout == "[]\n", process.stderr


def test_help_needs_no_framework() -> None:
    helps_without_frameworks("sentiment")


def test_keras_file_after_importing_the_project(trained: Trained) -> None:
    code = """
import sys
import keras, numpy as np
import apps.sentiment.network
model = keras.saving.load_model(sys.argv[1] + "/model.keras")
golden = np.load(sys.argv[1] + "/golden/examples.npz")
np.testing.assert_allclose(model(golden["inputs"]), golden["scores"], atol=1e-5)
print("same")
"""
    process = run_code(code, trained.bundle)
    assert process.stdout == "same\n", process.stderr
