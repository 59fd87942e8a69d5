"""What augmentation changes, measured on what comes out; and what it leaves alone."""

from __future__ import annotations

import dataclasses
from typing import Any

import click
import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from common.audio.augmentation import Augmentation, add_noise, augment, warp
from common.settings import click_options, from_json, from_options, option, to_json

Waveform = NDArray[np.int16]

_RATE = 16000
_TONE_HZ = 600.0
_TONE = np.rint(8000 * np.sin(2 * np.pi * _TONE_HZ * np.arange(24000) / _RATE)).astype(np.int16)
_SPEECHLIKE = np.random.default_rng(0).integers(-9000, 9000, 24000).astype(np.int16)
_SILENT = np.zeros(500, np.int16)
_EVERYTHING = Augmentation(gain=6, noise=1, noise_snr=10, shift=0.1, tempo=0.1, pitch=2, speed=0.1)


def _augmented(samples: Waveform, seed: int = 0, **changes: Any) -> Waveform:
    return augment(samples, _RATE, Augmentation(**changes), np.random.default_rng(seed))


def _draws(samples: Waveform, number: int = 60, **changes: Any) -> list[Waveform]:
    return [_augmented(samples, seed, **changes) for seed in range(number)]


def _decibels(values: Any) -> float:
    return float(10 * np.log10(np.mean(np.asarray(values, np.float64) ** 2)))


def _peak_hz(sound: Any) -> float:
    """Returns the frequency of a tone, much finer than a bin."""
    spectrum = np.abs(np.fft.rfft(np.asarray(sound, np.float64) * np.hanning(len(sound)), 2**19))
    return float(np.argmax(spectrum) * _RATE / 2**19)


def _longest_tail(samples: Waveform) -> int:
    return len(samples) - 1 - int(np.flatnonzero(samples)[-1])


@pytest.mark.parametrize("clip", [_TONE, _SPEECHLIKE, _SILENT, _TONE[:1], _TONE[:0]])
def test_nothing_on_changes_nothing(clip: Waveform) -> None:
    for seed in range(5):
        found = _augmented(clip, seed)
        assert found.dtype == np.int16
        np.testing.assert_array_equal(found, clip)
        assert found is not clip


def test_the_same_draws_give_the_same_clip() -> None:
    def twice(seed: int) -> list[bytes]:
        rng = np.random.default_rng(seed)
        return [augment(_TONE, _RATE, _EVERYTHING, rng).tobytes() for _ in range(2)]

    (first, second), again, other = twice(1), twice(1), twice(2)
    assert again == [first, second]
    assert len({first, second, *other}) == 4
    before = _TONE.copy()
    twice(3)
    np.testing.assert_array_equal(_TONE, before)


def test_gain_is_one_factor_within_its_decibels() -> None:
    gains = []
    before = _SPEECHLIKE.astype(float)
    for clip in _draws(_SPEECHLIKE, gain=6):
        factor = clip @ before / (before @ before)
        np.testing.assert_allclose(clip, before * factor, atol=0.51)  # rounded, nothing else
        gains.append(20 * np.log10(factor))
    assert -6 <= min(gains) < -5 and 5 < max(gains) <= 6
    assert abs(np.mean(gains)) < 1


def test_too_loud_is_clipped_and_does_not_wrap() -> None:
    loud = np.clip(_TONE * 4.0, -32768, 32767).astype(np.int16)
    for clip in _draws(loud, 20, gain=20):
        assert np.all(np.sign(clip) * np.sign(loud) >= 0)
    assert any(clip.max() == 32767 and clip.min() == -32768 for clip in _draws(loud, 20, gain=20))


@pytest.mark.parametrize("snr", [0.0, 20.0])
def test_noise_has_the_ratio_that_is_drawn(snr: float) -> None:
    ratios = []
    for clip in _draws(_TONE, noise=1, noise_snr=snr):
        assert len(clip) == len(_TONE)
        ratios.append(_decibels(_TONE) - _decibels(clip - _TONE.astype(float)))
    assert snr <= min(ratios) < snr + 2 and snr + 18 < max(ratios) < snr + 20.2


def test_noise_is_exact_and_of_its_colour() -> None:
    for colour in (0.0, 0.5, 1.0):
        rng = np.random.default_rng(3)
        noise = add_noise(_TONE.astype(float), 12.0, colour, rng) - _TONE
        assert _decibels(_TONE) - _decibels(noise) == pytest.approx(12)
        power = np.abs(np.fft.rfft(noise)) ** 2
        octaves = [np.mean(power[2**i : 2 ** (i + 1)]) for i in range(7, 13)]
        slope = np.polyfit(np.arange(6), 10 * np.log10(octaves), 1)[0]
        assert slope == pytest.approx(-colour * 10 * np.log10(2), abs=0.3)


def test_noise_comes_to_its_share_of_the_clips() -> None:
    def share(noise: float) -> float:
        clips = _draws(_TONE[:800], 400, noise=noise)
        return float(np.mean([not np.array_equal(clip, _TONE[:800]) for clip in clips]))

    assert share(0.3) == pytest.approx(0.3, abs=0.06)
    assert (share(0), share(1)) == (0, 1)


def test_a_shift_begins_later_or_loses_the_beginning() -> None:
    longest, later = 0.05 * _RATE, []
    for clip in _draws(_SPEECHLIKE, shift=0.05):
        late = len(clip) - len(_SPEECHLIKE)
        later.append(late)
        np.testing.assert_array_equal(clip[: max(0, late)], 0)
        np.testing.assert_array_equal(clip[max(0, late) :], _SPEECHLIKE[max(0, -late) :])
    assert -longest <= min(later) < -0.9 * longest and 0.9 * longest < max(later) <= longest


def test_a_shift_never_loses_more_than_a_quarter() -> None:
    lengths = [len(clip) for clip in _draws(_SPEECHLIKE[:1000], shift=0.5)]
    assert min(lengths) == 750
    # Nor of the sound in a clip that is mostly silence.
    clip = np.concatenate([_SPEECHLIKE[:1000], np.zeros(9000, np.int16)])
    assert min(np.count_nonzero(c) for c in _draws(clip, shift=0.5)) == np.count_nonzero(clip[250:])


def _measured(clips: list[Waveform]) -> tuple[list[float], list[float]]:
    """Returns how many times as fast and as high each clip is as the tone was."""
    return [len(_TONE) / len(clip) for clip in clips], [_peak_hz(c) / _TONE_HZ for c in clips]


def test_tempo_changes_the_length_and_keeps_the_pitch() -> None:
    fast, high = _measured(_draws(_TONE, 25, tempo=0.2))
    assert 0.8 <= min(fast) < 0.86 and 1.14 < max(fast) <= 1.2001
    np.testing.assert_allclose(high, 1, atol=0.003)


def test_pitch_changes_and_the_length_stays() -> None:
    fast, high = _measured(_draws(_TONE, 25, pitch=3))
    assert set(fast) == {1}
    semitones = 12 * np.log2(high)
    assert -3.05 <= min(semitones) < -2 and 2 < max(semitones) <= 3.05


def test_speed_changes_both_alike() -> None:
    fast, high = _measured(_draws(_TONE, 25, speed=0.2))
    assert 0.8 <= min(fast) < 0.86 and 1.14 < max(fast) <= 1.2001
    np.testing.assert_allclose(fast, high, rtol=5e-4)


@pytest.mark.parametrize("semitones", [-3.7, -1.0, 0.4, 5.0])
@pytest.mark.parametrize("tempo", [0.8, 1.0, 1.13])
def test_tempo_and_pitch_are_what_was_asked_for(tempo: float, semitones: float) -> None:
    found = warp(_TONE.astype(float), _RATE, tempo, 2 ** (semitones / 12))
    assert len(found) == round(len(_TONE) / tempo)
    assert 12 * np.log2(_peak_hz(found) / _TONE_HZ) == pytest.approx(semitones, abs=0.03)
    assert _decibels(found[2000:-2000]) == pytest.approx(_decibels(_TONE), abs=0.5)


@pytest.mark.parametrize(("tempo", "pitch"), [(0.8, 1.0), (1.2, 1.0), (1.0, 1.2), (1.1, 0.9)])
def test_everything_comes_at_its_time(tempo: float, pitch: float) -> None:
    begins = 16000
    late = np.where(np.arange(len(_TONE)) < begins, 0.01, 1.0) * _TONE
    found = np.abs(warp(late, _RATE, tempo, pitch))
    first = int(np.flatnonzero(found > 0.5 * found.max())[0])
    assert first == pytest.approx(begins / tempo, abs=0.02 * _RATE)
    assert found[-200:].max() > 0.5 * found.max()


def test_speed_is_the_same_wave_at_other_times() -> None:
    found = warp(_TONE.astype(float), _RATE, 1.1, 1.1)
    expected = 8000 * np.sin(2 * np.pi * _TONE_HZ * 1.1 * np.arange(len(found)) / _RATE)
    np.testing.assert_allclose(found[500:-500], expected[500:-500], atol=8)


def test_digital_silence_stays_and_has_no_part_in_levels() -> None:
    padded = np.concatenate([_SILENT[:100], _SPEECHLIKE, _SILENT])
    unshifted = dataclasses.replace(_EVERYTHING, shift=0)
    for seed in range(20):
        found, alone = (
            augment(clip, _RATE, unshifted, np.random.default_rng(seed))
            for clip in (padded, _SPEECHLIKE)
        )
        np.testing.assert_array_equal(found[:100], 0)
        np.testing.assert_array_equal(found[-500:], 0)
        np.testing.assert_array_equal(found[100:-500], alone)
    for clip in _draws(_SILENT, 20, **dataclasses.asdict(unshifted)):
        np.testing.assert_array_equal(clip, _SILENT)


def test_the_end_of_a_shifted_clip_stays_silent() -> None:
    padded = np.concatenate([_SPEECHLIKE, _SILENT])
    for clip in _draws(padded, 20, shift=0.1, noise=1):
        assert _longest_tail(clip) == 500


def test_one_setting_leaves_the_draws_of_another_alone() -> None:
    for seed in range(5):
        gain = _decibels(_augmented(_TONE, seed, gain=6)) - _decibels(_TONE)
        both = _augmented(_TONE, seed, gain=6, speed=0.1)
        assert _decibels(both) - _decibels(_TONE) == pytest.approx(gain, abs=0.01)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("samples", [1, 2, 3, 7, 100, 1023, 1024, 1025])
def test_the_shortest_clips_pass(samples: int) -> None:
    settings = dataclasses.replace(_EVERYTHING, speed=0.5, tempo=0.5, pitch=12)
    for seed in range(10):
        found = augment(_SPEECHLIKE[:samples], _RATE, settings, np.random.default_rng(seed))
        assert found.dtype == np.int16 and len(found) > 0
    assert len(warp(_TONE[:samples].astype(float), _RATE, 2.2, 2.2)) == max(1, round(samples / 2.2))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gain": -1}, "gain must be from 0 to 60, got -1"),
        ({"noise": 1.1}, "noise must be"),
        ({"speed": 1.0}, "speed must be from 0 to 0.5"),
        ({"pitch": float("nan")}, "pitch must be from 0 to 12, got nan"),
    ],
)
def test_settings_out_of_range_are_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Augmentation(**changes)


def test_other_settings_may_inherit_these() -> None:
    @dataclasses.dataclass(frozen=True)
    class Settings(Augmentation):
        name: str = option("x", "Without a range.")

    settings = Settings(gain=6)
    found = augment(_TONE, _RATE, settings, np.random.default_rng(0))
    np.testing.assert_array_equal(found, _augmented(_TONE, gain=6))
    with pytest.raises(ValueError, match="gain must be"):
        Settings(gain=-1)


def test_settings_are_options_and_json() -> None:
    assert from_json(Augmentation, to_json(_EVERYTHING)) == _EVERYTHING
    found: list[Augmentation] = []
    command = click.Command(
        "train",
        params=[*click_options(Augmentation)],
        callback=lambda **options: found.append(from_options(Augmentation, options)),
    )
    assert CliRunner().invoke(command, ["--noise-snr", "5", "--pitch", "2"]).exit_code == 0
    assert found == [Augmentation(noise_snr=5, pitch=2)]
    assert CliRunner().invoke(command, ["--tempo", "0.6"]).exit_code == 2
