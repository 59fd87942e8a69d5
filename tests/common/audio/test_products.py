"""A spectrum by products is that of NumPy's transform, bin by bin, for lengths of every kind."""

from __future__ import annotations

import numpy as np
import pytest

from common.audio.products import factors, power_spectrum, weights_in_order


@pytest.mark.parametrize("n, expected", [(1024, (32, 32)), (512, (16, 32)), (12, (3, 4))])
def test_factors(n: int, expected: tuple[int, int]) -> None:
    assert factors(n) == expected


# Squares, twice a square, odd, a prime, and the shortest there is.
@pytest.mark.parametrize("n_fft", [1024, 512, 400, 45, 7, 2])
def test_every_bin_is_that_of_a_transform(n_fft: int) -> None:
    frames = np.random.default_rng(0).normal(size=(2, 3, n_fft)).astype("float32")
    expected = np.abs(np.fft.rfft(frames.astype("float64"))) ** 2
    bins = np.eye(n_fft // 2 + 1, dtype="float32")
    found = power_spectrum(frames).numpy() @ weights_in_order(bins, n_fft)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6 * expected.max())
    if n_fft > 7:
        wrong = power_spectrum(np.roll(frames, 1, axis=2) * frames).numpy()
        assert np.max(np.abs(wrong @ weights_in_order(bins, n_fft) - expected)) > 1


def test_a_tone_is_in_its_bin_alone() -> None:
    """By hand: a cosine of 5 periods in 64 samples has (64 / 2)^2 there, and nothing elsewhere."""
    frames = np.cos(2 * np.pi * 5 * np.arange(64) / 64)[None, None].astype("float32")
    expected = np.zeros(33)
    expected[5] = 32**2
    bins = np.eye(33, dtype="float32")
    found = power_spectrum(frames).numpy()[0, 0] @ weights_in_order(bins, 64)
    np.testing.assert_allclose(found, expected, atol=1e-3)


@pytest.mark.parametrize("n_fft", [1024, 45, 2])
def test_a_weight_is_given_once(n_fft: int) -> None:
    weights = np.random.default_rng(1).uniform(1, 2, (n_fft // 2 + 1, 4)).astype("float32")
    ordered = weights_in_order(weights, n_fft)
    given = ordered[ordered.any(axis=1)]
    np.testing.assert_array_equal(np.sort(given, axis=0), np.sort(weights, axis=0))
