"""What `make explain` asks of the application and of its bundle."""

from __future__ import annotations

import json

import numpy as np
import pytest

from apps.sentiment.application import APPLICATION
from common.bundle import open_bundle
from common.classification.artefacts import open_artefact
from common.explain.order import measure
from common.explain.states import choose, walk
from common.explain.trained import Trained as Bundled
from tests.apps.sentiment.conftest import Trained

TEXT = "Good? It isn't, by no means. Not recommended."


@pytest.fixture(scope="module")
def bundled(trained: Trained) -> Bundled:
    return Bundled(APPLICATION, open_bundle(trained.bundle, "sentiment"))


def test_a_moment_is_the_word_of_a_step(bundled: Bundled) -> None:
    front_end = bundled.bundle.front_end(APPLICATION)
    assert list(APPLICATION.moments(TEXT, front_end))[:4] == ["Good", "It", "isn't", "by"]
    long = "good " * 500
    for text in (TEXT, long):
        assert len(APPLICATION.moments(text, front_end)) == len(front_end.encode(text))


def test_the_walk_ends_with_the_answer_of_the_network(bundled: Bundled) -> None:
    step, keras = (open_artefact(APPLICATION, bundled.bundle, a) for a in ("step", "keras"))
    found = walk(bundled, step, TEXT, 0)
    words = TEXT.split()
    for n in (1, 4, len(words)):  # a beginning is scored as if it were all
        wanted = keras.score_all([" ".join(words[:n])])[0]
        np.testing.assert_allclose(found.scores[n - 1], wanted, atol=1e-4)
    assert found.states.shape == (len(words), 16)
    assert np.abs(found.states).max() <= 1
    assert np.ptp(found.scores[:, 0]) > 0.01


def test_a_text_of_the_split_is_chosen(bundled: Bundled) -> None:
    chosen, looked = choose(bundled, open_artefact(APPLICATION, bundled.bundle, "step"), 30)
    assert chosen.is_right
    assert 0 < looked <= 30


def test_texts_as_they_are_get_the_score_of_the_bundle(bundled: Bundled) -> None:
    row = measure(bundled, 0, 1000)
    (first, *_) = json.loads((bundled.bundle.path / "metrics.json").read_text())["rows"]
    assert row["inputs"] == first["examples"]
    assert row["right"] == pytest.approx(100 * first["metrics"]["accuracy"])
    assert row["changed"] > 0.9 * row["inputs"]
    assert row == measure(bundled, 0, 1000)
