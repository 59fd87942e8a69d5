"""Mixtures: by hand for tones, and what no mixture may change."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from common.audio.mixing import loudness, mix

Waveform = NDArray[np.int16]


def tone(cycles: int, level: float, length: int = 4000) -> Waveform:
    """Returns a sine of a whole number of cycles; different ones do not correlate."""
    return np.rint(level * np.sin(2 * np.pi * cycles * np.arange(length) / length)).astype(np.int16)


def level_of(cycles: int, mixture: Waveform) -> float:
    """Returns the amplitude of one tone within a mixture."""
    return float(2 * np.abs(np.fft.rfft(mixture)[cycles]) / len(mixture))


def draw(first: Waveform, second: Waveform, share: float, seed: int = 0) -> Waveform:
    return mix(first, second, share, np.random.default_rng(seed))


def test_equal_halves_of_equally_loud_sounds() -> None:
    mixture = draw(tone(50, 8000), tone(90, 8000), 0.5)
    # p = 1/2, divided by sqrt(1/2): each at 0.7071 of its level, and as loud together as each was.
    assert level_of(50, mixture) == pytest.approx(8000 / np.sqrt(2), rel=1e-3)
    assert level_of(90, mixture) == pytest.approx(8000 / np.sqrt(2), rel=1e-3)
    assert loudness(mixture) == pytest.approx(loudness(tone(50, 8000)), rel=2e-3)


def test_levels_stand_as_the_shares_whatever_they_were() -> None:
    mixture = draw(tone(50, 9000), tone(90, 1000), 0.25)
    # L1/L2 = 9, (1-r)/r = 3: p = 1/28. p * 9000 : (1-p) * 1000 = 9000 : 27000 = r : 1 - r.
    assert level_of(90, mixture) / level_of(50, mixture) == pytest.approx(3, rel=1e-2)


def test_the_whole_share_is_the_first_sound() -> None:
    first = tone(50, 8000)
    np.testing.assert_array_equal(draw(first, tone(90, 8000), 1.0), first)


@pytest.mark.parametrize("length", [1, 500, 4000, 9000])
def test_the_mixture_is_as_long_as_the_first(length: int) -> None:
    assert len(draw(tone(50, 8000), tone(90, 8000, length), 0.5)) == 4000


def test_a_shorter_sound_is_set_anywhere_and_a_longer_one_cut_anywhere() -> None:
    silence = np.zeros(100, np.int16)
    short = np.full(10, 7, np.int16)
    places = {int(np.flatnonzero(draw(silence, short, 0.5, seed))[0]) for seed in range(300)}
    assert len(places) > 60
    assert (min(places), max(places)) == (0, 90)
    long = np.arange(1, 201, dtype=np.int16)
    starts = {int(draw(silence, long, 0.5, seed)[0]) for seed in range(500)}
    assert (min(starts), max(starts)) == (1, 101)


def test_digital_silence_in_both_stays() -> None:
    first, second = tone(50, 8000), tone(90, 8000)
    first[1000:2000] = second[1000:2000] = 0
    mixture = draw(first, second, 0.4)
    assert not mixture[1000:2000].any()
    assert mixture[:1000].any()


def test_a_silent_sound_leaves_the_other_as_it_is() -> None:
    sound, silence = tone(50, 8000), np.zeros(4000, np.int16)
    np.testing.assert_array_equal(draw(sound, silence, 0.5), sound)
    np.testing.assert_array_equal(draw(silence, sound, 0.5), sound)
    assert not draw(silence, silence, 0.5).any()
    assert loudness(silence) == 0


def test_what_is_too_loud_is_clipped() -> None:
    loud = np.full(100, 32767, np.int16)
    assert draw(loud, loud, 0.5).min() == 32767


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1])
def test_a_share_outside_its_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        draw(tone(50, 100), tone(50, 100), share)
