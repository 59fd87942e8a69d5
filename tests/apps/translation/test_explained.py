"""What `make explain` asks of the application and of its bundle."""

from __future__ import annotations

import json

import keras
import pytest

from apps.translation.application import APPLICATION
from common.bundle import open_bundle
from common.explain.likelihood import nats_a_token
from common.explain.order import measure, measure_sentences
from common.explain.trained import Trained as Bundled
from tests.apps.translation.conftest import SIZES, Trained
from tests.apps.translation.sentences import pairs


@pytest.fixture(scope="module")
def bundled(trained: Trained) -> Bundled:
    return Bundled(APPLICATION, open_bundle(trained.bundle, "translation"))


def test_nats_are_those_that_training_measured(bundled: Bundled) -> None:
    training = json.loads((bundled.bundle.path / "metrics.json").read_text())["training"]
    wanted = training["epochs"][training["best_epoch"] - 1]["dev_nats"]
    APPLICATION.import_layers()
    model = keras.saving.load_model(bundled.bundle.require("keras"), compile=False)
    front_end = APPLICATION.load_front_end(bundled.bundle.front_end_files())
    inputs, sentences = zip(*pairs(SIZES)["dev"], strict=True)
    # The sentences of one input are all measured there, and each is the only one here.
    assert nats_a_token(model, front_end, inputs, sentences) == pytest.approx(wanted, rel=1e-3)


def test_words_in_another_order_are_less_likely_and_get_another_translation(
    bundled: Bundled,
) -> None:
    said = measure_sentences(bundled, 0, 100)
    assert said["shuffled"] > said["right"] + 1
    row = measure(bundled, 0, 100)
    assert row["shuffled"] < row["right"] - 10
