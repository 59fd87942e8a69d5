"""The layers at the entrance of a network that reads tokens."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from common.text.layers import TokenDropout, TokenEmbedding
from common.text.vocabulary import PAD_ID, UNKNOWN_ID

IDS = np.random.default_rng(0).integers(2, 50, (200, 100)).astype(np.int32)
IDS[:, 80:] = PAD_ID


def test_dropout_acts_in_training_only() -> None:
    layer = TokenDropout(0.5, seed=1)
    np.testing.assert_array_equal(layer(IDS), IDS)
    np.testing.assert_array_equal(layer(IDS, training=False), IDS)
    assert not np.array_equal(layer(IDS, training=True), IDS)


@pytest.mark.parametrize("rate", [0.05, 0.5])
def test_dropout_makes_its_share_of_the_words_unknown(rate: float) -> None:
    found = np.asarray(TokenDropout(rate, seed=1)(IDS, training=True))
    assert found.dtype == np.int32
    changed = found != IDS
    assert set(found[changed]) == {UNKNOWN_ID}
    assert changed[:, :80].mean() == pytest.approx(rate, abs=0.01)
    # Each word for itself: neither whole texts nor whole positions.
    assert changed[:, :80].mean(0).max() < rate + 0.2
    assert changed[:, :80].mean(1).max() < rate + 0.3


def test_dropout_never_touches_padding() -> None:
    found = np.asarray(TokenDropout(0.95, seed=1)(IDS, training=True))
    np.testing.assert_array_equal(found == PAD_ID, IDS == PAD_ID)


def test_dropout_of_nothing_changes_nothing() -> None:
    np.testing.assert_array_equal(TokenDropout(0.0)(IDS, training=True), IDS)


def test_dropout_differs_from_call_to_call_and_not_from_seed_to_seed() -> None:
    layer, other = TokenDropout(0.5, seed=1), TokenDropout(0.5, seed=1)
    first = np.asarray(layer(IDS, training=True))
    assert not np.array_equal(layer(IDS, training=True), first)
    np.testing.assert_array_equal(other(IDS, training=True), first)


@pytest.mark.parametrize("rate", [-0.1, 1.0, float("nan")])
def test_dropout_of_a_wrong_share_is_named(rate: float) -> None:
    with pytest.raises(ValueError, match=str(rate)):
        TokenDropout(rate)


def test_embedding_is_keras_embedding_for_every_id() -> None:
    ours = TokenEmbedding(50, 4)
    theirs = keras.layers.Embedding(50, 4, mask_zero=True)
    for layer in (ours, theirs):
        layer.build(None)
    theirs.set_weights(ours.get_weights())
    ids = np.arange(50, dtype=np.int32).reshape(5, 10)
    np.testing.assert_array_equal(ours(ids), theirs(ids))
    np.testing.assert_array_equal(ours(ids), ours.get_weights()[0].reshape(5, 10, 4))
    np.testing.assert_array_equal(ours.compute_mask(ids), theirs.compute_mask(ids))
    np.testing.assert_array_equal(ours.compute_mask(ids), ids != PAD_ID)


def test_embedding_learns_as_keras_embedding() -> None:
    ours, theirs = TokenEmbedding(50, 4), keras.layers.Embedding(50, 4)
    gradients = []
    for layer in (ours, theirs):
        layer.build(None)
        layer.set_weights([np.ones((50, 4), "float32")])
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(np.array([[3, 3, 7]], np.int32)) ** 2)
        gradient = tape.gradient(loss, layer.embeddings.value)
        gradients.append(tf.convert_to_tensor(gradient).numpy())
    np.testing.assert_array_equal(*gradients)
    assert gradients[0][3, 0] == 4
    assert gradients[0][7, 0] == 2
    assert not gradients[0][[0, 1, 49]].any()


def test_padding_is_masked_for_the_layers_behind() -> None:
    inputs = keras.Input((None,), dtype="int32")
    x = TokenEmbedding(50, 4)(TokenDropout(0.1)(inputs))
    model = keras.Model(inputs, keras.layers.GlobalAveragePooling1D()(x))
    short = np.array([[5, 6]], np.int32)
    padded = np.array([[5, 6, 0, 0, 0]], np.int32)
    np.testing.assert_allclose(model(padded), model(short), rtol=1e-6)


def test_a_saved_model_gives_them_back(tmp_path: Path) -> None:
    inputs = keras.Input((None,), dtype="int32")
    outputs = TokenEmbedding(50, 4, name="e")(TokenDropout(0.25, seed=3, name="d")(inputs))
    model = keras.Model(inputs, outputs)
    model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(again(IDS), model(IDS))
    assert again.get_layer("d").rate == 0.25
    assert type(again.get_layer("e")) is TokenEmbedding
    assert again.get_layer("e").mask_zero
