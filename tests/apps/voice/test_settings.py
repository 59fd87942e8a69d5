"""What settings become once the data are known."""

from __future__ import annotations

import dataclasses

import pytest

from apps.voice.settings import FEW, LEAST_EPOCHS, STEPS, VoiceSettings


@pytest.mark.parametrize(
    ("clips", "classes", "augment"),
    [(FEW * 2 - 1, 2, "strong"), (FEW * 2, 2, "light"), (240, 10, "strong"), (1013, 2, "light")],
)
def test_few_clips_change_much(clips: int, classes: int, augment: str) -> None:
    settings = VoiceSettings().settled(clips, classes)
    assert settings.augment == augment
    same = dataclasses.replace(VoiceSettings(), augment=augment)
    assert settings == same.settled(clips, classes)
    # What reads from the end cannot hear a live stream, so only few clips are worth it.
    assert settings.direction == ("both" if augment == "strong" else "causal")
    assert VoiceSettings(direction="causal").settled(clips, classes).direction == "causal"
    assert (settings.mixing > 0) == (augment == "strong")
    assert settings.speed > 0


def test_what_was_given_stays() -> None:
    settings = VoiceSettings(speed=0.3, gain=1.0, epochs=7, patience=2).settled(50, 2)
    assert (settings.speed, settings.gain, settings.epochs, settings.patience) == (0.3, 1.0, 7, 2)
    assert settings.mixing > 0
    plain = VoiceSettings(augment="none", noise=0.5).settled(50, 2)
    assert (plain.noise, plain.speed, plain.mixing, plain.time_masks) == (0.5, 0, 0, 0)


def test_few_clips_are_heard_more_often() -> None:
    settings = VoiceSettings(batch_size=8)
    assert settings.settled(240, 10).epochs == -(-STEPS // 30)
    assert settings.settled(100_000, 10).epochs == LEAST_EPOCHS
    for clips in (16, 240, 1013):
        settled = settings.settled(clips, 2)
        assert settled.epochs * -(-clips // 8) >= STEPS
        assert settled.patience == settled.epochs


def test_settling_twice_changes_nothing_more() -> None:
    once = VoiceSettings().settled(240, 10)
    assert once.settled(240, 10) == once
