"""What the masking layer hides in training, how much of it, and that it hides nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from common.audio.masking import FeatureMasking

_BATCH, _STEPS, _FEATURES = 400, 50, 12
_X = np.random.default_rng(0).uniform(1, 2, (_BATCH, _STEPS, _FEATURES)).astype(np.float32)
_BOTH: dict[str, Any] = {"feature_masks": 2, "feature_width": 3, "time_masks": 2, "time_width": 6}


def _hidden(layer: FeatureMasking, mask: Any = None, x: Any = _X) -> Any:
    """Returns where zeros are; everything else must be as it was."""
    found = np.asarray(layer(x, mask=mask, training=True))
    hidden = found == 0
    np.testing.assert_array_equal(found[~hidden], np.asarray(x)[~hidden])
    return hidden


def _runs(row: Any) -> list[int]:
    """Returns the lengths of the runs of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(int), [0]])))
    return [int(end - start) for start, end in edges.reshape(-1, 2)]


def test_nothing_is_hidden_outside_of_training() -> None:
    layer = FeatureMasking(**_BOTH, seed=1)
    np.testing.assert_array_equal(layer(_X), _X)
    np.testing.assert_array_equal(layer(_X, training=False), _X)
    assert _hidden(layer).any()


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"feature_masks": 2},
        {"feature_width": 3, "time_width": 3},
        _BOTH | {"feature_masks": 0, "time_share": 0.0},
    ],
)
def test_no_masks_or_no_width_hides_nothing(arguments: dict[str, Any]) -> None:
    assert not _hidden(FeatureMasking(**arguments, seed=1)).any()


def test_features_are_hidden_at_every_step_in_one_band() -> None:
    hidden = _hidden(FeatureMasking(feature_masks=1, feature_width=4, seed=1))
    assert np.array_equal(hidden.all(1), hidden.any(1))
    runs = [_runs(row) for row in hidden.any(1)]
    assert max(len(run) for run in runs) == 1
    widths = [sum(run) for run in runs]
    for width in range(5):  # 0 to 4, each as often as another
        assert np.mean(np.array(widths) == width) == pytest.approx(1 / 5, abs=0.06)
    # The first and the last feature too.
    assert hidden.any(1)[:, 0].any() and hidden.any(1)[:, -1].any()


def test_stretches_of_time_hide_every_feature() -> None:
    hidden = _hidden(FeatureMasking(time_masks=1, time_width=5, time_share=1.0, seed=1))
    assert np.array_equal(hidden.all(2), hidden.any(2))
    runs = [_runs(row) for row in hidden.any(2)]
    assert max(len(run) for run in runs) == 1
    assert {sum(run) for run in runs} == set(range(6))
    assert hidden.any(2).any(0).all()


def test_more_masks_hide_more() -> None:
    one, three = (
        _hidden(FeatureMasking(time_masks=n, time_width=5, time_share=1.0, seed=1)).any(2)
        for n in (1, 3)
    )
    assert one.mean() == pytest.approx(2.5 / _STEPS, abs=0.005)
    # Each drawn for itself, so that they may overlap.
    assert three.mean() == pytest.approx(1 - np.mean((1 - one.mean(0)) ** 3), abs=0.008)
    assert max(len(_runs(row)) for row in three) == 3


@pytest.mark.parametrize("share", [0.1, 0.3])
@pytest.mark.parametrize("masks", [1, 2])
def test_time_is_hidden_up_to_a_share_of_the_real_steps(share: float, masks: int) -> None:
    lengths = np.random.default_rng(1).integers(0, _STEPS + 1, _BATCH)
    mask = np.arange(_STEPS) < lengths[:, None]
    layer = FeatureMasking(time_masks=masks, time_width=_STEPS, time_share=share, seed=1)
    hidden = _hidden(layer, mask).any(2) & mask
    assert np.all(hidden.sum(1) <= share * lengths + 1e-6)
    # And no less than asked for: a long example comes near to it.
    assert max(hidden.sum(1) / np.maximum(lengths, 1)) > 0.9 * share
    assert hidden[lengths == _STEPS][:, -10:].any()


def test_a_stretch_counts_real_steps_only() -> None:
    mask: Any = np.random.default_rng(1).random((_BATCH, _STEPS)) < 0.5
    layer = FeatureMasking(time_masks=1, time_width=8, time_share=1.0, seed=1)
    hidden = _hidden(layer, mask).any(2)
    of_real = [_runs(row[real]) for row, real in zip(hidden, mask, strict=True)]
    assert max(len(runs) for runs in of_real) == 1
    assert {sum(runs) for runs in of_real} == set(range(9))
    # Every place among the real steps, the first and the last too.
    assert any(row[real][0] for row, real in zip(hidden, mask, strict=True))
    assert any(row[real][-1] for row, real in zip(hidden, mask, strict=True))


def test_each_example_has_its_own_masks() -> None:
    hidden = _hidden(FeatureMasking(**_BOTH, seed=1))
    assert len({row.tobytes() for row in hidden}) > _BATCH / 2


def test_masks_differ_from_call_to_call_and_not_from_seed_to_seed() -> None:
    layer, same, other = (FeatureMasking(**_BOTH, seed=seed) for seed in (1, 1, 2))
    first = _hidden(layer)
    assert not np.array_equal(_hidden(layer), first)
    np.testing.assert_array_equal(_hidden(same), first)
    assert not np.array_equal(_hidden(other), first)


def test_a_band_wider_than_there_are_features() -> None:
    hidden = _hidden(FeatureMasking(feature_masks=1, feature_width=100, seed=1)).any(1)
    assert set(hidden.sum(1)) == set(range(_FEATURES + 1))
    assert hidden.sum(1).mean() == pytest.approx(_FEATURES / 2, abs=0.6)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_batch_and_length_may_be_unknown(jit_compile: bool) -> None:
    layer = FeatureMasking(**_BOTH, seed=1)

    @tf.function(input_signature=[tf.TensorSpec([None, None, _FEATURES])], jit_compile=jit_compile)
    def run(x: Any) -> Any:
        return layer(x, training=True)

    for shape in ((3, 20), (1, 1), (2, 0), (0, 5)):
        x = np.ones((*shape, _FEATURES), np.float32)
        assert run(x).shape == x.shape
    found = run(_X).numpy()
    assert 0 < np.mean(found == 0) < 0.6


def test_masks_of_other_layers_pass_through() -> None:
    x = _X.copy()
    x[:, 30:] = 0
    inputs = keras.Input((None, _FEATURES))
    hidden = FeatureMasking(feature_masks=1, feature_width=6, seed=1)(
        keras.layers.Masking()(inputs)
    )
    model = keras.Model(inputs, keras.layers.GlobalAveragePooling1D()(hidden))
    means = x[:, :30].mean(1)
    np.testing.assert_allclose(model(x), means, rtol=1e-5)
    found = np.asarray(model(x, training=True))
    assert 0 < np.mean(found == 0) < 0.6
    np.testing.assert_allclose(found, means * (found != 0), rtol=1e-5)


def test_half_precision_stays_half_precision() -> None:
    layer = FeatureMasking(**_BOTH, seed=1, dtype="mixed_float16")
    found = layer(_X, training=True)
    assert found.dtype == "float16"
    assert 0 < np.mean(np.asarray(found) == 0) < 0.6


def test_a_saved_layer_comes_back(tmp_path: Path) -> None:
    arguments = {**_BOTH, "time_share": 0.3, "seed": 5}
    inputs = keras.Input((None, _FEATURES))
    model = keras.Model(inputs, FeatureMasking(**arguments, name="hide")(inputs))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras").get_layer("hide")
    assert isinstance(again, FeatureMasking)
    assert {name: again.get_config()[name] for name in arguments} == arguments
    assert keras.saving.get_registered_name(FeatureMasking) == "recur>FeatureMasking"
    np.testing.assert_array_equal(_hidden(again), _hidden(FeatureMasking(**arguments)))


@pytest.mark.parametrize(
    "arguments", [{"feature_masks": -1}, {"time_width": -1}, {"time_share": 1.5}]
)
def test_wrong_numbers_are_named(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        FeatureMasking(**arguments)
