"""The network of a classifier: whole sequence and step by step, padding, configuration."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from common.classification.network import READOUTS, RecurrentClassifier

rng = np.random.default_rng(3)


def _network(**arguments: Any) -> RecurrentClassifier:
    network = RecurrentClassifier(3, 5, **arguments)
    network.build((None, None, 4))
    network.set_weights([rng.normal(0, 0.5, w.shape) for w in network.weights])
    return network


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("gated", [True, False])
@pytest.mark.parametrize("depth", [1, 2])
def test_step_by_step_equals_the_whole(readout: str, gated: bool, depth: int) -> None:
    network = _network(readout=readout, gated=gated, depth=depth)
    x = rng.normal(size=(2, 7, 4)).astype("float32")
    states = network.initial_states(2)
    for t in range(7):
        scores, states = network.step(x[:, t], states)
        np.testing.assert_allclose(scores, network(x[:, : t + 1]), atol=1e-6)


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_changes_no_score(readout: str, bidirectional: bool, side: str) -> None:
    network = _network(readout=readout, bidirectional=bidirectional)
    x = rng.normal(size=(1, 6, 4)).astype("float32")
    before, after = (5, 0) if side == "left" else (0, 5)
    padded = np.pad(x, [(0, 0), (before, after), (0, 0)], constant_values=7)
    mask = np.pad(np.ones((1, 6), bool), [(0, 0), (before, after)])
    np.testing.assert_allclose(network(padded, mask=mask), network(x), atol=1e-6)


def test_a_masked_step_changes_no_state() -> None:
    network = _network(readout="last+max")
    states = network.initial_states(2)
    _, states = network.step(rng.normal(size=(2, 4)).astype("float32"), states)
    real = np.array([[1.0], [0.0]], "float32")
    _, new = network.step(rng.normal(size=(2, 4)).astype("float32"), states, real)
    for name in states:
        np.testing.assert_array_equal(new[name][1], states[name][1])
    assert not np.allclose(new["recur_0"][0], states["recur_0"][0])


def test_scores_are_a_distribution() -> None:
    scores = np.asarray(_network()(rng.normal(size=(4, 3, 4)).astype("float32")))
    assert scores.shape == (4, 3)
    assert np.all(scores > 0)
    np.testing.assert_allclose(scores.sum(1), 1, rtol=1e-6)


def test_bidirectional_last_readout_by_its_two_directions() -> None:
    network = _network(bidirectional=True)
    x = rng.normal(size=(1, 6, 4)).astype("float32")
    forward, backward = network.recurrent[0], network.backward[0]
    ends = np.concatenate([forward(x)[:, -1], backward(x)[:, -1]], -1)
    np.testing.assert_allclose(network(x), network.scores(ends), atol=1e-6)
    assert not network.has_step
    with pytest.raises(ValueError, match="bidirectional"):
        network.step(x[:, 0], {})


@pytest.mark.parametrize("layer", ["gru", "lstm"])
@pytest.mark.parametrize("readout", READOUTS)
def test_other_layers_step_by_step(layer: str, readout: str) -> None:
    network = _network(layer=layer, readout=readout, depth=2)
    x = rng.normal(size=(2, 7, 4)).astype("float32")
    states = network.initial_states(2)
    for t in range(7):
        scores, states = network.step(x[:, t] / 2, states, input_range=2.0)
        np.testing.assert_allclose(scores, network(x[:, : t + 1]), atol=1e-6)
    _, still = network.step(x[:, 0], states, np.zeros((2, 1), "float32"))
    for name, state in states.items():
        np.testing.assert_array_equal(still[name], state)


def test_low_rank() -> None:
    network = _network(rank=2)
    # 4 x 2 and 5 x 2, 2 x 5 behind both, two biases of 5, 5 x 3 and 3 of the scores.
    assert network.count_params() == 18 + 10 + 10 + 18
    assert RecurrentClassifier.from_config(network.get_config()).rank == 2


def test_config_round_trip() -> None:
    network = RecurrentClassifier(4, 6, 2, "last+max", True, 0.3, "relu", False, name="mine")
    copy = RecurrentClassifier.from_config(network.get_config())
    assert copy.get_config() == network.get_config()


@pytest.mark.parametrize(
    "arguments, named",
    [({"readout": "first"}, "first"), ({"layer": "rnn"}, "rnn"), ({"depth": 0}, "0")],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        RecurrentClassifier(2, 3, **arguments)


def test_dropout_acts_in_training_only() -> None:
    network = _network(dropout=0.5)
    x = rng.normal(size=(2, 3, 4)).astype("float32")
    np.testing.assert_array_equal(network(x), network(x))
    assert not np.allclose(network(x, training=True), network(x))


def test_inside_a_saved_model(tmp_path: Any) -> None:
    inputs = keras.Input((None, 4))
    model = keras.Model(inputs, RecurrentClassifier(2, 3, readout="last+max")(inputs))
    model.save(tmp_path / "m.keras")
    x = rng.normal(size=(2, 5, 4)).astype("float32")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "m.keras")(x), model(x))
