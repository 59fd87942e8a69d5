"""What is in the exported files: signatures, weights stored once, vocabularies, limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from common.bundle import artefact_path
from common.export.errors import ExportError
from common.export.metadata import read_associated_files
from common.export.operators import check_operators
from common.export.saved_model import read_warmup, run_in_session
from common.export.tflite import convert_many
from common.generation.export import PRECISIONS, _check_agreement, export_all
from common.generation.metadata import pack
from common.progress import Progress
from common.text.pieces import START_ID
from tests.common.export.tiny_models import echo_classifier
from tests.common.generation.conftest import Exported

TOO_LONG = "el gato duerme en la casa " * 3


def content(exported: Exported, precision: str = "float32") -> bytes:
    return artefact_path(exported.bundle.path, precision).read_bytes()


def served(exported: Exported) -> Any:
    return tf.saved_model.load(str(artefact_path(exported.bundle.path, "saved_model")))


def as_bytes(texts: list[str]) -> Any:
    return np.array([text.encode() for text in texts], object)


@pytest.mark.parametrize("signature, search", [("serving_default", "beam"), ("greedy", "greedy")])
def test_the_cpp_loader_gives_the_same_strings(
    exported: Exported, signature: str, search: str
) -> None:
    path = artefact_path(exported.bundle.path, "saved_model")
    texts = ["", *exported.sentences]
    (outputs,) = run_in_session(path, [(signature, {"text": as_bytes(texts)})])
    expected = ["", *(a.text for a in exported.answers[search])]
    assert [text.decode() for text in outputs["text"]] == expected
    scores = [1.0, *(a.score for a in exported.answers[search])]
    np.testing.assert_allclose(outputs["score"], scores, rtol=1e-4)


def test_warmup_requests_are_there_for_every_signature(exported: Exported) -> None:
    requests = read_warmup(artefact_path(exported.bundle.path, "saved_model"))
    assert {name for name, _ in requests} == set(served(exported).signatures)
    for name, given in requests:
        assert list(given) == ["ids" if name == "tensors" else "text"]
    assert sorted({len(value) for _, given in requests for value in given.values()}) == [1, 6]


def test_padding_and_company_change_no_answer(exported: Exported) -> None:
    loaded = served(exported)
    encoded = [exported.front_end.encode(text) for text in exported.sentences[:8]]
    wide = exported.front_end.pad(encoded, 30)
    found = loaded.signatures["tensors"](ids=tf.constant(wide))
    for row, answer in zip(found["ids"].numpy(), exported.answers["greedy"], strict=False):
        assert tuple(row[row > 0]) == answer.ids


def test_attention_is_that_of_the_steps(exported: Exported) -> None:
    texts = [exported.sentences[0], "", *exported.sentences[1:4]]
    found = served(exported).signatures["attention"](text=tf.constant(texts))
    beam = [exported.answers["beam"][0], None, *exported.answers["beam"][1:4]]
    for text, answer, attention in zip(texts, beam, found["attention"].numpy(), strict=True):
        count = len(answer.ids) if answer else 0
        np.testing.assert_allclose(attention[:count].sum(-1), 1, rtol=1e-5)
        assert not attention[count:].any()
        if answer is None:
            continue
        given = exported.front_end.encode(text)[None]
        states, remembered = exported.model.start(given)
        for t, token in enumerate([START_ID, *answer.ids[:-1]]):
            _, states, weights = exported.model.step(tf.constant([token]), states, remembered)
            np.testing.assert_allclose(attention[t, : given.shape[1]], weights[0], atol=1e-5)


@pytest.mark.parametrize("signature", ["serving_default", "greedy", "attention", "tensors"])
def test_an_input_too_long_is_refused_with_its_numbers(exported: Exported, signature: str) -> None:
    ids = exported.front_end.source.encode(TOO_LONG)
    message = f"row 1 has {len(ids)} ids, one call takes 14 at most"
    texts = [exported.sentences[0], TOO_LONG]
    given = {"text": as_bytes(texts)}
    if signature == "tensors":
        rows = [exported.front_end.source.encode(text) for text in texts]
        given = {"ids": exported.front_end.pad([np.array(row) for row in rows], len(ids))}
    run = served(exported).signatures[signature]
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        run(**{name: tf.constant(value) for name, value in given.items()})
    with pytest.raises(ExportError, match=message):
        run_in_session(artefact_path(exported.bundle.path, "saved_model"), [(signature, given)])


@pytest.mark.parametrize("precision", PRECISIONS)
def test_signatures_of_a_file(exported: Exported, precision: str) -> None:
    check_operators(content(exported, precision), precision, single_subgraph=False)
    found = Interpreter(model_content=content(exported, precision)).get_signature_list()
    states, remembered = ["decoder_0", "decoder_1"], ["absent", "keys", "values"]
    search = {"inputs": ["ids"], "outputs": ["ids", "score"]}
    assert {name: {k: sorted(v) for k, v in ends.items()} for name, ends in found.items()} == {
        "translate": search,
        "translate_beam": search,
        "encode": {"inputs": ["ids"], "outputs": sorted(states + remembered)},
        "step": {
            "inputs": sorted(["token", *states, *remembered]),
            "outputs": sorted(["attention", "logits", *states]),
        },
    }


def test_an_empty_input_in_the_file_has_an_empty_answer(exported: Exported) -> None:
    interpreter = Interpreter(model_content=content(exported))
    for signature in ("translate", "translate_beam"):
        outputs = interpreter.get_signature_runner(signature)(ids=np.zeros((1, 14), np.int32))
        assert not outputs["ids"].any()
        assert outputs["score"] == [1.0]


def matrices(exported: Exported) -> list[Any]:
    """Returns the matrices of the network as they are in a file."""
    decoder = exported.model.decoder
    # The converter multiplies this one by the constant that the graph multiplies its product by.
    scales = {decoder.query.kernel.path: (decoder.units // decoder.heads) ** -0.5}
    weights = (w for w in exported.model.weights if len(w.shape) == 2)
    return [w.numpy() * np.float32(scales.get(w.path, 1)) for w in weights]


def copies(model: bytes, weight: Any) -> int:
    """How often a matrix stands in a file, as it is or the other way around."""
    forms = [np.asarray(form, weight.dtype).tobytes() for form in (weight, weight.T)]
    return sum(model.count(form) for form in forms)


def test_all_signatures_share_their_weights(exported: Exported) -> None:
    model = content(exported)
    assert {copies(model, weight) for weight in matrices(exported)} == {1}
    half = content(exported, "float16")
    assert {copies(half, weight.astype(np.float16)) for weight in matrices(exported)} == {1}


def test_files_of_the_front_end_are_in_the_file(exported: Exported) -> None:
    for precision in PRECISIONS:
        files = read_associated_files(artefact_path(exported.bundle.path, precision))
        assert files == exported.front_end.files()
        again = exported.application.load_front_end(files)
        assert again.vocabulary == exported.front_end.vocabulary


def test_a_file_without_a_signature_cannot_be_packed(exported: Exported) -> None:
    bare = echo_classifier(3, 4)
    with pytest.raises(ValueError, match="no signature"):
        pack(bare, exported.application, exported.front_end, "7")


@pytest.mark.slow
def test_artefacts_can_be_left_out(exported: Exported, tmp_path: Path) -> None:
    said: list[str] = []

    class Listening(Progress):
        def say(self, line: str) -> None:
            said.append(line)

    export_all(
        exported.application,
        exported.model,
        exported.front_end,
        exported.settings,
        exported.sentences[:1],
        tmp_path,
        "7",
        Listening(),
        PRECISIONS,
    )
    assert (tmp_path / "model.keras").exists()
    assert not (tmp_path / "tflite").exists()
    assert said == ["exporting: keras", "exporting: saved_model"]


def test_another_answer_of_the_cpp_loader_is_noticed() -> None:
    expected = {"text": as_bytes(["a", "b", "c"]), "score": np.array([0.1, 0.2, 0.3])}
    _check_agreement("greedy", expected, expected)
    tie = {**expected, "text": as_bytes(["a", "b", "x"])}
    _check_agreement("greedy", tie, expected)
    for key, wrong in (("text", as_bytes(["x", "y", "c"])), ("score", expected["score"] + 0.01)):
        with pytest.raises(ExportError, match=f"another {key}"):
            _check_agreement("greedy", {**expected, key: wrong}, expected)


def test_a_free_axis_is_refused() -> None:
    spec = tf.TensorSpec([1, None], tf.int32, "ids")
    with pytest.raises(ExportError, match="fixed number of time steps"):
        convert_many({"run": (lambda ids: {"ids": ids}, [spec])}, [], {"float32": "float32"})


def test_precisions_that_need_calibration_are_refused() -> None:
    spec = tf.TensorSpec([1, 4], tf.float32, "x")
    with pytest.raises(ExportError, match="calibrate"):
        convert_many({"run": (lambda x: {"y": x + 1}, [spec])}, [], {"int8": "int8"})
