"""Backbones by name, what they want of pixels, their weights, what is trained of them."""

from __future__ import annotations

import urllib.error
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from apps.captioning.backbones import build_backbone, names, preprocessing
from apps.captioning.network import _train_from, is_frozen
from apps.captioning.settings import CaptioningSettings
from common.errors import UserError

SIZE = 32


@pytest.fixture(scope="module")
def mobile() -> keras.Model:
    return build_backbone("MobileNetV2", SIZE, None)


def test_names() -> None:
    known = names()
    assert known[0] == "small"
    assert {"MobileNetV2", "MobileNetV3Small", "EfficientNetV2B0", "ResNet50"} <= {*known}
    # Functions and modules beside the networks are none.
    assert all(name[0].isupper() and hasattr(keras.applications, name) for name in known[1:])
    assert len({*known}) == len(known)


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(UserError, match=r"--encoder MobilNetV2: .*MobileNetV2"):
        build_backbone("MobilNetV2", SIZE, None)


def test_a_size_that_a_network_cannot_take() -> None:
    with pytest.raises(UserError, match="--size 20: MobileNetV2 cannot take it"):
        build_backbone("MobileNetV2", 20, None)


@pytest.mark.parametrize("name", names()[1:])
def test_pixels_as_keras_wants_them(name: str) -> None:
    modules = [m for m in vars(keras.applications).values() if hasattr(m, "preprocess_input")]
    # That of MobileNetV3 does not show its networks.
    v3 = keras.applications.mobilenet_v3
    module = next((module for module in modules if hasattr(module, name)), v3)
    assert module is not v3 or name.startswith("MobileNetV3")
    pixels = np.random.default_rng(0).uniform(0, 255, (2, 4, 4, 3)).astype(np.float32)
    expected = module.preprocess_input(pixels.copy())
    np.testing.assert_allclose(preprocessing(name)(pixels.copy()), expected, rtol=1e-6)


def test_pixels_of_networks_by_hand() -> None:
    white = np.full((1, 1, 1, 3), 255, np.float32)
    assert preprocessing("small")(white).ravel().tolist() == [1, 1, 1]
    assert preprocessing("small")(0 * white).ravel().tolist() == [-1, -1, -1]
    assert np.ravel(preprocessing("MobileNetV2")(white.copy())).tolist() == [1, 1, 1]
    # The means of ImageNet, blue first.
    vgg = np.ravel(preprocessing("VGG16")(white.copy()))
    np.testing.assert_allclose(vgg, 255 - np.array([103.939, 116.779, 123.68]), rtol=1e-5)


@pytest.mark.parametrize("size, side", [(32, 4), (96, 12), (100, 13)])
def test_the_small_network_sees_an_eighth_of_the_lines(size: int, side: int) -> None:
    assert build_backbone("small", size, None).output_shape == (None, side, side, 96)


def test_weights_of_a_file(mobile: keras.Model, tmp_path: Path) -> None:
    path = tmp_path / "own.weights.h5"
    mobile.save_weights(path)
    again = build_backbone("MobileNetV2", SIZE, str(path))
    for own, other in zip(mobile.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(own, other)
    fresh = build_backbone("MobileNetV2", SIZE, None)
    assert not np.array_equal(fresh.get_weights()[0], mobile.get_weights()[0])


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.weights.h5"
    build_backbone("small", SIZE, None).save_weights(path)
    with pytest.raises(UserError, match=r"other\.weights\.h5: these are no weights of MobileNetV2"):
        build_backbone("MobileNetV2", SIZE, str(path))


@pytest.mark.parametrize("contents", [b"", b"PK\3\4 cut off", b"no weights at all" * 99])
def test_files_that_hold_no_weights_are_refused(tmp_path: Path, contents: bytes) -> None:
    path = tmp_path / "broken.weights.h5"
    path.write_bytes(contents)
    with pytest.raises(UserError, match="these are no weights of MobileNetV2 without its top"):
        build_backbone("MobileNetV2", SIZE, str(path))


def test_a_missing_file_is_refused_with_both_ways_out(tmp_path: Path) -> None:
    path = tmp_path / "none.weights.h5"
    with pytest.raises(UserError, match=r"no such file; give a file .* or imagenet to download"):
        build_backbone("MobileNetV2", SIZE, str(path))
    with pytest.raises(UserError, match="no such file"):
        build_backbone("MobileNetV2", SIZE, str(tmp_path))


@pytest.mark.parametrize(
    "error",
    [
        urllib.error.URLError("Name or service not known"),
        Exception("URL fetch failure: 404 -- Not Found"),
        TimeoutError("timed out"),
    ],
)
def test_a_download_that_fails_names_both_ways_out(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    real = keras.applications.MobileNetV2

    def network(*, weights: str | None, **arguments: Any) -> keras.Model:
        if weights is not None:
            raise error
        return real(weights=None, **arguments)

    monkeypatch.setattr(keras.applications, "MobileNetV2", network)
    with pytest.raises(UserError) as raised:
        build_backbone("MobileNetV2", SIZE, "imagenet")
    said = str(raised.value)
    assert "try again with a network" in said
    assert "--encoder-weights FILE" in said
    assert "\n" not in said


def test_downloaded_weights_are_taken(monkeypatch: pytest.MonkeyPatch, mobile: Any) -> None:
    real = keras.applications.MobileNetV2

    def network(*, weights: str | None, **arguments: Any) -> keras.Model:
        return real(weights=None, **arguments) if weights is None else mobile

    monkeypatch.setattr(keras.applications, "MobileNetV2", network)
    found = build_backbone("MobileNetV2", SIZE, "imagenet")
    np.testing.assert_array_equal(found.get_weights()[0], mobile.get_weights()[0])


def test_what_is_trained_of_a_network(mobile: keras.Model) -> None:
    _train_from(mobile, "")
    assert mobile.trainable_weights == []
    _train_from(mobile, "block_16_expand")
    trained = {weight.path.split("/")[-2] for weight in mobile.trainable_weights}
    # No statistics, nor the scales that go with them; nothing in front.
    assert trained == {"block_16_expand", "block_16_depthwise", "block_16_project", "Conv_1"}
    _train_from(mobile, "")
    assert mobile.trainable_weights == []


def test_training_from_an_unknown_layer_is_refused(mobile: keras.Model) -> None:
    with pytest.raises(UserError, match=r"--train-from block_99: .* no layer .*out_relu"):
        _train_from(mobile, "block_99")


def test_what_never_changes_in_training() -> None:
    assert is_frozen(CaptioningSettings(encoder="MobileNetV2"))
    assert not is_frozen(CaptioningSettings(encoder="MobileNetV2", train_from="Conv_1"))
    assert not is_frozen(CaptioningSettings(encoder="small"))


@pytest.mark.parametrize(
    "given, drawn, encoder, size, epochs",
    [
        ({}, True, "small", 96, 14),
        ({}, False, "MobileNetV2", 160, 20),
        ({"encoder": "MobileNetV2", "epochs": 3}, True, "MobileNetV2", 160, 3),
        ({"encoder": "small", "size": 64}, False, "small", 64, 14),
    ],
)
def test_what_is_left_to_the_data(
    given: dict[str, Any], drawn: bool, encoder: str, size: int, epochs: int
) -> None:
    settled = CaptioningSettings(**given).settled(drawn)
    assert (settled.encoder, settled.size, settled.epochs) == (encoder, size, epochs)


@pytest.mark.parametrize(
    "given, drawn, units, embedding",
    [
        ({}, True, 128, 128),
        ({}, False, 256, 256),
        ({"units": 64}, False, 64, 64),
        ({"units": 64, "embedding": 32}, True, 64, 32),
        ({"embedding": 32}, True, 128, 32),
    ],
)
def test_sizes_that_are_left_to_the_encoder(
    given: dict[str, Any], drawn: bool, units: int, embedding: int
) -> None:
    settled = CaptioningSettings(**given).settled(drawn)
    assert (settled.units, settled.embedding) == (units, embedding)


@pytest.mark.parametrize(
    "given, drawn, dropout, batch_tokens, reward_epochs",
    [
        ({}, True, 0.1, 1000, 0),
        ({}, False, 0.4, 1500, 2),
        ({"encoder": "small"}, False, 0.1, 1000, 0),
        ({"dropout": 0.0, "batch_tokens": 64, "reward_epochs": 0}, False, 0.0, 64, 0),
    ],
)
def test_how_to_learn_is_left_to_the_encoder(
    given: dict[str, Any], drawn: bool, dropout: float, batch_tokens: int, reward_epochs: int
) -> None:
    settled = CaptioningSettings(**given).settled(drawn)
    found = settled.dropout, settled.batch_tokens, settled.reward_epochs
    assert found == (dropout, batch_tokens, reward_epochs)
