"""What `make explain` asks of the application and of its bundle."""

from __future__ import annotations

import numpy as np
import pytest

from apps.voice.application import APPLICATION
from common.audio.sound import SoundArray
from common.bundle import open_bundle
from common.classification.artefacts import open_artefact
from common.explain.order import measure
from common.explain.states import walk
from common.explain.trained import Trained as Bundled
from tests.apps.voice.conftest import RATE, Trained, sweep


@pytest.fixture(scope="module")
def bundled(trained: Trained) -> Bundled:
    return Bundled(APPLICATION, open_bundle(trained.bundle, "voice"))


def test_a_moment_is_where_a_hop_ends(bundled: Bundled) -> None:
    front_end = bundled.bundle.front_end(APPLICATION)
    sound = SoundArray(np.zeros(300, np.int16), RATE, "three hops of 128")
    assert APPLICATION.moments(sound, front_end) == pytest.approx([0.016, 0.032, 0.048])


def test_the_walk_ends_with_the_answer_of_the_network(bundled: Bundled) -> None:
    step, keras = (open_artefact(APPLICATION, bundled.bundle, a) for a in ("step", "keras"))
    sound = SoundArray(sweep("rise", 1, 0.4), RATE, "rise")
    found = walk(bundled, step, sound, 1)
    np.testing.assert_allclose(found.scores[-1], keras.score_all([sound])[0], atol=1e-4)
    assert found.states.shape == (25, 16)
    assert len(found.moments) == 25


def test_tones_that_differ_in_order_alone_are_not_told_apart_when_shuffled(
    bundled: Bundled,
) -> None:
    row = measure(bundled, 0, 1000)
    assert row["right"] > 90
    assert row["shuffled"] < row["right"] - 20
