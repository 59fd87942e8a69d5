"""The artefacts as their users run them, each through its own runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from common.bundle import artefact_path
from common.generation.artefacts import Scorer
from common.generation.evaluation import BEAM, GREEDY, Search
from common.image.picture import Picture
from tests.apps.captioning.artefacts import NEW, RIGHT, front_end, opened
from tests.apps.captioning.command import run_code
from tests.apps.captioning.conftest import MAX_TOKENS, SIZE, Trained
from tests.apps.captioning.drawings import KINDS, draw, saved
from tests.apps.command import helps_without_frameworks
from tests.apps.device import END, Device

LITERT = ("float32", "float16", "dynamic", "int8")


def on_nothing(image: Image.Image) -> Image.Image:
    """Returns a picture that is transparent where it was grey."""
    pixels = np.asarray(image.convert("RGBA")).copy()
    pixels[np.ptp(pixels[..., :3], axis=-1) == 0] = (0, 0, 0, 0)
    return Image.fromarray(pixels)


def of_every_kind() -> list[Picture]:
    """Returns pictures of all formats that a server reads, of different sizes."""
    drawn = [draw(*kind, seed=77) for kind in KINDS[::3]]
    grown = [image.resize((60 + 31 * n, 44 + 17 * n)) for n, image in enumerate(drawn)]
    contents = {
        "photograph.jpg": saved(grown[0], "JPEG"),
        "grey ground.png": saved(grown[1]),
        "no ground.png": saved(on_nothing(grown[2])),
        "palette.gif": saved(grown[3], "GIF"),
        "plain.bmp": saved(grown[4], "BMP"),
        "small.jpg": saved(drawn[5].resize((30, 21)), "JPEG"),
    }
    return [Picture(name, content) for name, content in contents.items()]


def as_bytes(pictures: list[Picture]) -> NDArray[Any]:
    return np.array([picture.read() for picture in pictures], object)


@pytest.fixture(scope="module")
def network(trained: Trained) -> dict[Search, Scorer]:
    return {search: opened(trained.bundle, "keras", search) for search in (GREEDY, BEAM)}


# ------------------------------------------------------------------------ server


def test_server_in_the_loader_of_tf_serving(
    trained: Trained, network: dict[Search, Scorer]
) -> None:
    from common.export.saved_model import run_in_session

    path, reader = artefact_path(trained.bundle, "saved_model"), front_end(trained.bundle)
    pictures = [*of_every_kind(), *NEW[:8]]
    sent = as_bytes(pictures)  # as they are, not as `predict` would send them
    pixels = np.stack([reader.encode(picture) for picture in pictures])
    by_bytes: list[tuple[str, Search]] = [
        ("serving_default", BEAM),
        ("greedy", GREEDY),
        ("attention", BEAM),
    ]
    answered = run_in_session(
        path,
        [
            *((signature, {"image_bytes": sent}) for signature, _ in by_bytes),
            ("tensors", {"image": pixels}),
            ("greedy", {"image_bytes": sent[2:3]}),
        ],
    )
    for outputs, search in zip(answered, (BEAM, GREEDY, BEAM, GREEDY, GREEDY), strict=True):
        some = pictures[2:3] if len(outputs["ids"]) == 1 else pictures
        expected = network[search].answer_all(some)
        assert [tuple(row[row > 0]) for row in outputs["ids"]] == [a.ids for a in expected]
        np.testing.assert_allclose(outputs["score"], [a.score for a in expected], rtol=1e-4)
        if "text" in outputs:
            assert [text.decode() for text in outputs["text"]] == [a.text for a in expected]
    assert len(set(answered[0]["text"].tolist())) > 8
    attention, ids = answered[2]["attention"], answered[2]["ids"]
    assert attention.shape[:2] == ids.shape
    for row, count in zip(attention, (ids > 0).sum(axis=1), strict=True):
        np.testing.assert_allclose(row[:count].sum(-1), 1, rtol=1e-5)
        assert not row[count:].any()


def test_the_server_refuses_webp(trained: Trained) -> None:
    from common.export.errors import ExportError
    from common.export.saved_model import run_in_session

    sent = np.array([NEW[0].read(), saved(draw(*KINDS[0]), "WEBP")], object)
    path = artefact_path(trained.bundle, "saved_model")
    with pytest.raises(
        ExportError, match="a WebP picture, which this model does not read; convert"
    ):
        run_in_session(path, [("serving_default", {"image_bytes": sent})])


def test_predict_sends_webp_in_another_form(trained: Trained) -> None:
    webp = Picture("it.webp", saved(draw(*KINDS[5], seed=9_001), "WEBP", lossless=True))
    (answer,) = opened(trained.bundle, "saved_model", GREEDY).answer_all([webp])
    assert answer.text == RIGHT[5]


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


@pytest.mark.parametrize("artefact", LITERT)
def test_there_are_builtin_operators_alone(trained: Trained, artefact: str) -> None:
    from common.export.operators import check_operators, subgraph_operators

    model = artefact_path(trained.bundle, artefact).read_bytes()
    check_operators(model, artefact, single_subgraph=False)
    names = {name for operators in subgraph_operators(model) for name in operators}
    assert "WHILE" in names and "CUSTOM" not in names
    assert not [name for name in names if name.startswith("Flex")]


@pytest.mark.parametrize("artefact", LITERT)
def test_signatures_are_those_of_the_card(trained: Trained, artefact: str) -> None:
    device = Device(artefact_path(trained.bundle, artefact), "vocab.txt", "caption")
    there = device.interpreter.get_signature_list()
    every = {"caption", "caption_beam", "caption_float", "encode", "step"}
    assert set(there) == ({"caption"} if artefact == "int8" else every)
    for name in there:
        runner = device.interpreter.get_signature_runner(name)
        given = runner.get_input_details()
        if name != "step":
            (image,) = given.values()
            assert image["shape"].tolist() == [1, SIZE, SIZE, 3]
            assert image["dtype"] == (np.float32 if name == "caption_float" else np.uint8)
        if name.startswith("caption"):
            outputs = runner.get_output_details()
            assert outputs["ids"]["shape"].tolist() == [1, MAX_TOKENS]
            assert outputs["ids"]["dtype"] == np.int32
            assert outputs["score"]["shape"].tolist() == [1]


@pytest.mark.parametrize("artefact", LITERT)
def test_a_client_that_read_the_card(trained: Trained, artefact: str) -> None:
    device = Device(artefact_path(trained.bundle, artefact), "vocab.txt", "caption")
    pictures = [*of_every_kind(), *NEW]
    searches: dict[str, Search] = {"caption": GREEDY, "caption_beam": BEAM, "caption_float": GREEDY}
    if artefact == "int8":
        searches = {"caption": GREEDY}
    expected = {
        search: opened(trained.bundle, artefact, search).answer_all(pictures)
        for search in set(searches.values())
    }
    reader = front_end(trained.bundle)
    for i, picture in enumerate(pictures):
        pixels = reader.encode(picture)[None]
        for signature, search in searches.items():
            given = pixels.astype(np.float32) if signature == "caption_float" else pixels
            found, score = device.call(given, signature)
            assert tuple(found) == expected[search][i].ids
            assert score == pytest.approx(expected[search][i].score, rel=1e-5)
            assert device.text(found) == expected[search][i].text
        if artefact != "int8":
            # A search of its own, token by token, finds what the file finds.
            tokens, looked = zip(*device.search(pixels, MAX_TOKENS), strict=True)
            assert tuple(token for token in tokens if token != END) == expected[GREEDY][i].ids
            np.testing.assert_allclose(np.sum(looked, axis=-1), 1, rtol=1e-5)


def test_litert_files_need_no_tensorflow(trained: Trained) -> None:
    code = """
import sys
from tests.apps.captioning.command import run
for artefact in ("float32", "int8", "step"):
    result = run("predict", "--bundle", sys.argv[1], "--artefact", artefact, *sys.argv[3:])
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(sys.argv[2] + "\\t"), result.stdout
print(sorted({"tensorflow", "keras", "matplotlib", "sacrebleu"} & set(sys.modules)))
"""
    first = trained.drawings["test"][0]
    caption = first.captions[0].lower().removesuffix(" .")
    process = run_code(code, trained.bundle, caption, trained.path(first))
    assert process.stdout == "[]\n", process.stderr


def test_help_needs_no_framework() -> None:
    helps_without_frameworks("captioning")


# ------------------------------------------------------------------------ Keras


def test_keras_file_after_importing_the_project(trained: Trained) -> None:
    code = """
import sys, warnings
import keras, numpy as np
import apps.captioning.network
from apps.captioning.front_end import PictureFrontEnd
warnings.simplefilter("error")
model = keras.saving.load_model(sys.argv[1] + "/model.keras")
names = ("vocab.txt", "front_end.json")
front_end = PictureFrontEnd.from_files({n: open(sys.argv[1] + "/" + n, "rb").read() for n in names})
golden = np.load(sys.argv[1] + "/golden/examples.npz")
limits = np.full(len(golden["inputs"]), front_end.max_tokens, np.int32)
ids, scores = model.generate(golden["inputs"], limits, front_end.max_tokens)
texts = [front_end.vocabulary.decode(row[row > 0].tolist()) for row in ids.numpy()]
assert texts == golden["text"].tolist(), texts
np.testing.assert_allclose(scores, golden["scores"], atol=1e-5)
print("same")
"""
    process = run_code(code, trained.bundle)
    assert process.stdout == "same\n", process.stderr


def test_a_version_for_the_base_path_of_tf_serving(trained: Trained) -> None:
    versions = [path.name for path in Path(trained.bundle / "saved_model").iterdir()]
    assert versions == ["1"]
