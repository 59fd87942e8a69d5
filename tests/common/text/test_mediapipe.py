"""MediaPipe's own TextClassifier gives a model the ids that Python gives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from common.export.metadata import text_classifier_metadata
from common.export.metadata_schema import About
from common.text.tokenizer import DELIMITERS
from common.text.vocabulary import Vocabulary
from tests.common.export.tiny_models import echo_classifier
from tests.common.text.awkward import TEXTS, VOCABULARY, random_texts

text_tasks = pytest.importorskip(
    "mediapipe.tasks.python.text", reason="compares with MediaPipe's tokenizer, a phone's"
)

_LENGTH = 16


def _model(vocabulary: Vocabulary, delimiters: str = DELIMITERS) -> bytes:
    return text_classifier_metadata(
        echo_classifier(_LENGTH, len(VOCABULARY)),
        About("echo", "Its scores are its ids.", "1"),
        vocabulary=vocabulary,
        labels=[f"position {i}" for i in range(_LENGTH)],
        delimiters=delimiters,
    )


def _mediapipe_scores(model: bytes, texts: Sequence[str], folder: Path) -> NDArray[np.float32]:
    path = folder / "model.tflite"
    path.write_bytes(model)
    scores = np.full((len(texts), _LENGTH), np.nan, np.float32)
    with text_tasks.TextClassifier.create_from_model_path(str(path)) as classifier:
        for row, text in zip(scores, texts, strict=True):
            for category in classifier.classify(text).classifications[0].categories:
                assert category.category_name == f"position {category.index}"
                row[category.index] = category.score
    return scores


def _interpreter_scores(model: bytes, texts: Sequence[str]) -> NDArray[np.float32]:
    interpreter = Interpreter(model_content=model)
    interpreter.allocate_tensors()
    ids, scores = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    rows = []
    for row in VOCABULARY.encode_batch(texts, _LENGTH):
        interpreter.set_tensor(ids["index"], row[np.newaxis])
        interpreter.invoke()
        rows.append(interpreter.get_tensor(scores["index"])[0])
    return np.array(rows)


def _differences(
    model: bytes, texts: Sequence[str], folder: Path
) -> list[tuple[str, list[float], list[float]]]:
    theirs, ours = _mediapipe_scores(model, texts, folder), _interpreter_scores(model, texts)
    return [
        (text, a.tolist(), b.tolist())
        for text, a, b in zip(texts, theirs, ours, strict=True)
        if not np.array_equal(a, b)
    ]


def test_the_interpreter_echoes_ids() -> None:
    scores = _interpreter_scores(_model(VOCABULARY), TEXTS)
    np.testing.assert_array_equal(scores, VOCABULARY.encode_batch(TEXTS, _LENGTH))
    assert len(np.unique(scores)) > 40


def test_awkward_texts(tmp_path: Path) -> None:
    assert _differences(_model(VOCABULARY), TEXTS, tmp_path) == []


def test_random_texts(tmp_path: Path) -> None:
    assert _differences(_model(VOCABULARY), random_texts(3000, seed=4), tmp_path) == []


def test_a_wrong_vocabulary_is_noticed(tmp_path: Path) -> None:
    # Two words changed places; and a word without its capitalised form.
    words = list(VOCABULARY.words)
    first, second = words.index("great"), words.index("film")
    swapped = {first: second, second: first}
    wrong = Vocabulary(
        tuple(words[swapped.get(i, i)] for i in range(len(words))),
        {form: swapped.get(i, i) for form, i in VOCABULARY.forms.items()},
    )
    texts = ["great film", "a 😀"]
    assert [text for text, *_ in _differences(_model(wrong), texts, tmp_path)] == ["great film"]

    poorer = Vocabulary(
        VOCABULARY.words, {form: i for form, i in VOCABULARY.forms.items() if form != "Great"}
    )
    texts = ["great film", "Great film"]
    assert [text for text, *_ in _differences(_model(poorer), texts, tmp_path)] == ["Great film"]


def test_wrong_delimiters_are_noticed(tmp_path: Path) -> None:
    texts = ["great film", "great, film", "'great'"]
    found = _differences(_model(VOCABULARY, delimiters="[ ,]"), texts, tmp_path)
    assert [text for text, *_ in found] == ["'great'"]
