"""From a voice to a recording of it: the room, what else sounds there, the microphone."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

from .tract import SAMPLE_RATE

Array = NDArray[np.float64]
Samples = NDArray[np.float32]

# Of a recording channel: the steepest tilt in decibels an octave, and the standard deviation of the
# height of its bumps in decibels.
_TILT = 2.0
_BUMP = 2.5
# Curves are drawn on so few frequencies, in hertz, and are straight between them.
_CURVE = np.concatenate([[0.0], np.geomspace(20, SAMPLE_RATE / 2, 150)])


def amplitude(decibels: float) -> np.float32:
    """Returns the amplitude of a level in decibels."""
    return np.float32(10 ** (decibels / 20))


def loudness(sound: Samples) -> np.float32:
    """Returns the root mean square of the louder half of a sound's hundredths of a second."""
    hop = SAMPLE_RATE // 100
    pieces = sound[: len(sound) // hop * hop].reshape(-1, hop)
    power = np.sort(np.square(pieces).mean(axis=1))
    return np.float32(np.sqrt(power[len(power) // 2 :].mean()))


def reverberation(rng: np.random.Generator) -> Samples:
    """Returns what a room answers to a click, of unit energy: noise that dies away."""
    decay = rng.uniform(0.1, 0.45)  # seconds until it has fallen by 60 dB
    time = np.arange(int(0.6 * decay * SAMPLE_RATE), dtype=np.float32) / SAMPLE_RATE
    tail = rng.standard_normal(len(time), np.float32) * np.exp(-3 * math.log(10) / decay * time)
    tail[: int(rng.uniform(0.001, 0.006) * SAMPLE_RATE)] = 0
    return np.asarray(tail / np.sqrt(np.square(tail).sum()), np.float32)


def colour(tilt: float, bumps: int, height: float, rng: np.random.Generator) -> Array:
    """Returns a gentle curve of gains at `_CURVE`: a tilt, broad bumps and dips.

    Args:
        tilt: in decibels an octave.
        bumps: how many there are.
        height: standard deviation of their heights in decibels.
        rng: draws where they are.
    """
    octaves = np.log2(np.maximum(_CURVE, 60) / 1000)
    curve = tilt * octaves
    for _ in range(bumps):
        distance = (octaves - rng.uniform(-3, 3)) / rng.uniform(0.4, 1.0)
        curve += rng.normal(0, height) * np.exp(-0.5 * distance**2)
    return np.asarray(10 ** (curve / 20))


def microphone(rng: np.random.Generator) -> Array:
    """Returns the gains of a recording channel at `_CURVE`: a colour, and little at both ends."""
    gains = colour(rng.uniform(-_TILT, _TILT), 3, _BUMP, rng)
    low, high = rng.uniform(30, 150), rng.uniform(3500, 12000)
    gains /= np.sqrt((1 + (low / np.maximum(_CURVE, 1)) ** 4) * (1 + (_CURVE / high) ** 8))
    return gains


def hum(length: int, rng: np.random.Generator) -> Samples:
    """Returns the hum of the mains, of an amplitude of about 1."""
    turns = float(rng.choice([50, 60])) / SAMPLE_RATE * np.arange(length, dtype=np.float32)
    sound = np.zeros(length, np.float32)
    for harmonic in (1, 2, 3):
        sound += rng.random() * np.sin(2 * math.pi * (harmonic * turns + rng.random()))
    return sound


def bleep(length: int, rng: np.random.Generator) -> Samples:
    """Returns a tone of up to a third of a second somewhere, of an amplitude of 1."""
    tone = np.hanning(int(rng.uniform(0.05, 0.3) * SAMPLE_RATE)).astype(np.float32)
    frequency = 400 * 10 ** rng.random()
    tone *= np.sin(2 * np.pi * frequency / SAMPLE_RATE * np.arange(len(tone), dtype=np.float32))
    return _somewhere(tone, length, rng)


def knock(length: int, rng: np.random.Generator) -> Samples:
    """Returns a burst of noise that dies away, somewhere, with an amplitude of 1 at first."""
    time = np.arange(SAMPLE_RATE // 5, dtype=np.float32) / SAMPLE_RATE
    burst = rng.standard_normal(len(time), np.float32) * np.exp(-rng.uniform(15, 60) * time)
    return _somewhere(burst.astype(np.float32), length, rng)


def _somewhere(sound: Samples, length: int, rng: np.random.Generator) -> Samples:
    whole = np.zeros(length, np.float32)
    part = whole[int(rng.integers(length)) :]
    part[: len(sound)] = sound[: len(part)]
    return whole


# What may happen, how often, and how loud it is against the near voice, in decibels.
_EVENTS = ((hum, 0.25, -40.0, -20.0), (bleep, 0.25, -15.0, 10.0), (knock, 0.3, -10.0, 12.0))


def record(near: Samples, far: Samples, noise: np.float32, rng: np.random.Generator) -> Samples:
    """Returns a recording of voices in a room, its highest peak at 1.

    Args:
        near: sound from close to the microphone.
        far: sound from elsewhere in the room, as long as `near`.
        noise: amplitude of the background.
        rng: draws the room, the background and the channel.
    """
    tail = reverberation(rng)
    size = next_fast_len(len(near) + len(tail), real=True)
    frequencies = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    channel = microphone(rng)
    background = colour(rng.uniform(-6, 0), 2, 4, rng)
    power = np.average(background**2, weights=np.gradient(_CURVE))
    background *= noise * np.sqrt(size / 2 / power) * channel
    curves = np.interp(frequencies, _CURVE, channel + 1j * background).astype(np.complex64)

    # How much of a voice comes from the walls is a matter of its distance.
    live = rng.uniform(-18, -10)
    spectrum, distant = rfft(near, size), rfft(far, size)
    answer = rfft(tail, size)
    answer *= amplitude(live) * spectrum + amplitude(live + 10) * distant
    spectrum += distant
    spectrum += answer
    for event, share, low, high in _EVENTS:
        if rng.random() < share:
            spectrum += amplitude(rng.uniform(low, high)) * rfft(event(len(near), rng), size)
    spectrum *= curves.real
    # Gaussian noise has a Gaussian spectrum: no need to transform it.
    white = rng.standard_normal(2 * len(spectrum), np.float32).view(np.complex64)
    white *= curves.imag
    spectrum += white
    spectrum[0] = 0
    sound = irfft(spectrum, size)[: len(near)]
    return np.asarray(sound / np.abs(sound).max(), np.float32)
