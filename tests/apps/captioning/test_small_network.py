"""The small convolutional network: where things are, and how far each place sees."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from apps.captioning.small_network import Coordinates, small_network


@pytest.fixture(scope="module")
def network() -> keras.Model:
    keras.utils.set_random_seed(0)
    return small_network(96)


def test_coordinates_by_hand() -> None:
    given = np.full((2, 2, 3, 1), 7, np.float32)
    found = np.asarray(Coordinates()(given))
    assert found.shape == (2, 2, 3, 3)
    assert (found[..., :1] == given).all()
    for one in found:
        assert one[:, :, 1].tolist() == [[-1, 0, 1], [-1, 0, 1]]  # right
        assert one[:, :, 2].tolist() == [[-1, -1, -1], [1, 1, 1]]  # down


def test_coordinates_of_one_place() -> None:
    assert np.asarray(Coordinates()(np.zeros((1, 1, 1, 1), np.float32))).tolist() == [
        [[[0, -1, -1]]]
    ]


@pytest.mark.parametrize(("size", "side"), [(96, 12), (32, 4), (20, 3)])
def test_the_map_has_an_eighth_of_the_sides(size: int, side: int) -> None:
    assert small_network(size).output_shape == (None, side, side, 96)


def _reached(network: keras.Model, layer: str, row: int, column: int) -> np.ndarray:
    """Returns which places of a layer change with a block of pixels."""
    part = keras.Model(network.input, network.get_layer(layer).output)
    picture = np.random.default_rng(0).uniform(-1, 1, (1, 96, 96, 3)).astype(np.float32)
    changed = picture.copy()
    changed[:, row : row + 4, column : column + 4] += 5
    difference = np.abs(np.asarray(part(changed)) - np.asarray(part(picture)))
    return difference[0].max(-1) > 0


def test_each_place_sees_most_of_the_picture(network: keras.Model) -> None:
    assert _reached(network, "sum_4", 46, 46).all()
    corner = _reached(network, "sum_4", 0, 0)
    assert corner[:10, :10].all()
    # Without the dilated convolutions, it does not.
    assert not _reached(network, "activation_3a", 46, 46).all()


def test_places_that_look_alike_are_told_apart(network: keras.Model) -> None:
    found = np.asarray(network(np.zeros((1, 96, 96, 3), np.float32)))[0]
    middle = found[6, 4:8]
    assert np.abs(middle - middle[0]).max(-1)[1:].min() > 1e-3
    before = keras.Model(network.input, network.get_layer("activation_3a").output)
    same = np.asarray(before(np.zeros((1, 96, 96, 3), np.float32)))[0][6, 5:7]
    np.testing.assert_allclose(same[0], same[1], atol=1e-6)


def test_saved_and_loaded(network: keras.Model, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("small") / "small.keras"
    network.save(path)
    pixels = np.random.default_rng(1).uniform(-1, 1, (2, 96, 96, 3)).astype(np.float32)
    again = keras.saving.load_model(path)
    assert np.array_equal(np.asarray(network(pixels)), np.asarray(again(pixels)))
