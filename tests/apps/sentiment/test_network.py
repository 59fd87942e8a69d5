"""The sentiment network: first weights from counting, and one time step at a time."""

from __future__ import annotations

import dataclasses
from typing import Any

import keras
import numpy as np
import pytest

from apps.sentiment.front_end import TextFrontEnd
from apps.sentiment.network import (
    build_network,
    phone_function,
    server_functions,
    step_function,
)
from apps.sentiment.priors import log_count_ratios
from apps.sentiment.settings import SentimentSettings
from common.text.vocabulary import Vocabulary

VOCABULARY = Vocabulary.build(["good film", "bad film", "not so good at all"])
SETTINGS = SentimentSettings(units=6, embedding=5)
NO_RATIOS = np.zeros((len(VOCABULARY), 1), np.float32)


def _network(classes: int = 2, **changes: Any) -> keras.Model:
    keras.utils.set_random_seed(1)
    settings = dataclasses.replace(SETTINGS, **changes)
    ratios = np.zeros((len(VOCABULARY), classes), np.float32)
    model = build_network(settings, len(VOCABULARY), classes, ratios)
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(0, 0.7, w.shape) for w in model.get_weights()])
    return model


# ------------------------------------------------------------------------ priors


def test_log_count_ratios_by_hand() -> None:
    # Words 2 and 3 in the texts of class 0, 3 (twice in one text, which counts once) of class 1.
    encoded = [np.array(ids, np.int32) for ids in ([2, 3], [2], [3, 3], [4, 3])]
    ratios = log_count_ratios(encoded, np.array([0, 0, 1, 1]), 5, 2)
    counts = np.array([[1, 1, 3, 2, 1], [1, 1, 1, 3, 2]])  # one more than met
    expected = np.log((counts[1] / 8) / (counts[0] / 8))
    assert ratios.dtype == np.float32
    np.testing.assert_allclose(ratios, expected[:, np.newaxis], rtol=1e-6, atol=1e-7)


def test_log_count_ratios_of_three_classes_by_hand() -> None:
    encoded = [np.array(ids, np.int32) for ids in ([2], [2, 3], [3], [1])]
    ratios = log_count_ratios(encoded, np.array([0, 1, 1, 2]), 4, 3)
    counts = np.array([[1, 1, 2, 1], [1, 1, 2, 3], [1, 2, 1, 1]])
    assert ratios.shape == (4, 3)
    for label in range(3):
        others = np.delete(counts, label, 0).sum(0)
        expected = np.log(counts[label] / counts[label].sum() / (others / others.sum()))
        np.testing.assert_allclose(ratios[:, label], expected, rtol=1e-6, atol=1e-7)


def test_priors_are_added_to_the_first_vectors() -> None:
    ratios = np.arange(len(VOCABULARY), dtype=np.float32)[:, np.newaxis]

    def first(prior: float) -> Any:
        keras.utils.set_random_seed(1)
        settings = dataclasses.replace(SETTINGS, prior=prior)
        model = build_network(settings, len(VOCABULARY), 2, ratios)
        return np.array(model.get_layer("embedding").embeddings)

    difference = first(0.5) - first(0)
    np.testing.assert_allclose(difference[:, :1], 0.5 * ratios, atol=1e-6)
    np.testing.assert_array_equal(difference[:, 1:], 0)


def test_more_classes_than_a_vector_has_room_for() -> None:
    ratios = np.ones((len(VOCABULARY), 9), np.float32)
    model = build_network(SETTINGS, len(VOCABULARY), 9, ratios)
    assert model(np.array([[2, 3]], np.int32)).shape == (1, 9)


# ------------------------------------------------------------------------ functions


@pytest.mark.parametrize("ids", [[0], [5], [2, 3, 4, 5, 6, 1, 2], [0, 0, 0], [2, 0, 3, 0, 0]])
@pytest.mark.parametrize(
    "changes", [{}, {"readout": "last+max", "depth": 2}, {"cell": "plain", "readout": "max"}]
)
def test_step_by_step_equals_the_whole(changes: dict[str, Any], ids: list[int]) -> None:
    model = _network(**changes)
    function = step_function(model)
    assert function is not None
    step = function.whole()
    states = [np.zeros(spec.shape, np.float32) for spec in step.inputs[1:]]
    for token in ids:
        outputs = step.function(np.array([[token]], np.int32), *states)
        states = [outputs[spec.name].numpy() for spec in step.inputs[1:]]
    whole = model(np.array([ids], np.int32), training=False)
    np.testing.assert_allclose(outputs["scores"], whole, atol=1e-6)


def test_states_go_out_under_the_names_they_come_in() -> None:
    function = step_function(_network(readout="last+max", depth=2))
    assert function is not None
    step = function.whole()
    names = [spec.name for spec in step.inputs]
    assert names[0] == "id"
    inputs = [np.zeros(spec.shape, spec.dtype.as_numpy_dtype) for spec in step.inputs]
    outputs = step.function(*inputs)
    assert set(outputs) == {"scores", *names[1:]}
    for spec in step.inputs[1:]:
        assert outputs[spec.name].shape == spec.shape


def test_a_network_without_a_step() -> None:
    assert step_function(_network(direction="both")) is None
    assert step_function(_network(layer="gru")) is not None


def test_padding_changes_no_score() -> None:
    model = _network()
    short = model(np.array([[2, 3]], np.int32))
    np.testing.assert_allclose(model(np.array([[2, 3, 0, 0]], np.int32)), short, atol=1e-6)
    function = phone_function(model, 6).function
    padded = np.array([[2, 3, 0, 0, 0, 0]], np.int32)
    np.testing.assert_allclose(function(padded)["scores"], short, atol=1e-6)


def test_the_server_reads_texts_and_ids_alike() -> None:
    model, labels = _network(3), ["bad", "good", "mixed"]
    functions = server_functions(model, TextFrontEnd(VOCABULARY, 3), labels)
    texts = ["Good film!", "", "bad", "not so good at all"]
    answers = functions["serving_default"].function(np.array(texts, object))
    ids = VOCABULARY.encode_batch(texts, 5)  # two more than are read
    same = functions["ids"].function(ids)
    expected = np.asarray(model(ids[:, :3]))
    for found in (answers, same):
        np.testing.assert_allclose(found["scores"], expected, atol=1e-6)
        np.testing.assert_allclose(found["score"], expected.max(1), atol=1e-6)
        names = [label.decode() for label in found["label"].numpy()]
        assert names == [labels[i] for i in expected.argmax(1)]
    assert len(set(names)) > 1


def test_the_network_is_rebuilt_from_its_configuration() -> None:
    model = _network(readout="last+max")
    again = keras.Model.from_config(model.get_config())
    again.set_weights(model.get_weights())
    ids = np.array([[2, 3, 0]], np.int32)
    np.testing.assert_array_equal(again(ids), model(ids))
