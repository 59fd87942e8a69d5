"""Resizing: by hand, against Pillow, and what must hold for every picture."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from common.image.resizing import COLUMN_BITS, ROW_BITS, resize, weights
from tests.common.image.pictures import noise, scene

SHAPES = [(1, 1), (1, 500), (500, 1), (3, 2), (2, 3), (427, 640), (161, 159), (47, 48), (900, 7)]


def of_pillow(image: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(image).resize((size, size), Image.Resampling.BILINEAR))


def grey(*rows: Any) -> NDArray[np.uint8]:
    return np.repeat(np.array(rows, np.uint8)[..., None], 3, axis=2)


def test_two_by_two_to_one_is_the_mean() -> None:
    assert resize(grey([0, 10], [20, 31]), 1).tolist() == [[[15] * 3]]  # 15.25
    assert resize(grey([1, 2], [2, 1]), 1).tolist() == [[[2] * 3]]  # 1.5, rounded up


def test_two_pixels_to_four() -> None:
    # Centres at -1/4, 1/4, 3/4 and 5/4 of the way from one to the other: 0, 25, 75, 100.
    found = resize(grey([0, 100]), 4)
    assert found[..., 0].tolist() == [[0, 25, 75, 100]] * 4


def test_three_pixels_to_two() -> None:
    # Pixel 0 lies at 3/4; its triangle is 3 wide: 1/2 is 1/6 off, 3/2 half, 5/2 outside (7/6).
    # So the weights are 5/6 and 1/2 of 4/3: 5/8 and 3/8.
    found = resize(grey([0, 80, 200]), 2)
    assert found[..., 0].tolist() == [[30, 155]] * 2  # 200 * 5/8 + 80 * 3/8


@pytest.mark.parametrize("size", [1, 2, 7, 160])
def test_one_pixel_to_any_size(size: int) -> None:
    pixel = np.array([[[1, 128, 255]]], np.uint8)
    found = resize(pixel, size)
    assert found.shape == (size, size, 3)
    assert (found == pixel).all()


@pytest.mark.parametrize("size", [1, 16, 47, 160, 224])
@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_what_pillow_calls_bilinear(shape: tuple[int, int], size: int) -> None:
    for image in (noise(*shape), scene(*shape)):
        found = resize(image, size)
        # Pillow rounds between its two passes as well.
        assert np.abs(found.astype(int) - of_pillow(image, size)).max() <= 1


def test_pillow_tells_another_filter_from_ours() -> None:
    image = noise(427, 640)
    other = np.asarray(Image.fromarray(image).resize((160, 160), Image.Resampling.BICUBIC))
    assert np.abs(resize(image, 160).astype(int) - other).max() > 10


@pytest.mark.parametrize("size", [1, 2, 47, 224])
def test_the_same_size_changes_nothing(size: int) -> None:
    np.testing.assert_array_equal(resize(noise(size, size), size), noise(size, size))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_plain_picture_stays_plain(shape: tuple[int, int]) -> None:
    for value in (0, 1, 127, 254, 255):
        assert (resize(np.full((*shape, 3), value, np.uint8), 48) == value).all()


def test_channels_are_apart() -> None:
    image = noise(40, 30)
    alone = [resize(np.ascontiguousarray(image[..., n : n + 1]), 16) for n in range(3)]
    np.testing.assert_array_equal(resize(image, 16), np.concatenate(alone, axis=2))


def test_slices_of_another_picture() -> None:
    image = noise(80, 60)[5:45, ::2]
    np.testing.assert_array_equal(resize(image, 24), resize(image.copy(), 24))


def test_a_checkerboard_becomes_grey() -> None:
    board = (255 * (np.indices((320, 320)).sum(axis=0) % 2)).astype(np.uint8)
    found = resize(grey(*board), 40).astype(int)
    assert np.abs(found - 127.5).max() <= 1.5


@pytest.mark.parametrize("bits", [ROW_BITS, COLUMN_BITS])
@pytest.mark.parametrize(
    ("before", "after"), [(1, 1), (1, 9), (2, 1), (3, 2), (5, 7), (64, 15), (65_535, 3)]
)
def test_weights_are_whole_and_near_the_triangle(before: int, after: int, bits: int) -> None:
    matrix, begin, end = weights(before, after, bits)
    assert matrix.shape == (after, before)
    assert (matrix == np.rint(matrix)).all()
    assert (matrix >= 0).all()
    assert (matrix.sum(axis=1, dtype=np.float64) == 2**bits).all()
    for row, first, last in zip(matrix, begin, end, strict=True):
        assert 0 <= first < last <= before
        assert not row[:first].any()
        assert not row[last:].any()
    if before > 1000:
        return
    scale = Fraction(before, after)
    for i, row in enumerate(matrix):
        away = [abs(j + Fraction(1, 2) - (i + Fraction(1, 2)) * scale) for j in range(before)]
        wide = max(scale, Fraction(1))
        triangle = [max(Fraction(0), 1 - d / wide) for d in away]
        total = sum(triangle)
        exact = [float(w / total * 2**bits) for w in triangle]
        assert np.abs(row - exact).max() <= 1


def test_every_sum_is_exact_in_single_precision() -> None:
    assert 255 * 2**ROW_BITS < 2**24
    image = np.full((700, 900, 3), 255, np.uint8)
    image[::2] = 254
    image[:, ::3] = 253
    rows, columns = (weights(n, 40, b).matrix for n, b in ((700, ROW_BITS), (900, COLUMN_BITS)))
    lines = np.einsum("ij,jkc->ikc", rows.astype(np.int64), image.astype(np.int64))
    lines = (lines + 2 ** (COLUMN_BITS - 1)) >> COLUMN_BITS
    whole = np.einsum("ij,kjc->kic", columns.astype(np.int64), lines)
    np.testing.assert_array_equal(resize(image, 40), (whole + 2 ** (ROW_BITS - 1)) >> ROW_BITS)


@pytest.mark.parametrize(
    "image", [np.zeros((0, 3, 3), np.uint8), np.zeros((3, 3), np.uint8), np.zeros((3, 3, 3))]
)
def test_what_is_no_picture(image: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match="a picture must be"):
        resize(image, 8)


def test_no_size() -> None:
    with pytest.raises(ValueError, match="size above 0"):
        resize(noise(2, 2), 0)
