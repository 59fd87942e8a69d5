"""Every artefact answers as the network does, through its own runtime."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from common.bundle import Bundle
from common.errors import UserError
from common.generation.application import Answer, Array
from common.generation.artefacts import ModelScorer, Part, artefacts, open_artefact
from common.generation.evaluation import BEAM, GREEDY, Search
from common.generation.export import PRECISIONS
from common.generation.signatures import TENSORS, GeneratorFunctions
from tests.common.generation.conftest import Exported
from tests.common.generation.tiny_application import TinyFrontEnd

SAME = [
    ("keras", GREEDY),
    ("saved_model", GREEDY),
    ("float32", GREEDY),
    ("step", GREEDY),
    ("keras", BEAM),
    ("saved_model", BEAM),
    ("float32", BEAM),
]
LONG = "el gato duerme en la casa. mi perro no come manzanas. ella canta."


def answers(
    exported: Exported,
    artefact: str,
    search: Search,
    raw: Sequence[str],
    bundle: Bundle | None = None,
) -> list[Answer]:
    scorer = open_artefact(exported.application, bundle or exported.bundle, artefact, search)
    return scorer.answer_all(raw)


def check_equal(found: Sequence[Answer], expected: Sequence[Answer]) -> None:
    assert [(a.ids, a.text) for a in found] == [(a.ids, a.text) for a in expected]
    np.testing.assert_allclose([a.score for a in found], [a.score for a in expected], rtol=1e-4)


@pytest.mark.parametrize("artefact, search", SAME)
def test_an_artefact_answers_as_the_network(
    exported: Exported, artefact: str, search: Search
) -> None:
    found = answers(exported, artefact, search, exported.sentences)
    check_equal(found, exported.answers[search])


def test_the_answers_tell_networks_apart(exported: Exported) -> None:
    """Else the tests above would prove nothing."""
    greedy, beam = exported.answers[GREEDY], exported.answers[BEAM]
    assert len({a.ids for a in greedy}) > 40
    assert np.mean([a.ids != b.ids for a, b in zip(greedy, beam, strict=True)]) > 0.2
    limits = [exported.front_end.limit(exported.front_end.encode(s)) for s in exported.sentences]
    ended = [len(a.ids) < limit for a, limit in zip(greedy, limits, strict=True)]
    assert 0.1 < np.mean(ended) < 0.9


@pytest.mark.parametrize("name", ["embeddings", "forwards_1", "decoder_1", "key", "bias"])
def test_a_changed_weight_is_noticed(exported: Exported, name: str) -> None:
    other = keras.models.clone_model(exported.model)
    other((np.ones((1, 3), np.int32), np.ones((1, 2), np.int32)))
    other.set_weights(exported.model.get_weights())
    changed = next(w for w in other.weights if f"/{name}" in w.path)
    changed.assign(changed * 1.1 + 0.05)
    found = ModelScorer(other, exported.front_end).answer_all(exported.sentences)
    with pytest.raises(AssertionError):
        check_equal(found, exported.answers[GREEDY])


@pytest.mark.parametrize("precision, share", [("float16", 0.9), ("dynamic", 0.5)])
def test_smaller_files_answer_almost_as_the_network(
    exported: Exported, precision: str, share: float
) -> None:
    for search in (GREEDY, BEAM):
        found = answers(exported, precision, search, exported.sentences)
        pairs = list(zip(found, exported.answers[search], strict=True))
        equal = [one for one in pairs if one[0].ids == one[1].ids]
        assert len(equal) / len(pairs) >= share
        assert np.mean([abs(one.score - other.score) for one, other in equal]) < 0.02


@pytest.mark.parametrize("artefact, search", [s for s in SAME if s[0] in ("keras", "saved_model")])
def test_a_batch_is_its_rows(exported: Exported, artefact: str, search: Search) -> None:
    scorer = open_artefact(exported.application, exported.bundle, artefact, search)
    some = exported.sentences[:12]
    check_equal(scorer.answer_all(some), [scorer.answer_all([one])[0] for one in some])


def test_an_empty_input_has_an_empty_answer(exported: Exported) -> None:
    some = ["", *exported.sentences[:2], " \t"]
    nothing = Answer("", 1.0)
    for artefact, search in SAME:
        found = answers(exported, artefact, search, some)
        assert (found[0], found[3]) == (nothing, nothing)
        check_equal(found[1:3], exported.answers[search][:2])
        assert answers(exported, artefact, search, []) == []


@pytest.mark.parametrize("artefact, search", SAME)
def test_a_long_input_is_answered_in_parts(
    exported: Exported, artefact: str, search: Search
) -> None:
    scorer = open_artefact(exported.application, exported.bundle, artefact, search)
    parts = exported.front_end.parts(LONG)
    assert len(parts) == 3
    alone = scorer.answer_all(parts)
    together = scorer.answer_all([exported.sentences[0], LONG])[1]
    assert together.text == " ".join(a.text for a in alone)
    assert together.ids == tuple(i for a in alone for i in a.ids)
    # As many tokens as there are, and END where the limit did not come first.
    counts = []
    for part, answer in zip(parts, alone, strict=True):
        ended = len(answer.ids) < exported.front_end.limit(exported.front_end.encode(part))
        counts.append(len(answer.ids) + ended)
    logs = [n * math.log(a.score) for n, a in zip(counts, alone, strict=True)]
    assert together.score == pytest.approx(math.exp(sum(logs) / sum(counts)), rel=1e-5)


def test_a_sentence_too_long_for_a_call_is_refused(exported: Exported) -> None:
    for artefact in ("keras", "saved_model", "float32"):
        with pytest.raises(UserError, match="14 at most"):
            answers(exported, artefact, GREEDY, ["el gato duerme en la casa " * 3])


def test_a_moved_bundle_still_works(exported: Exported, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(exported.bundle.path, tmp_path / "first")
    (tmp_path / "first").rename(moved)
    bundle = Bundle(moved, exported.bundle.config)
    some = exported.sentences[:5]
    for artefact, search in SAME:
        found = answers(exported, artefact, search, some, bundle)
        check_equal(found, exported.answers[search][:5])


def in_a_fresh_process(exported: Exported, artefact: str, after: str) -> list[tuple[str, float]]:
    """Answers in a process that has imported nothing; `after` runs at its end."""
    code = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from common.bundle import Bundle\n"
        "from common.generation.artefacts import open_artefact\n"
        "from tests.common.generation.tiny_application import TinyApplication\n"
        "folder, config, artefact, raw = json.loads(sys.argv[1])\n"
        "bundle = Bundle(Path(folder), config)\n"
        "scorer = open_artefact(TinyApplication(), bundle, artefact)\n"
        "print(json.dumps([(a.text, a.score) for a in scorer.answer_all(raw)]))\n"
    )
    bundle = exported.bundle
    given = json.dumps([str(bundle.path), bundle.config, artefact, exported.sentences[:5]])
    command = [sys.executable, "-c", code + after, given]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [(text, score) for text, score in json.loads(done.stdout)]


@pytest.mark.parametrize("artefact", ["float32", "step"])
def test_litert_needs_no_tensorflow(exported: Exported, artefact: str) -> None:
    # The file alone: nothing else of the bundle is there.
    found = in_a_fresh_process(
        exported, artefact, "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
    )
    expected = exported.answers[GREEDY][:5]
    assert [text for text, _ in found] == [a.text for a in expected]


def test_keras_loads_in_a_fresh_process(exported: Exported) -> None:
    found = in_a_fresh_process(exported, "keras", "assert 'tensorflow' in sys.modules\n")
    expected = exported.answers[GREEDY][:5]
    assert [text for text, _ in found] == [a.text for a in expected]


def test_keras_loads_without_a_warning(exported: Exported) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = keras.saving.load_model(exported.bundle.path / "model.keras")
    for found, expected in zip(model.weights, exported.model.weights, strict=True):
        np.testing.assert_array_equal(found, expected)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(model))
    assert len(again.weights) == len(model.weights)  # it can be saved once more


def test_a_tflite_file_needs_no_other_file(exported: Exported, tmp_path: Path) -> None:
    (tmp_path / "tflite").mkdir()
    for precision in PRECISIONS:
        name = f"tflite/{precision}.tflite"
        shutil.copy(exported.bundle.path / name, tmp_path / name)
    bundle = Bundle(tmp_path, {})
    assert artefacts(bundle) == [*PRECISIONS, "step"]
    for artefact in ("float32", "step"):
        found = answers(exported, artefact, GREEDY, exported.sentences[:5], bundle)
        check_equal(found, exported.answers[GREEDY][:5])


def test_what_cannot_be_opened(exported: Exported, tmp_path: Path) -> None:
    assert artefacts(exported.bundle) == ["keras", "saved_model", *PRECISIONS, "step"]
    with pytest.raises(UserError, match="step searches greedily"):
        open_artefact(exported.application, exported.bundle, "step", BEAM)
    with pytest.raises(UserError, match="no artefact int8"):
        open_artefact(exported.application, exported.bundle, "int8")
    with pytest.raises(UserError, match="no artefact float32"):
        open_artefact(exported.application, Bundle(tmp_path, {}), "step")


def test_time_is_measured(exported: Exported, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.latency._SECONDS", 0.05)
    scorer = open_artefact(exported.application, exported.bundle, "float32")
    assert 0 < scorer.latency_ms(exported.sentences[:4]) < 1000


def test_inputs_that_fill_the_memory_are_answered_in_pools(
    exported: Exported, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.generation.artefacts._POOL_BYTES", 100)
    scorer = open_artefact(exported.application, exported.bundle, "float32")
    answer, sizes = scorer.answer_parts, list[int]()

    def counting(parts: Sequence[Part]) -> Iterator[tuple[int, Answer]]:
        sizes.append(len(parts))
        return answer(parts)

    monkeypatch.setattr(scorer, "answer_parts", counting)
    check_equal(scorer.answer_all(exported.sentences), exported.answers[GREEDY])
    assert sum(sizes) == len(exported.sentences)
    assert len(sizes) > 5


class FixedFrontEnd(TinyFrontEnd):
    """Inputs that all have one shape, as photographs do."""

    @property
    def max_timesteps(self) -> int:
        return 0

    def encode(self, raw: Any) -> Array:
        return super().pad([super().encode(raw)], 14)[0]

    def pad(self, encoded: Sequence[Array], timesteps: int) -> Array:
        assert timesteps == 0
        return np.stack(encoded)

    def limit(self, encoded: Array) -> int:
        return super().limit(encoded[encoded > 0])


def test_inputs_of_one_shape_are_never_empty_or_too_long(exported: Exported) -> None:
    tiny = exported.front_end
    fixed = FixedFrontEnd(tiny.source, tiny.vocabulary, 14)
    found = ModelScorer(exported.model, fixed).answer_all(["", *exported.sentences[:3]])
    assert len(found[0].ids) > 0
    check_equal(found[1:], ModelScorer(exported.model, tiny).answer_all(exported.sentences[:3]))
    functions = GeneratorFunctions(exported.application, exported.model, fixed, exported.settings)
    run, _ = functions.for_server()[0][TENSORS]
    for given in (tf.zeros([1, 14], tf.int32), tf.ones([1, 40], tf.int32)):
        assert run(given)["ids"].numpy().any()
