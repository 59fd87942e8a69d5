"""Who speaks: everything that stays the same in one person's clips."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import vowels

# Mean pitch in hertz; every pitch within is as likely, on a logarithmic scale.
PITCH = {"female": (145.0, 255.0), "male": (85.0, 186.0)}
# Standard deviations, as shares, of the length of the tract among the speakers of a class, and of
# what each formant has of its own. Between the averages of the classes there is a sixth.
_TRACT = 0.031
_FORMANT = 0.014
# Formants above this are left out: half the sample rate is near.
_HIGHEST = 7800


@dataclass(frozen=True)
class Speaker:
    """A voice.

    Attributes:
        name: no other speaker of the corpus has it.
        label: "female" or "male".
        pitch: geometric mean of the pitch in hertz.
        movement: standard deviation of the pitch from vowel to vowel, in semitones.
        formants: F1 to F4 of each vowel in hertz, `(10, 4)`.
        upper: the formants above those, which no vowel moves, in hertz.
        open_quotient: share of a period in which the glottis is open.
        corner: frequency in hertz above which the source falls by 6 dB more an octave.
        jitter, shimmer: standard deviations of a period and of a pulse's height, as shares of them.
        breath: amplitude of the noise of breath against that of the pulses.
        rate: vowels a second.
    """

    name: str
    label: str
    pitch: float
    movement: float
    formants: NDArray[np.float64]
    upper: NDArray[np.float64]
    open_quotient: float
    corner: float
    jitter: float
    shimmer: float
    breath: float
    rate: float


def draw(name: str, label: str, rng: np.random.Generator) -> Speaker:
    """Returns a speaker of a class.

    What distinguishes the classes is pitch and formants, no more: the manner of speaking is drawn
    from the same distributions for both.
    """
    low, high = PITCH[label]
    scale = np.exp(rng.normal(0, _TRACT))
    formants = vowels.formants(label) * scale * np.exp(rng.normal(0, _FORMANT, 4))
    spacing = vowels.SPACING[label] * scale
    upper = formants[0, 3] + spacing * (np.arange(1, 5) + rng.normal(0, 0.1, 4))
    return Speaker(
        name=name,
        label=label,
        pitch=_between(low, high, rng),
        movement=rng.uniform(0.7, 2.0),
        formants=formants,
        upper=upper[upper < _HIGHEST],
        open_quotient=rng.uniform(0.45, 0.75),
        corner=_between(800, 4000, rng),
        jitter=rng.uniform(0.002, 0.012),
        shimmer=rng.uniform(0.02, 0.08),
        breath=_between(0.004, 0.03, rng),
        rate=rng.uniform(3.5, 7.0),
    )


def _between(low: float, high: float, rng: np.random.Generator) -> float:
    """A number of which every ratio is as likely."""
    return float(low * (high / low) ** rng.random())
