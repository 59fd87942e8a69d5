"""The network: whole sentences = step by step, padding changes nothing, one head by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from apps.translation.encoder import SentenceEncoder
from common.generation.batches import pad_ids
from common.generation.decoder import ABSENT, KEYS, VALUES, AttentionDecoder
from common.generation.network import Generator, Teacher
from common.generation.recurrence import LAYERS
from common.text.pieces import START_ID

PIECES, UNITS, SIZE, PLACES = 11, 8, 6, 5


def network(layer: str = "recur", depth: int = 2, heads: int = 2, seed: int = 0) -> Generator:
    keras.utils.set_random_seed(seed)
    encoder = SentenceEncoder(PIECES, UNITS, SIZE, 2, layer=layer, name="encoder")
    decoder = AttentionDecoder(PIECES, UNITS, SIZE, depth, heads, layer=layer, name="decoder")
    built = Generator(encoder, decoder)
    built((np.ones((1, 3), np.int32), np.ones((1, 2), np.int32)))
    rng = np.random.default_rng(seed)
    built.set_weights([w + 0.3 * rng.normal(size=w.shape) for w in built.get_weights()])
    return built


def ids(batch: int, steps: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).integers(4, PIECES, (batch, steps)).astype(np.int32)


@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("layer", LAYERS)
def test_a_sentence_at_once_is_the_sentence_step_by_step(layer: str, depth: int) -> None:
    net = network(layer, depth)
    given, previous = ids(3, PLACES), ids(3, 7, 1)
    whole = net.decoder.logits(net((given, previous)))
    states, remembered = net.start(given)
    for t in range(7):
        logits, states, weights = net.step(previous[:, t], states, remembered)
        np.testing.assert_allclose(logits, whole[:, t], atol=2e-5)
        np.testing.assert_allclose(tf.reduce_sum(weights, -1), np.ones(3), rtol=1e-5)
    assert list(states) == net.decoder.state_names


@pytest.mark.parametrize("layer", LAYERS)
def test_padding_the_input_changes_nothing(layer: str) -> None:
    net = network(layer)
    given, previous = ids(2, PLACES), ids(2, 4, 1)
    padded = pad_ids(given.tolist(), PLACES + 6)
    np.testing.assert_allclose(net((given, previous)), net((padded, previous)), atol=2e-5)
    # And what is not padding counts.
    padded[:, PLACES] = 5
    assert np.abs(net((given, previous)) - net((padded, previous))).max() > 1e-3


def test_one_head_by_hand() -> None:
    net = network(heads=1)
    decoder = net.decoder
    given, previous = ids(2, PLACES), ids(2, 1, 1)
    states, remembered = net.start(given)
    _, _, weights = decoder.decode(previous, states, remembered)
    embedded = decoder.embeddings.numpy()[previous]
    cell = keras.layers.RNN(decoder.recurrent[0].cell, return_sequences=True)
    query = cell(embedded, initial_state=states["decoder_0"]) @ decoder.query.kernel
    scores = np.einsum("bqu,bpu->bqp", query + decoder.query.bias, remembered[KEYS])
    scores = np.exp(scores / np.sqrt(UNITS))
    np.testing.assert_allclose(weights, scores / scores.sum(-1, keepdims=True), rtol=1e-4)


def test_nothing_is_seen_at_a_place_that_is_not_there() -> None:
    net = network()
    given = ids(1, PLACES)
    given[0, 3:] = 0
    states, remembered = net.start(given)
    _, _, weights = net.decoder.decode(ids(1, 3, 1), states, remembered)
    assert float(tf.reduce_max(weights[..., 3:])) == 0.0
    assert set(remembered) == {KEYS, VALUES, ABSENT}


def test_sentences_of_a_batch_are_those_of_its_rows() -> None:
    net = network(seed=3)
    given = ids(6, PLACES, 4)
    given[2:, 3:] = 0
    limits = np.array([3, 9, 9, 9, 4, 9], np.int32)
    for width in (1, 3):
        together = net.generate(given, limits, 9, width)
        for row in range(6):
            real = given[row : row + 1, : 3 if row >= 2 else PLACES]
            alone = net.generate(real, limits[row : row + 1], 9, width)
            np.testing.assert_array_equal(together.ids[row], alone.ids[0])
            np.testing.assert_allclose(together.score[row], alone.score[0], rtol=1e-4)


def test_it_can_be_saved(tmp_path: Path) -> None:
    net = network()
    net.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", compile=False)
    given, previous = ids(2, PLACES), ids(2, 4, 1)
    np.testing.assert_array_equal(net((given, previous)), again((given, previous)))


def test_it_learns_to_reverse() -> None:
    """Order in, order out: digits the other way around, which no count of digits can tell."""
    rng = np.random.default_rng(0)
    given = rng.integers(4, PIECES, (512, 4)).astype(np.int32)
    targets = np.concatenate([given[:, ::-1], np.full((512, 1), 3)], 1).astype(np.int32)
    previous = np.concatenate([np.full((512, 1), START_ID), targets[:, :-1]], 1).astype(np.int32)
    keras.utils.set_random_seed(0)
    net = Generator(
        SentenceEncoder(PIECES, 32, 24, 1, name="encoder"),
        AttentionDecoder(PIECES, 32, 24, 2, 2, name="decoder"),
    )
    teacher = Teacher(net, 0.1)
    teacher.compile(optimizer=keras.optimizers.Adam(0.01))
    before = teacher.evaluate((given, previous), targets, 128, verbose=0, return_dict=True)
    teacher.fit((given, previous), targets, 128, epochs=30, verbose=0)
    after = teacher.evaluate((given, previous), targets, 128, verbose=0, return_dict=True)
    assert after["nats"] < 0.2 < 1.5 < before["nats"]
    fresh = rng.integers(4, PIECES, (64, 4)).astype(np.int32)
    found = net.generate(fresh, np.full(64, 6, np.int32), 6).ids.numpy()[:, :4]
    assert (found == fresh[:, ::-1]).all(axis=1).mean() > 0.8


@pytest.mark.parametrize("wrong", [{"depth": 1}, {"heads": 3}, {"layer": "elman"}])
def test_arguments_that_do_not_go_together(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="got"):
        AttentionDecoder(**{"pieces": 9, "units": 8, "embedding": 4, **wrong})
