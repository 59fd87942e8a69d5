"""A voice performing a score: pulses and noise through the vocal tract."""

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, rfft

from . import glottis, tract
from .score import RATE, Score
from .speakers import Speaker
from .tract import SAMPLE_RATE

Samples = NDArray[np.float32]

HOP = SAMPLE_RATE // RATE

# Pulses and frames of noise are computed on so many samples.
_SIZE = 640
_FREQUENCIES = np.asarray(np.fft.rfftfreq(_SIZE, 1 / SAMPLE_RATE), np.float64)
# So many of them come before the closure of the glottis, which ends a pulse rather than begins it.
_BEFORE = 160
# Closures between two samples are rounded to one of so many places.
_PLACES = 16
_DELAYS = (_BEFORE + np.arange(_PLACES)[:, None] / _PLACES) / SAMPLE_RATE
_SHIFTS = np.exp(-2j * np.pi * _FREQUENCIES * _DELAYS).astype(np.complex64)
# Steps that are computed together; few, so that memory is used again while it is in the cache.
_BLOCK = 32
# Noise is put together from frames of two steps; so many different ones will do.
_NOISES = rfft(
    np.random.default_rng(0).standard_normal((256, 2 * HOP), np.float32)
    * np.hanning(2 * HOP + 1)[:-1].astype(np.float32),
    _SIZE,
)


def perform(speaker: Speaker, score: Score, rng: np.random.Generator) -> Samples:
    """Returns the sound of a score without room or noise, `(steps * HOP,)`.

    Args:
        speaker: the voice.
        score: what it does.
        rng: draws jitter, shimmer and the noise of breath and consonants.
    """
    count = len(score.pitch)
    instants = glottis.closures(score.pitch, RATE, speaker.jitter, rng)
    middles = (np.arange(count) + 0.5) / RATE
    height = np.interp(instants, middles, score.voice)
    height *= 1 + speaker.shimmer * rng.normal(size=len(height))
    instants, height = instants[height > 1e-3], height[height > 1e-3].astype(np.float32)
    steps = np.minimum((instants * RATE).astype(int), count - 1)
    ticks = np.rint(instants * SAMPLE_RATE * _PLACES).astype(int)
    breaths = rng.integers(len(_NOISES), size=count)
    upper = _mouth(speaker.upper[None])
    source = (glottis.closing(speaker.corner, _FREQUENCIES) * SAMPLE_RATE / upper[0]).astype(
        np.complex64
    )

    sound = np.zeros(count * HOP + 2 * _SIZE, np.float32)
    for first in range(0, count, _BLOCK):
        block = slice(first, first + _BLOCK)
        mouth = _mouth(score.formants[block])
        noise = _NOISES[breaths[block]]
        spectra = noise * (speaker.breath * score.voice[block, None]).astype(np.float32)
        spectra /= mouth * upper
        # The noise of consonants is made near the lips and passes little of the tract.
        noisy = np.flatnonzero(score.hiss[block])
        if noisy.size:
            place = score.place[block][noisy, None]
            frication = noise[noisy] * score.hiss[block][noisy, None].astype(np.float32)
            frication /= tract.denominators(place, 0.3 * place, _SIZE)
            spectra[noisy] += frication
        # The middle of a frame is the middle of its step.
        starts = np.arange(first, first + len(mouth)) * HOP + _BEFORE - HOP // 2
        _add(sound, starts, irfft(spectra, _SIZE))

        pulses = slice(*np.searchsorted(steps, (first, first + _BLOCK)))
        mouth *= glottis.open_phase(score.pitch[block], speaker.open_quotient, _FREQUENCIES)
        spectra = (source / mouth)[steps[pulses] - first]
        spectra *= _SHIFTS[ticks[pulses] % _PLACES]
        pieces = irfft(spectra, _SIZE)
        pieces *= height[pulses, None]
        _add(sound, ticks[pulses] // _PLACES, pieces)
    return sound[_BEFORE : _BEFORE + count * HOP]


def _mouth(formants: NDArray[np.float64]) -> NDArray[np.complex64]:
    return tract.denominators(formants, tract.bandwidths(formants), _SIZE)


def _add(sound: Samples, starts: NDArray[np.int_], pieces: Samples) -> None:
    for start, piece in zip(starts.tolist(), pieces, strict=True):
        sound[start : start + len(piece)] += piece
