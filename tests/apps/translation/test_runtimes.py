"""The artefacts as their users run them, each through its own runtime."""

from __future__ import annotations

import random
import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from apps.translation.front_end import TextFrontEnd
from common.bundle import artefact_path
from common.generation.artefacts import Scorer
from common.generation.evaluation import BEAM, GREEDY, Search
from tests.apps.command import helps_without_frameworks
from tests.apps.device import END
from tests.apps.translation.artefacts import LEARNED, STRANGE, opened
from tests.apps.translation.command import run_code
from tests.apps.translation.conftest import MAX_PIECES, Trained
from tests.apps.translation.device import Translator

ASKED = (*LEARNED, *STRANGE)


def front_end(trained: Trained) -> TextFrontEnd:
    found = opened(trained.bundle, "float32", GREEDY).front_end
    assert isinstance(found, TextFrontEnd)
    return found


@pytest.fixture(scope="module")
def network(trained: Trained) -> dict[Search, Scorer]:
    return {search: opened(trained.bundle, "keras", search) for search in (GREEDY, BEAM)}


# ------------------------------------------------------------------------ server


def as_bytes(texts: tuple[str, ...]) -> NDArray[Any]:
    return np.array([text.encode() for text in texts], object)


def test_server_in_the_loader_of_tf_serving(
    trained: Trained, network: dict[Search, Scorer]
) -> None:
    from common.export.saved_model import run_in_session

    path = artefact_path(trained.bundle, "saved_model")
    texts = ("", *ASKED, "\u200b")
    signatures: list[tuple[str, Search]] = [
        ("serving_default", BEAM),
        ("greedy", GREEDY),
        ("attention", BEAM),
    ]
    requests = [(signature, {"text": as_bytes(texts)}) for signature, _ in signatures]
    answered = run_in_session(path, [*requests, ("greedy", {"text": as_bytes(texts[1:2])})])
    for (_, search), outputs in zip(signatures, answered, strict=False):
        expected = network[search].answer_all(texts)
        assert [text.decode() for text in outputs["text"]] == [a.text for a in expected]
        np.testing.assert_allclose(outputs["score"], [a.score for a in expected], rtol=1e-4)
    assert answered[3]["text"].tolist() == answered[1]["text"][1:2].tolist()
    attention = answered[2]["attention"]
    lengths = [len(front_end(trained).encode(text)) for text in texts]
    for row, ids, length in zip(attention, answered[2]["ids"], lengths, strict=True):
        count = int((ids > 0).sum())
        # All of what is looked at is there, and behind the end nothing is looked at.
        np.testing.assert_allclose(row[:count, :length].sum(-1), 1, rtol=1e-5)
        assert not row[count:].any()
        assert not row[:count, length:].any()
    assert {len(row) for row in attention} == {answered[2]["ids"].shape[1]}


def test_the_server_takes_ids_and_refuses_too_many(
    trained: Trained, network: dict[Search, Scorer]
) -> None:
    from common.export.errors import ExportError
    from common.export.saved_model import run_in_session

    path, reader = artefact_path(trained.bundle, "saved_model"), front_end(trained)
    ids = reader.pad([reader.encode(text) for text in ASKED], MAX_PIECES)
    (outputs,) = run_in_session(path, [("tensors", {"ids": ids})])
    expected = [answer.ids for answer in network[GREEDY].answer_all(ASKED)]
    assert [tuple(row[row > 0]) for row in outputs["ids"]] == expected
    long = as_bytes((ASKED[0], "casa " * (MAX_PIECES + 1)))
    with pytest.raises(ExportError, match="row 1 has 25 ids, one call takes 24 at most"):
        run_in_session(path, [("serving_default", {"text": long})])


def test_warm_up_requests_replay(trained: Trained) -> None:
    from common.export.saved_model import read_warmup, run_in_session

    path = artefact_path(trained.bundle, "saved_model")
    requests = read_warmup(path)
    assert {name for name, _ in requests} == {"serving_default", "greedy", "attention", "tensors"}
    for (_, inputs), outputs in zip(requests, run_in_session(path, requests), strict=True):
        (batch,) = {len(value) for value in inputs.values()}
        assert {len(value) for value in outputs.values()} == {batch}
        assert outputs["ids"].all(axis=0).any()  # none of the answers is empty


# ------------------------------------------------------------------------ device


@pytest.mark.parametrize("artefact", ["float32", "float16", "dynamic"])
def test_there_are_builtin_operators_alone(trained: Trained, artefact: str) -> None:
    from common.export.operators import check_operators, subgraph_operators

    model = artefact_path(trained.bundle, artefact).read_bytes()
    check_operators(model, artefact, single_subgraph=False)
    names = {name for operators in subgraph_operators(model) for name in operators}
    assert "WHILE" in names and "CUSTOM" not in names
    assert not [name for name in names if name.startswith("Flex")]


@pytest.mark.parametrize("artefact", ["float32", "float16", "dynamic"])
def test_a_client_that_read_the_card(trained: Trained, artefact: str) -> None:
    device = Translator(artefact_path(trained.bundle, artefact))
    scorers = {search: opened(trained.bundle, artefact, search) for search in (GREEDY, BEAM)}
    expected = {search: scorer.answer_all(ASKED) for search, scorer in scorers.items()}
    for i, text in enumerate(ASKED):
        ids = device.ids(text)
        given = device.padded(ids)
        for signature, search in (("translate", GREEDY), ("translate_beam", BEAM)):
            found, score = device.call(given, signature)
            assert tuple(found) == expected[search][i].ids
            assert score == pytest.approx(expected[search][i].score, rel=1e-5)
            assert device.text(found) == expected[search][i].text
        # A search of its own, token by token, finds what the file finds.
        most = len(ids) + len(ids) // 2 + 10
        tokens, looked = zip(*device.search(given, most), strict=True)
        assert tuple(token for token in tokens if token != END) == expected[GREEDY][i].ids
        for weights in looked:
            np.testing.assert_allclose(weights[: len(ids)].sum(), 1, rtol=1e-5)
            assert not weights[len(ids) :].any()


def test_the_card_says_how_to_make_ids(trained: Trained) -> None:
    device, reader = Translator(artefact_path(trained.bundle, "float32")), front_end(trained)
    # Anabel begins with a piece that may only be a whole word: Ana.
    words = "Anabel Tomasa Elvira McGregor IBM iPhone's d'Or "
    words += "'Ana O'Neil 10:30 a-b_c ¡¿?! 😀😀x e\u0301l La casa (Casa)."
    random.seed(0)
    texts = [*ASKED, *(" ".join(random.choices(words.split(), k=9)) for _ in range(200))]
    ids = [device.ids(text) for text in texts]
    assert ids == [reader.source.encode(text) for text in texts]


def test_litert_files_need_no_tensorflow(trained: Trained) -> None:
    code = """
import sys
from tests.apps.translation.command import run
for artefact in ("float32", "dynamic", "step"):
    command = ("predict", "--bundle", sys.argv[1], "--artefact", artefact, "--")
    result = run(*command, "Tom ve la casa verde.", "😀")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Tom sees the green house.\\t"), result.stdout
print(sorted({"tensorflow", "keras", "matplotlib", "sacrebleu"} & set(sys.modules)))
"""
    process = run_code(code, trained.bundle)
    assert process.stdout == "[]\n", process.stderr


def test_help_needs_no_framework() -> None:
    helps_without_frameworks("translation")


# ------------------------------------------------------------------------ Keras


def test_keras_file_after_importing_the_project(trained: Trained) -> None:
    code = """
import sys, warnings
import keras, numpy as np
import apps.translation.network
from apps.translation.front_end import TextFrontEnd
warnings.simplefilter("error")
model = keras.saving.load_model(sys.argv[1] + "/model.keras")
names = ("vocab_source.txt", "vocab_target.txt", "front_end.json")
front_end = TextFrontEnd.from_files({n: open(sys.argv[1] + "/" + n, "rb").read() for n in names})
golden = np.load(sys.argv[1] + "/golden/examples.npz")
encoded = [front_end.encode(text) for text in golden["raw"].tolist()]
limits = np.array([front_end.limit(one) for one in encoded], np.int32)
given = front_end.pad(encoded, max(map(len, encoded)))
ids, scores = model.generate(given, limits, limits.max())
texts = [front_end.vocabulary.decode(row[row > 0].tolist()) for row in ids.numpy()]
assert texts == golden["text"].tolist(), texts
np.testing.assert_allclose(scores, golden["scores"], atol=1e-5)
print("same")
"""
    process = run_code(code, trained.bundle)
    assert process.stdout == "same\n", process.stderr


def test_a_version_for_the_base_path_of_tf_serving(trained: Trained) -> None:
    versions = [path.name for path in (trained.bundle / "saved_model").iterdir()]
    assert versions == ["1"] and re.fullmatch(r"\d+", versions[0])
