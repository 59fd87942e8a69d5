"""What BLEU does not tell, counted by hand."""

from __future__ import annotations

import pytest

from apps.captioning.application import APPLICATION
from apps.captioning.observations import MEANINGS, observe
from common.generation.application import GenerationData
from common.image.picture import Picture
from tests.apps.captioning.builtin_corpus import corpus

PICTURES = [Picture(str(number), b"x") for number in range(4)]
DEV = [("a dog",)] * 4


def _data(*, train: bool) -> GenerationData:
    inputs = {"dev": PICTURES}
    references: dict[str, list[tuple[str, ...]]] = {"dev": [*DEV]}
    if train:
        inputs["train"] = PICTURES[:2]
        references["train"] = [("a cat", "a dog"), ("a cow",)]
    return GenerationData("made up", inputs, references)


def test_how_many_are_different_and_new() -> None:
    answers = ["a dog", "a dog", "a cow", "a dogfish"]
    # Three of four; of each picture any caption is known, and a part of one is not.
    assert observe(answers, _data(train=True), "dev", False) == {"distinct": 0.75, "novel": 0.25}


def test_without_the_training_split_nobody_knows_what_is_new() -> None:
    assert observe(["a dog"] * 4, _data(train=False), "dev", False) == {"distinct": 0.25}


def test_what_is_true_of_drawings() -> None:
    some = corpus()["dev"][:3]
    other = next(one for one in corpus()["dev"] if one.scene.groups[0].shape not in _shapes(some))
    pictures = [one.picture for one in some]
    data = GenerationData("builtin", {"dev": pictures}, {"dev": [one.captions for one in some]})
    right = [one.captions[0] for one in some]
    assert observe(right, data, "dev", True)["true"] == 1
    # Something that is not there; something that is no sentence of shapes.
    wrong = [f"there is a {other.scene.groups[0].shape}", "colourless ideas", right[2]]
    assert observe(wrong, data, "dev", True)["true"] == pytest.approx(1 / 3)
    assert APPLICATION.observations(wrong, data, "dev")["true"] == pytest.approx(1 / 3)


def _shapes(some: object) -> set[str]:
    assert isinstance(some, list)
    return {group.shape for one in some for group in one.scene.groups}


def test_every_figure_is_explained() -> None:
    some = corpus()["dev"][:1]
    references = {split: [one.captions for one in some] for split in ("train", "dev")}
    data = GenerationData("builtin", {"dev": [some[0].picture]}, references)
    assert set(observe(["a star"], data, "dev", True)) == set(MEANINGS)
    assert APPLICATION.meanings == MEANINGS
