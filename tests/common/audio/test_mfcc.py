"""MFCC inside the model are librosa's, and do not depend on what stands beside a clip."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import keras
import librosa
import numpy as np
import pytest
import soundfile
import tensorflow as tf

from common.audio.fidelity import mfcc_differences, tflite_mfcc
from common.audio.librosa_reference import librosa_mfcc
from common.audio.mfcc import Mfcc, frames_to_mfcc, has_sound, to_frames, to_hops
from common.audio.parameters import MfccParameters

LIMIT = 1e-3  # of a coefficient
# Where float32 rounds beside a loud band: an inaudible one, and only if the floor lets it count.
LIMIT_BY_PRODUCTS = {1e-5: LIMIT, 1e-7: 5e-3}
DATA = Path(os.environ.get("RECUR_DATA", Path(__file__).parents[4] / "shared" / "data"))
OTHERS = [
    MfccParameters(),
    MfccParameters(8000, 256, 128, 26, 13, 0.0, 4000.0, 1e-7),
    MfccParameters(22050, 1024, 256, 64, 40, 50.0, 11025.0, 1e-7),
]


def _voice(n: int, rate: int) -> Any:
    """Harmonics that glide, over a little noise: loud and quiet bands beside one another."""
    rng = np.random.default_rng(n)
    time = np.arange(n) / rate
    phase = 2 * np.pi * (140 * time + 30 * time**2)
    tone = sum(np.sin(k * phase) / k**2 for k in range(1, 20))
    return np.round((0.4 * tone + 1e-3 * rng.normal(size=n)) * 32767) / 32768


def _sounds(rate: int) -> dict[str, Any]:
    time = np.arange(3 * rate // 2)
    squares = {
        f"square of {period}": np.where((2 * time // period) % 2, 32767 / 32768, -1.0)
        for period in (2, 3, 16, 37, 255, 512, 1024)
    }
    click = np.zeros(rate)
    click[777] = 1
    return {
        "voice": _voice(rate, rate),
        "silence": np.zeros(3000),
        "one sample": np.ones(1),
        "one hop": _voice(512, rate),
        "one frame": _voice(1024, rate),
        "one more than a hop": _voice(513, rate),
        "half a hop": _voice(256, rate),
        "click": click,
        "loud noise": np.random.default_rng(1).uniform(-1, 1, rate),
        "faint": _voice(rate, rate) / 4096,
        **squares,
    }


@pytest.mark.parametrize("parameters", OTHERS, ids=lambda p: str(p.sample_rate))
def test_keras_and_tflite_equal_librosa(parameters: MfccParameters) -> None:
    rate = parameters.sample_rate
    hops = parameters.hops(3 * rate // 2)
    layer, lite = Mfcc(parameters), tflite_mfcc(parameters, hops)
    step = tflite_mfcc(parameters, hops, by_products=True)
    for name, sound in _sounds(rate).items():
        expected = librosa_mfcc(sound, parameters)
        found = layer(sound[None].astype(np.float32))[0].numpy()
        np.testing.assert_allclose(found, expected, rtol=0, atol=LIMIT, err_msg=name)
        np.testing.assert_allclose(lite(sound), expected, rtol=0, atol=LIMIT, err_msg=name)
        limit = LIMIT_BY_PRODUCTS[parameters.floor]
        np.testing.assert_allclose(step(sound), expected, rtol=0, atol=limit, err_msg=name)


def test_the_reference_is_librosa_as_it_is_called_on_a_clip() -> None:
    """Written out once more, with librosa's own words and its float32."""
    sound = _voice(16000, 16000).astype(np.float32)
    p = MfccParameters()
    spectrogram = librosa.feature.melspectrogram(
        y=np.concatenate([np.zeros(512, np.float32), sound, np.zeros(384, np.float32)]),
        sr=16000,
        n_fft=1024,
        hop_length=512,
        center=False,
        n_mels=40,
        fmin=20,
        fmax=8000,
    )
    decibels = librosa.power_to_db(spectrogram, ref=1.0, amin=1e-5, top_db=None)
    mfcc = librosa.feature.mfcc(S=decibels, n_mfcc=40).T
    np.testing.assert_allclose(Mfcc(p)(sound[None])[0], mfcc, rtol=0, atol=LIMIT)


def test_a_wrong_window_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from common.audio import mfcc

    symmetric = np.hanning(1024)
    monkeypatch.setattr(mfcc, "window", lambda parameters: symmetric)
    sound = _voice(16000, 16000)
    found = Mfcc()(sound[None].astype(np.float32))[0].numpy()
    assert np.max(np.abs(found - librosa_mfcc(sound, MfccParameters()))) > LIMIT


def test_the_measured_difference_is_small_and_that_of_a_wrong_floor_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clip = np.round(_voice(9000, 16000) * 32768).astype(np.int16)
    assert max(mfcc_differences(MfccParameters(), [clip], 60).values()) < LIMIT
    other = MfccParameters(floor=2e-6)
    monkeypatch.setattr(
        "common.audio.fidelity.librosa_mfcc", lambda samples, _: librosa_mfcc(samples, other)
    )
    assert min(mfcc_differences(MfccParameters(), [clip], 60).values()) > 1


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["voice_gender/dev", "animals/dev"])
def test_real_clips(folder: str) -> None:
    files = sorted((DATA / folder).glob("*/*.flac"))
    if not files:
        pytest.skip(f"no clips in {DATA / folder}")
    parameters = MfccParameters()
    layer = tf.function(Mfcc(), reduce_retracing=True)
    lite, step = (tflite_mfcc(parameters, 160, products) for products in (False, True))
    worst = np.zeros(3)
    for file in files:
        sound = soundfile.read(file, dtype="float32")[0]
        expected = librosa_mfcc(sound, parameters)
        found = layer(sound[None])[0].numpy(), lite(sound), step(sound)
        worst = np.maximum(worst, [np.max(np.abs(values - expected)) for values in found])
    print(f"{folder}: {len(files)} clips, largest differences {worst}")
    assert worst.max() < LIMIT


def test_frames_do_not_depend_on_the_rest_of_the_clip() -> None:
    sound = _voice(16000, 16000).astype(np.float32)
    layer = Mfcc()
    whole = layer(sound[None])[0].numpy()
    cut = layer(sound[None, : 20 * 512])[0].numpy()
    np.testing.assert_allclose(whole[:20], cut, atol=2e-5)
    loud = layer(np.concatenate([sound, np.ones(4000, np.float32)])[None])[0].numpy()
    np.testing.assert_allclose(loud[:31], whole[:31], atol=2e-5)


def test_padding_a_batch_changes_nothing_and_is_masked() -> None:
    sound = _voice(5000, 16000).astype(np.float32)
    batch = np.zeros((2, 9000), np.float32)
    batch[0, :5000] = sound
    batch[1] = _voice(9000, 16000)
    found = Mfcc()(batch).numpy()
    np.testing.assert_allclose(found[0, :10], Mfcc()(sound[None])[0], atol=2e-5)
    mask = has_sound(to_hops(tf.constant(batch), 512)).numpy()
    assert mask.tolist() == [[True] * 10 + [False] * 8, [True] * 18]


@pytest.mark.parametrize("samples", [1, 511, 512, 513, 5000])
def test_hop_by_hop_is_the_whole(samples: int) -> None:
    sound = _voice(samples, 16000).astype(np.float32)
    parameters = MfccParameters()
    whole = Mfcc()(sound[None])[0].numpy()
    hops = to_hops(tf.constant(sound[None]), 512)
    history = tf.zeros([1, parameters.history])
    for t in range(hops.shape[1]):
        hop = hops[:, t : t + 1]
        found = frames_to_mfcc(to_frames(hop, history), parameters, tf.float64)
        np.testing.assert_allclose(found[0, 0], whole[t], atol=2e-5)
        history = tf.concat([history, hop[:, 0]], 1)[:, 512:]


def test_a_layer_comes_back_from_its_configuration() -> None:
    layer = Mfcc(OTHERS[1])
    again = Mfcc.from_config(layer.get_config())
    assert again.parameters == OTHERS[1]
    with_policy = Mfcc(dtype="mixed_float16")
    assert with_policy.compute_dtype == "float32"
    model = keras.Sequential([keras.Input((None,)), Mfcc()])
    assert model.output_shape == (None, None, 40)
    assert layer.compute_output_shape((3, 1000)) == (3, 8, 13)


@pytest.mark.parametrize(
    "wrong",
    [
        {"n_fft": 500},
        {"n_fft": 256},
        {"n_mfcc": 41},
        {"fmax": 9000.0},
        {"fmin": -1.0},
        {"floor": 0.0},
        {"hop_length": 0},
    ],
)
def test_parameters_that_do_not_go_together_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must be|need"):
        MfccParameters(**wrong)
