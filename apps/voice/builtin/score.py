"""What a voice is to do from one moment to the next, and how one is made up at random."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve1d

from .speakers import Speaker

Array = NDArray[np.float64]

# Values of a score a second.
RATE = 100

# Standard deviation, as a share, of a formant from one time a vowel is spoken to the next.
_VARIATION = 0.02
# How often one thing follows a vowel: nothing at all, the noise of a fricative, the silence and
# burst of a plosive, a pause. The shares are cumulative.
_JOINTS = ("glide", "fricative", "plosive", "pause")
_SHARES = (0.35, 0.6, 0.85, 1.0)


@dataclass(frozen=True)
class Score:
    """Values `RATE` times a second, each array of the same length.

    Attributes:
        pitch: in hertz.
        formants: F1 to F4 in hertz, `(steps, 4)`.
        voice: amplitude of the pulses.
        hiss: amplitude of the noise of consonants.
        place: where that noise is strongest, in hertz.
    """

    pitch: Array
    formants: Array
    voice: Array
    hiss: Array
    place: Array


def steps(seconds: float) -> int:
    """Returns the length of a score."""
    return max(1, round(seconds * RATE))


def smooth(values: Array, seconds: float) -> Array:
    """Returns `values`, along the first axis, under a Hann window of the given length."""
    window = np.hanning(max(3, 2 * round(seconds * RATE / 2) + 1) + 2)[1:-1]
    return np.asarray(convolve1d(values, window / window.sum(), axis=0, mode="nearest"))


def compose(speaker: Speaker, seconds: float, rng: np.random.Generator) -> Score:
    """Returns vowels in random order, with consonants and pauses between them.

    Args:
        speaker: whose formants, pitch and manner.
        seconds: length.
        rng: of all draws.
    """
    length = steps(seconds)
    targets = np.empty((length, 4))
    voice, hiss, place = np.zeros(length), np.zeros(length), np.full(length, 3000.0)
    accent = np.empty(length)
    at = 0
    while at < length:
        end = min(length, at + max(steps(0.08), steps(rng.lognormal(0, 0.35) / speaker.rate)))
        targets[at:end] = speaker.formants[rng.integers(10)] * np.exp(rng.normal(0, _VARIATION, 4))
        voice[at:end] = 10 ** (rng.normal(0, 2.5) / 20)
        accent[at:end] = rng.normal(0, speaker.movement)
        joint = _JOINTS[int(np.searchsorted(_SHARES, rng.random()))]
        if joint != "glide" and length - end > steps(0.15):
            gap = steps(rng.uniform(0.1, 0.45) if joint == "pause" else rng.uniform(0.05, 0.12))
            first, end = end, min(length, end + gap)
            targets[first:end] = targets[first - 1]
            accent[first:end] = accent[first - 1]
            noisy = slice(first, end) if joint == "fricative" else slice(end - 2, end)
            if joint != "pause":
                targets[first:end, 0] = 250
                hiss[noisy] = 10 ** (rng.uniform(-28, -16) / 20)
                place[first:end] = rng.uniform(1500, 6500)
        at = end
    voice[:1] = voice[-1:] = 0
    return Score(
        pitch=_pitch(speaker, accent, rng),
        formants=smooth(targets, rng.uniform(0.04, 0.09)),
        voice=smooth(voice, 0.03),
        hiss=smooth(hiss, 0.02),
        place=place,
    )


def _pitch(speaker: Speaker, accent: Array, rng: np.random.Generator) -> Array:
    """The speaker's mean with declination, accents and a slow wander around it."""
    time = np.arange(len(accent)) / RATE
    decline = -rng.uniform(0, 3) * (time - time.mean()) / max(1.0, time[-1])
    wander = rng.uniform(0.1, 0.4) * np.sin(
        2 * np.pi * (rng.uniform(3, 6) * time + rng.random())
        + smooth(rng.normal(size=len(time)), 1)
    )
    semitones = decline + smooth(accent - accent.mean(), 0.12) + wander
    return speaker.pitch * 2 ** (semitones / 12)
