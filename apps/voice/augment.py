"""The changes that a clip goes through in training, as the settings say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from apps.voice.front_end import SoundFrontEnd
from apps.voice.settings import VoiceSettings
from common.audio.augmentation import augment
from common.classification.application import Array


def make_augment(
    settings: VoiceSettings, front_end: SoundFrontEnd
) -> Callable[[Array, np.random.Generator], Array] | None:
    """Returns a function from hops `(hops, hop_length)` to other hops, at most a window of them.

    None where the settings change nothing.
    """
    amounts = (settings.gain, settings.noise, settings.shift, settings.tempo, settings.pitch)
    if not any((*amounts, settings.speed)):
        return None
    rate = front_end.parameters.sample_rate

    def change(hops: Array, rng: np.random.Generator) -> Array:
        samples = augment(hops.reshape(-1), rate, settings, rng)
        return front_end.to_hops(samples[: front_end.window_samples])

    return change
