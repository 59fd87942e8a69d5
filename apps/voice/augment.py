"""The changes that a clip goes through in training, as the settings say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from apps.voice.front_end import SoundFrontEnd
from apps.voice.settings import VoiceSettings
from common.audio.augmentation import augment
from common.audio.mixing import mix
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


def make_mix(
    settings: VoiceSettings, front_end: SoundFrontEnd
) -> Callable[[Array, Array, np.random.Generator], tuple[Array, float]] | None:
    """Returns a function from two clips in hops to their mixture and the first one's share.

    None where the settings mix nothing.
    """
    if not settings.mixing:
        return None

    def combine(one: Array, other: Array, rng: np.random.Generator) -> tuple[Array, float]:
        if rng.random() >= settings.mixing:
            return one, 1.0
        share = 1 - rng.random()  # never 0
        return front_end.to_hops(mix(one.reshape(-1), other.reshape(-1), share, rng)), share

    return combine
