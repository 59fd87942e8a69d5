"""Bands by pieces are those of the whole matrix, and take a fraction of its constants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from common.audio.bands import weighted
from common.audio.mfcc import mel_filters
from common.audio.parameters import MfccParameters
from common.audio.products import weights_in_order

PARAMETERS = [
    MfccParameters(),
    MfccParameters(sample_rate=8000, n_fft=46, hop_length=23, n_mels=5, n_mfcc=5, fmax=3000),
    MfccParameters(n_fft=4, hop_length=2, n_mels=1, n_mfcc=1),
]


def _power(bins: int) -> Any:
    return np.random.default_rng(0).exponential(size=(2, 3, bins)).astype("float32")


@pytest.mark.parametrize("parameters", PARAMETERS, ids=str)
@pytest.mark.parametrize("by_products", [False, True])
def test_same_as_the_whole_matrix(parameters: MfccParameters, by_products: bool) -> None:
    weights = mel_filters(parameters)
    if by_products:
        weights = weights_in_order(weights, parameters.n_fft)
    power = _power(len(weights))
    expected = power.astype(np.float64) @ weights
    np.testing.assert_allclose(weighted(power, weights), expected, rtol=1e-5, atol=1e-7)
    shifted = weighted(power, np.roll(weights, 1, axis=0)).numpy()
    if len(weights) > 10:
        assert np.abs(shifted - expected).max() > 1e-3 * expected.max()


def test_by_hand() -> None:
    """Bins 1 to 10 in pieces of 2, 2, 1 ...; the last bin alone is in the second band."""
    weights = np.zeros((10, 3), "float32")
    weights[:4, 0], weights[9, 1] = 1, 2
    power = np.arange(1, 11, dtype="float32")[None, None]
    assert weighted(power, weights).numpy().tolist() == [[[10, 20, 0]]]


def _constants(parameters: MfccParameters, by_products: bool) -> int:
    weights = mel_filters(parameters)
    if by_products:
        weights = weights_in_order(weights, parameters.n_fft)
    graph = tf.function(lambda x: weighted(x, weights)).get_concrete_function(
        tf.TensorSpec((1, 1, len(weights)))
    )
    values = (op.get_attr("value") for op in graph.graph.get_operations() if op.type == "Const")
    return sum(len(value.tensor_content) for value in values)


def test_few_constants() -> None:
    dense = mel_filters(MfccParameters()).nbytes
    assert dense == 4 * 513 * 40
    assert _constants(MfccParameters(), by_products=False) < dense / 5
    assert _constants(MfccParameters(), by_products=True) < dense / 3
