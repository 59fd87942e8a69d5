"""The memory of a picture: from pixels or from features, saved and loaded, place by place."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from apps.captioning.backbones import preprocessing
from apps.captioning.encoder import PictureEncoder
from common.generation.decoder import AttentionDecoder
from common.generation.network import Generator
from tests.apps.captioning.tiny import SIZE, encoder, noise


def test_shapes() -> None:
    made = encoder()
    memory, mask = made(noise(3))
    assert made.grid == (SIZE // 4, SIZE // 4)
    assert memory.shape == (3, 16, 8)
    assert mask is None
    assert made.compute_output_shape((3, SIZE, SIZE, 3)) == ((3, 16, 8), None)


def test_the_memory_by_its_formula() -> None:
    made, pixels = encoder(), noise(2)
    made.normalize.gamma.assign(tf.range(1.0, 9.0))
    features = made.backbone(preprocessing("small")(pixels.astype(np.float32))).numpy()
    joined = features.reshape(2, 16, -1) @ made.join.kernel.numpy() + made.join.bias.numpy()
    centred = joined - joined.mean(-1, keepdims=True)
    normal = centred / np.sqrt(joined.var(-1, keepdims=True) + made.normalize.epsilon)
    expected = normal * np.arange(1, 9) + made.positions.numpy()
    np.testing.assert_allclose(made(pixels)[0], expected, atol=1e-4)


def test_pixels_and_their_features_have_one_memory() -> None:
    made, pixels = encoder(), noise(3)
    features = made.features(pixels)
    assert features.shape == (3, 4, 4, 6)
    np.testing.assert_array_equal(made(features)[0], made(pixels)[0])
    # Half precision, as features are kept on disk, is near; those of others are not.
    half = made(tf.cast(features, tf.float16))[0]
    np.testing.assert_allclose(half, made(pixels)[0], atol=2e-2)
    assert not np.allclose(made(features[::-1])[0], made(pixels)[0], atol=0.1)


def test_types_of_pixels_make_no_difference() -> None:
    made, pixels = encoder(), noise(2)
    for kind in (np.int32, np.float32, np.float16):
        np.testing.assert_array_equal(made(pixels.astype(kind))[0], made(pixels)[0])


def test_it_comes_back_with_its_weights(tmp_path: Path) -> None:
    made, pixels = encoder(dropout=0.2, augment="light"), noise(2)
    model = Generator(made, AttentionDecoder(20, 8, 8, 2, 2, name="decoder"))
    features = model((pixels, np.ones((2, 3), np.int32)))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    again = loaded.encoder
    np.testing.assert_allclose(again(pixels)[0], made(pixels)[0], atol=1e-6)
    np.testing.assert_allclose(loaded((pixels, np.ones((2, 3), np.int32))), features, atol=1e-6)
    assert (again.kind, again.dropout, again.augment) == ("small", 0.2, "light")
    assert again.grid == made.grid
    # From its configuration alone it has the form, and other weights.
    fresh = PictureEncoder.from_config(made.get_config())
    assert not np.allclose(fresh(pixels)[0], made(pixels)[0], atol=0.1)
    fresh.set_weights(made.get_weights())
    np.testing.assert_allclose(fresh(pixels)[0], made(pixels)[0], atol=1e-6)


def test_positions_tell_places_apart() -> None:
    made = encoder()
    flat = np.full((1, SIZE, SIZE, 3), 127, np.uint8)
    inner = np.array([5, 6, 9, 10])  # padding of the convolutions changes the rim
    made.positions.assign(tf.zeros_like(made.positions))
    memory = made(flat)[0].numpy()[0, inner]
    np.testing.assert_allclose(memory, memory[:1].repeat(4, 0), atol=1e-5)
    made.positions.assign(tf.random.stateless_normal(made.positions.shape, (1, 2)))
    memory = made(flat)[0].numpy()[0, inner]
    assert np.abs(memory[1:] - memory[0]).max(-1).min() > 0.1


def test_places_go_along_lines() -> None:
    made = encoder()
    dark = np.zeros((1, SIZE, SIZE, 3), np.uint8)
    lit = dark.copy()
    lit[0, 8:12, 12:16] = 255  # row 2, column 3 of 4 x 4
    changed = np.abs(made(lit)[0] - made(dark)[0]).max(-1)[0].reshape(4, 4)
    # Both convolutions begin at a place of their own and reach one to the right and down.
    reached = np.zeros((4, 4), bool)
    reached[1:3, 2:4] = True
    np.testing.assert_array_equal(changed > 0, reached)


def test_pictures_are_changed_in_training_alone() -> None:
    pixels = noise(2)
    for augment, changed in (("none", False), ("light", True)):
        made = encoder(augment=augment)
        plain = made(pixels)[0]
        np.testing.assert_array_equal(made(pixels, training=False)[0], plain)
        assert np.array_equal(made(pixels, training=True)[0], plain) is not changed
        # Features were computed without, and stay as they are.
        features = made.features(pixels)
        np.testing.assert_array_equal(made(features, training=True)[0], plain)


def test_statistics_of_a_network_trained_elsewhere_stay() -> None:
    pixels = keras.Input((SIZE, SIZE, 3))
    normal = keras.layers.BatchNormalization(momentum=0.5)
    backbone = keras.Model(pixels, normal(keras.layers.Conv2D(4, 3, 4, "same")(pixels)))
    for kind, stays in (("MobileNetV2", True), ("small", False)):
        made = PictureEncoder(backbone, kind, 8)
        before = normal.moving_mean.numpy()
        made(noise(4), training=True)
        assert np.array_equal(normal.moving_mean.numpy(), before) is stays


def test_dropout_is_of_training() -> None:
    made, pixels = encoder(dropout=0.5), noise(2)
    np.testing.assert_array_equal(made(pixels)[0], made(pixels, training=False)[0])
    assert not np.array_equal(made(pixels)[0], made(pixels, training=True)[0])


@pytest.mark.parametrize("size", [SIZE // 2, SIZE * 2])
def test_pictures_of_another_size_are_no_input(size: int) -> None:
    with pytest.raises(Exception, match="shape"):
        encoder()(np.zeros((1, size, size, 3), np.uint8))
