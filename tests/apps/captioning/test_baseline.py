"""The picture that looks most alike: flat colours, whose distances are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from apps.captioning import baseline
from apps.captioning.application import APPLICATION
from apps.captioning.baseline import most_alike
from common.generation.application import GenerationData
from common.image.picture import Picture
from tests.common.image.pictures import encoded, picture


def flat(*colour: int) -> Picture:
    """Returns a picture of one colour."""
    return picture(encoded(np.full((20, 30, 3), colour, np.uint8), "PNG"), str(colour))


TRAIN = [flat(250, 0, 0), flat(0, 250, 0), flat(0, 0, 250), flat(0, 0, 0)]
CAPTIONS = [("red", "crimson"), ("green",), ("blue",), ("black",)]


def test_the_first_caption_of_the_nearest() -> None:
    asked = [flat(0, 0, 200), flat(180, 20, 20), flat(10, 10, 10), flat(90, 100, 0)]
    # The last: 160² + 100² to red, 90² + 150² to green, 90² + 100² to black, the least.
    assert most_alike(TRAIN, CAPTIONS, asked) == ["blue", "red", "black", "black"]


def test_many_are_asked_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "_TOGETHER", 3)
    asked = [TRAIN[i % 4] for i in range(8)]
    assert most_alike(TRAIN, CAPTIONS, asked) == ["red", "green", "blue", "black"] * 2


def test_of_very_many_every_other_one_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "_MOST", 2)
    asked = [flat(200, 40, 0), flat(0, 40, 200)]
    assert most_alike(TRAIN, CAPTIONS, asked) == ["red", "blue"]
    # Green is not among them.
    assert most_alike(TRAIN, CAPTIONS, TRAIN[1:2]) != ["green"]


def _data(splits: dict[str, Sequence[Picture]]) -> GenerationData:
    references = {split: CAPTIONS[: len(some)] for split, some in splits.items()}
    return GenerationData("made up", splits, references)


def test_the_application_asks_for_a_split() -> None:
    found = APPLICATION.baseline(_data({"train": TRAIN, "dev": [flat(0, 190, 9)]}), "dev")
    assert found == (baseline.NAME, ["green"])
