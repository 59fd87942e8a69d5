"""More recordings out of few: change a clip in training as another speaker or room would."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from common.settings import option

Waveform = NDArray[np.int16]
Floats = NDArray[np.float64]

_SNR_RANGE = 20.0  # dB from the lowest ratio of sound to noise that is drawn to the highest
_MOST_LOST = 0.25  # share of a clip's sound that a shift may cut off
_VOCODER_FRAME = 0.064  # seconds; longer frames smear the consonants


@dataclass(frozen=True)
class Augmentation:
    """How much a clip may change; 0 leaves the thing alone. Draws are uniform.

    The settings of a training run may inherit from it.

    Raises:
        ValueError: a number outside its range.
    """

    gain: float = option(0.0, "Largest change of level in training, up or down, in dB.", 0, 60)
    noise: float = option(0.0, "Share of clips that get noise in training.", 0, 1)
    noise_snr: float = option(
        10.0, f"Least dB of sound over added noise; {_SNR_RANGE:.0f} more at most.", -20, 80
    )
    shift: float = option(
        0.0, "Most seconds that a clip begins later in training, or loses at its beginning.", 0, 10
    )
    tempo: float = option(
        0.0, "Largest relative change of tempo in training; the pitch stays.", 0, 0.5
    )
    pitch: float = option(
        0.0, "Largest change of pitch in training, in semitones; the tempo stays.", 0, 12
    )
    speed: float = option(
        0.0, "Largest relative change of tempo and pitch together in training; cheap.", 0, 0.5
    )
    mixing: float = option(
        0.0, "Share of clips that are mixed with another one in training, and their labels.", 0, 1
    )

    def __post_init__(self) -> None:
        for field in dataclasses.fields(Augmentation):
            low, high = field.metadata["minimum"], field.metadata["maximum"]
            value = getattr(self, field.name)
            if not low <= value <= high:
                raise ValueError(f"{field.name} must be from {low} to {high}, got {value!r}")


def augment(
    samples: Waveform, sample_rate: int, settings: Augmentation, rng: np.random.Generator
) -> Waveform:
    """Returns the clip as it might have been.

    Digital silence, which is padding, stays: only what is between the first and the last sample
    that is not 0 changes (and, with it, its length), and levels are those of that part.

    Args:
        samples: `(n,)`.
        sample_rate: samples a second.
        settings: what may change. What is off takes its draws all the same, so that the other
            draws do not depend on it.
        rng: the only source of chance.

    Returns:
        A new array, `(m,)`. What is louder than int16 can say is clipped.
    """
    gain = rng.uniform(-settings.gain, settings.gain)
    late = round(sample_rate * rng.uniform(-settings.shift, settings.shift))
    tempo = 1 + rng.uniform(-settings.tempo, settings.tempo)
    pitch = 2 ** (rng.uniform(-settings.pitch, settings.pitch) / 12)
    speed = 1 + rng.uniform(-settings.speed, settings.speed)
    noisy = rng.random() < settings.noise
    snr = settings.noise_snr + rng.uniform(0, _SNR_RANGE)
    colour = rng.uniform(0, 1)

    heard = np.flatnonzero(samples)
    if not len(heard):
        return samples.copy()
    first, end = int(heard[0]), int(heard[-1]) + 1
    sound = warp(samples[first:end].astype(np.float64), sample_rate, tempo * speed, pitch * speed)
    if noisy:
        sound = add_noise(sound, snr, colour, rng)
    sound = np.clip(np.rint(sound * 10 ** (gain / 20)), -(2**15), 2**15 - 1)
    whole = np.concatenate([samples[:first], sound.astype(np.int16), samples[end:]])
    if late > 0:
        return np.concatenate([np.zeros(late, np.int16), whole])
    return whole[min(-late, int(_MOST_LOST * len(sound))) :]


def warp(sound: Floats, sample_rate: int, tempo: float, pitch: float) -> Floats:
    """Changes tempo and pitch independently of one another.

    Equal factors are a change of speed, one resampling (Ko et al., "Audio Augmentation for Speech
    Recognition", Interspeech 2015). Others take a phase vocoder before it, which costs far more.

    Args:
        sound: `(n,)`.
        sample_rate: samples a second.
        tempo: how many times as fast.
        pitch: how many times as high. What goes above half the sample rate is filtered out.

    Returns:
        `(round(n / tempo),)`, at least one sample. A sound shorter than a frame of the vocoder
        takes the pitch alone and the tempo that comes with it.
    """
    samples = len(sound)
    if not math.isclose(tempo, pitch, rel_tol=1e-9):
        frame = 1 << round(math.log2(_VOCODER_FRAME * sample_rate))
        if samples >= frame:
            sound = _stretch(sound, tempo / pitch, frame)
        else:
            tempo = pitch
    if pitch != 1:
        import soxr

        sound = soxr.resample(sound, sample_rate * pitch, sample_rate)
    # The two roundings may leave a sample too few or too many.
    length = max(1, round(samples / tempo))
    return np.pad(sound[:length], (0, max(0, length - len(sound))))


def _stretch(sound: Floats, factor: float, frame: int) -> Floats:
    from librosa.effects import time_stretch

    stretched = time_stretch(sound.astype(np.float32), rate=factor, n_fft=frame)
    # Frames whose phases do not fit cancel one another out, which may cost a decibel or more.
    lost = np.mean(np.square(stretched, dtype=np.float64)) / np.mean(sound**2)
    return np.asarray(stretched / np.sqrt(max(lost, 1e-3)), np.float64)


def add_noise(sound: Floats, snr: float, colour: float, rng: np.random.Generator) -> Floats:
    """Adds noise whose power falls with frequency as `f ** -colour`: 0 is white, 1 is pink.

    Args:
        sound: `(n,)`.
        snr: power of the sound over that of the noise, in dB.
        colour: the exponent.
        rng: where the noise comes from.
    """
    size = 1 << (len(sound) - 1).bit_length()  # a transform of any other length may take long
    spectrum = np.fft.rfft(rng.standard_normal(size))
    spectrum *= np.maximum(np.arange(len(spectrum)), 1) ** (-colour / 2)
    noise = np.fft.irfft(spectrum, size)[: len(sound)]
    power = np.mean(sound**2) / 10 ** (snr / 10)
    return sound + noise * np.sqrt(power / np.mean(noise**2))
