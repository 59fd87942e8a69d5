"""Exported files of a small captioner: forms of the input, 8 bits where they are promised."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from apps.captioning.application import APPLICATION
from common.export.metadata import read_associated_files
from common.export.operators import subgraph_operators
from common.export.tflite import convert_many
from common.generation.artefacts import LiteScorer, ModelScorer
from common.generation.export import _save_int8
from common.generation.signatures import GeneratorFunctions
from common.image.picture import Picture
from tests.apps.captioning.tiny import COLOURS, Captioner, captioner, halves, two_colours

PICTURES = [
    *(halves(a, b) for a in COLOURS for b in COLOURS),
]


@pytest.fixture(scope="module")
def made() -> Captioner:
    return captioner()


@pytest.fixture(scope="module")
def functions(made: Captioner) -> GeneratorFunctions:
    return GeneratorFunctions(APPLICATION, made.model, made.front_end, made.settings)


@pytest.fixture(scope="module")
def float32(functions: GeneratorFunctions) -> Interpreter:
    wanted = ("caption", "caption_float", "encode")
    signatures = {name: functions.for_phone()[name] for name in wanted}
    variables = [variable.value for variable in functions.model.variables]
    return Interpreter(
        model_content=convert_many(signatures, variables, {"float32": "float32"})["float32"]
    )


@pytest.fixture(scope="module")
def int8(functions: GeneratorFunctions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("captioner") / "int8.tflite"
    data = two_colours()
    quantised = APPLICATION.quantised_encoder(
        functions.model, functions.front_end, data.inputs["train"]
    )
    assert quantised is not None
    _save_int8(functions, quantised, path, "7")
    return path


def test_pixels_in_float_give_the_same_ids(made: Captioner, float32: Interpreter) -> None:
    given = float32.get_signature_runner("caption_float").get_input_details()["image"]
    assert (given["dtype"], given["shape"].tolist()) == (np.float32, [1, 24, 24, 3])
    whole, other = map(float32.get_signature_runner, ("caption", "caption_float"))
    answers = ModelScorer(made.model, made.front_end).answer_all(PICTURES)
    assert len({answer.ids for answer in answers}) > 3
    for picture, answer in zip(PICTURES, answers, strict=True):
        pixels = made.front_end.encode(picture)[None]
        found, again = whole(image=pixels), other(image=pixels.astype(np.float32))
        np.testing.assert_array_equal(found["ids"], again["ids"])
        np.testing.assert_allclose(found["score"], again["score"], rtol=1e-5)
        assert tuple(i for i in found["ids"][0].tolist() if i) == answer.ids
        # Scaled as some networks want it, it would be another picture.
        dark = other(image=pixels.astype(np.float32) / 255)
        assert dark["score"] != pytest.approx(found["score"], rel=1e-3)


def _details(path: Path) -> list[Any]:
    interpreter = Interpreter(model_path=str(path))
    interpreter.allocate_tensors()
    count = len(subgraph_operators(path.read_bytes()))
    return [d for i in range(count) for d in interpreter.get_tensor_details(i)]


def test_the_int8_file_is_called_like_the_others(made: Captioner, int8: Path) -> None:
    interpreter = Interpreter(model_path=str(int8))
    assert interpreter.get_signature_list() == {
        "caption": {"inputs": ["image"], "outputs": ["ids", "score"]}
    }
    given = interpreter.get_signature_runner("caption").get_input_details()["image"]
    assert (given["dtype"], given["shape"].tolist()) == (np.uint8, [1, 24, 24, 3])
    assert read_associated_files(int8) == made.front_end.files()


def test_convolutions_are_in_8_bits_and_the_decoder_is_not(made: Captioner, int8: Path) -> None:
    details = _details(int8)

    def types(shape: tuple[int, ...]) -> set[str]:
        return {np.dtype(d["dtype"]).name for d in details if tuple(d["shape"]) == shape}

    kernels = [w.shape for w in made.model.encoder.backbone.weights if len(w.shape) == 4]
    assert len(kernels) == 10
    for rows, columns, inputs, outputs in kernels:
        assert types((outputs, rows, columns, inputs)) == {"int8"}
    pieces = len(made.front_end.vocabulary)
    assert types((pieces, 32)) == {"float32"}
    assert "float32" in types((1, 9, 32))  # the memory
    assert "int8" in types((1, 3, 3, 96))  # the features


def test_answers_of_the_int8_file_are_near(made: Captioner, int8: Path) -> None:
    expected = ModelScorer(made.model, made.front_end).answer_all(PICTURES)
    found = LiteScorer(APPLICATION, int8, "greedy").answer_all(PICTURES)
    same = [one.ids == other.ids for one, other in zip(found, expected, strict=True)]
    assert np.mean(same) > 0.5
    gaps = [abs(a.score - b.score) for a, b, s in zip(found, expected, same, strict=True) if s]
    assert max(gaps) < 0.05
    # Another captioner says something else.
    other = captioner(seed=2)
    others = ModelScorer(other.model, made.front_end).answer_all(PICTURES)
    assert not any(one.ids == answer.ids for one, answer in zip(found, others, strict=True))


def test_the_recipe_of_the_card_makes_text_of_ids(int8: Path) -> None:
    answers = LiteScorer(APPLICATION, int8, "greedy").answer_all(PICTURES)
    with zipfile.ZipFile(int8) as archive:
        pieces = archive.read("vocab.txt").decode().split("\n")
    for answer in answers:
        shown = ("⁇" if i == 1 else pieces[i] for i in answer.ids if i not in (0, 2, 3))
        text = " ".join("".join(shown).replace("▁", " ").split())
        text = re.sub(r"⇧( ?)(\w)", lambda match: match[1] + match[2].upper(), text)
        assert text.replace("⇧", "").strip() == answer.text
    assert any(" " in answer.text for answer in answers)


def test_ranges_come_from_pictures_all_over_the_split(
    made: Captioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.captioning.application._CALIBRATION", 3)
    asked: list[str] = []

    class Noticed(Picture):
        def read(self) -> bytes:
            asked.append(self.name)
            return super().read()

    examples = [Noticed(str(i), PICTURES[0].read()) for i in range(10)]
    quantised = APPLICATION.quantised_encoder(made.model, made.front_end, examples)
    assert quantised is not None
    assert {one.shape for one in quantised.calibration()} == {(1, 24, 24, 3)}
    assert asked == ["0", "3", "6"]
