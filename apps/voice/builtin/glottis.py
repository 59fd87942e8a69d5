"""The source of a voice: when the glottis closes, and what each closure sounds like.

A pulse is the causal-anticausal linear model of B. Doval, C. d'Alessandro and N. Henrich, "The
voice source as a causal/anticausal linear filter" (VOQUAL 2003): the open phase is a resonance that
runs backwards in time from the closure, the return phase a low pass of first order. It has the
spectrum of the Liljencrants-Fant pulse and, written as a spectrum, no aliases at any pitch.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Share of the open phase in which the flow rises.
_ASYMMETRY = 0.7


def closures(pitch: Array, rate: float, jitter: float, rng: np.random.Generator) -> Array:
    """Returns the instants at which the glottis closes, in seconds.

    Args:
        pitch: in hertz, `rate` values a second.
        rate: see `pitch`.
        jitter: standard deviation of the instants as a share of the period.
        rng: draws the phase of the first pulse and the jitter.
    """
    edges = np.arange(len(pitch) + 1) / rate
    cycles = np.concatenate([[0.0], np.cumsum(pitch / rate)]) + rng.random()
    instants = np.interp(np.arange(1, int(cycles[-1]) + 1), cycles, edges)
    at = np.minimum((instants * rate).astype(int), len(pitch) - 1)
    instants += jitter / pitch[at] * rng.normal(size=len(instants))
    return np.clip(instants, 0, edges[-1])


def open_phase(pitch: Array, open_quotient: float, frequencies: Array) -> NDArray[np.complex64]:
    """Returns what the open phase divides a spectrum by, `(pulses, frequencies)`.

    Args:
        pitch: of each pulse, in hertz.
        open_quotient: share of a period in which the glottis is open.
        frequencies: in hertz.
    """
    opening = open_quotient / pitch[:, None]
    resonance = 1 / (2 * opening)
    # The sign is what makes the resonance run backwards in time.
    bandwidth = -1j / (opening * np.tan(np.pi * (1 - _ASYMMETRY)))
    divisor = bandwidth.astype(np.complex64) * frequencies.astype(np.float32)
    divisor += (resonance**2).astype(np.float32)
    divisor -= (frequencies**2).astype(np.float32)
    return np.asarray(divisor, np.complex64)


def closing(corner: float, frequencies: Array) -> NDArray[np.complex128]:
    """Returns the rest of a pulse's spectrum, `(frequencies,)`.

    Divided by `open_phase` it is the spectrum, in seconds, of the derivative of the flow. The
    closure, at time 0, is a step by 1 at any pitch, rounded by the return phase.

    Args:
        corner: of the low pass of the return phase, in hertz.
        frequencies: in hertz.
    """
    spectrum = 1j * frequencies / (1 + 1j * frequencies / corner) / (2 * np.pi)
    return np.asarray(spectrum, np.complex128)
