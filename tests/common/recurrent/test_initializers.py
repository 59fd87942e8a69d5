"""First biases of slow gates: their range, their distribution, and that they can be stored."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from common.recurrent.initializers import SlowGates
from common.recurrent.layer import Recur


def test_states_last_from_two_steps_to_the_longest() -> None:
    biases = np.asarray(SlowGates(100, seed=1)((20_000,)), np.float64)
    # 1 / (1 - sigmoid(b)) = 1 + exp(b), drawn evenly from 2 to 100: mean 51, deviation 98/sqrt(12).
    lasting = 1 + np.exp(biases)
    assert lasting.min() == pytest.approx(2, abs=0.1)
    assert lasting.max() == pytest.approx(100, abs=0.1)
    assert lasting.mean() == pytest.approx(51, abs=1)
    assert lasting.std() == pytest.approx(98 / 12**0.5, abs=1)


def test_one_seed_gives_one_set_of_biases() -> None:
    def drawn(seed: int) -> list[float]:
        return np.asarray(SlowGates(50, seed=seed)((4,))).tolist()

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


@pytest.mark.parametrize("longest", [2, 0, float("nan")])
def test_too_short_is_refused(longest: float) -> None:
    with pytest.raises(ValueError, match="above 2 steps"):
        SlowGates(longest)


def test_a_layer_with_it_is_made_again() -> None:
    layer = Recur(4, gate_bias_initializer=SlowGates(30, seed=3))
    again = Recur.from_config(layer.get_config())
    for one in (layer, again):
        one.build((None, None, 2))
    assert np.asarray(layer.cell.gate_bias).tolist() == np.asarray(again.cell.gate_bias).tolist()
    assert isinstance(again.cell.gate_bias_initializer, SlowGates)


def test_its_name_is_registered() -> None:
    stored = keras.saving.serialize_keras_object(SlowGates(30, seed=3))
    assert stored["registered_name"] == "recur>SlowGates"
    assert keras.saving.deserialize_keras_object(stored).get_config() == {"longest": 30, "seed": 3}
