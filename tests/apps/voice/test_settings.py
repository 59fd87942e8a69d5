"""What settings become once the data are known."""

from __future__ import annotations

import pytest

from apps.voice.settings import FEW, LEAST_EPOCHS, STEPS, VoiceSettings


@pytest.mark.parametrize(
    ("clips", "classes", "direction"),
    [(FEW * 2 - 1, 2, "both"), (FEW * 2, 2, "causal"), (240, 10, "both"), (1013, 2, "causal")],
)
def test_few_clips_are_read_in_both_directions(clips: int, classes: int, direction: str) -> None:
    """What reads from the end cannot hear a live stream, so only few clips are worth it."""
    assert VoiceSettings().settled(clips, classes).direction == direction
    for given in ("causal", "both"):
        settings = VoiceSettings(direction=given)
        assert settings.settled(clips, classes).direction == given


def test_amounts_of_augmentation() -> None:
    none, light, strong = (
        VoiceSettings(augment=name).settled(50, 2) for name in ("none", "light", "strong")
    )
    assert light == VoiceSettings().settled(50, 2)
    assert (none.speed, none.gain, none.mixing, none.time_masks) == (0, 0, 0, 0)
    assert 0 < light.speed < strong.speed
    assert (light.mixing, strong.mixing) == (0, 1)


def test_what_was_given_stays() -> None:
    settings = VoiceSettings(speed=0.3, gain=1.0, epochs=7, patience=2).settled(50, 2)
    assert (settings.speed, settings.gain, settings.epochs, settings.patience) == (0.3, 1.0, 7, 2)
    assert settings.time_masks > 0
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
