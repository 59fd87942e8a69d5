"""The phone's form of a network that reads in both directions, in every precision there is."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from apps.voice.application import APPLICATION
from apps.voice.front_end import SoundFrontEnd
from apps.voice.network import build_network, phone_function
from apps.voice.settings import VoiceSettings
from common.classification.artefacts import LiteScorer, ModelScorer
from common.export.tflite import INT16_ACTIVATIONS, convert
from common.recurrent.layer import unfolded_as
from tests.apps.voice.conftest import RATE, sweep

LABELS = ("fall", "rise")


@pytest.mark.parametrize("precision", ["float32", INT16_ACTIVATIONS])
def test_both_directions(precision: str) -> None:
    settings = VoiceSettings(
        sample_rate=RATE,
        n_fft=256,
        hop_length=128,
        n_mels=20,
        n_mfcc=10,
        units=8,
        direction="both",
    )
    front_end = SoundFrontEnd(settings.mfcc(), 20)
    clips = [front_end.to_hops(sweep(LABELS[i % 2], i, 0.3))[: 12 + i % 9] for i in range(20)]
    keras.utils.set_random_seed(0)
    model = build_network(settings, front_end, 2, np.random.default_rng(0).normal(size=(50, 10)))
    function = phone_function(model, front_end)
    assert function.front_end is not None

    def unrolled(*arguments: Any) -> Any:
        with unfolded_as("unrolled"):
            return function.function(*arguments)

    content = convert(
        unrolled,
        function.inputs,
        [v.value for v in model.variables],
        artefacts={"file": precision},
        signature="classify",
        single_subgraph=True,
        calibration=lambda: ({"waveform": front_end.pad([one], 20)} for one in clips),
        front_end=(function.front_end.function, function.front_end.inputs),
    )["file"]
    expected = ModelScorer(model, LABELS, front_end).score_encoded(clips)
    found = LiteScorer(APPLICATION, content, front_end, LABELS).score_encoded(clips)
    limit = 1e-5 if precision == "float32" else 0.01
    np.testing.assert_allclose(found, expected, atol=limit)
    assert np.ptp(expected[:, 0]) > 0.05  # the clips are told apart at all
