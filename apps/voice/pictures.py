"""A picture of the network at hearing: waveform, MFCC, and the scores as time goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from apps.voice import features
from apps.voice.front_end import FULL_SCALE, SoundFrontEnd
from common.audio.sound import SoundArray
from common.classification.artefacts import ModelScorer

_MOMENTS = 40


def choose_sounds(sounds: Sequence[Any], front_end: SoundFrontEnd, count: int = 3) -> list[Any]:
    """Returns sounds from all over the split, none much longer than a window."""
    few = [sounds[int(i)] for i in np.linspace(0, len(sounds) - 1, min(4 * count, len(sounds)))]
    lengths = [len(front_end.encode(sound)) for sound in few]
    fitting = [s for s, n in zip(few, lengths, strict=True) if n <= front_end.window] or few[:1]
    return [fitting[int(i)] for i in np.linspace(0, len(fitting) - 1, min(count, len(fitting)))]


def hearing(
    scorer: ModelScorer, front_end: SoundFrontEnd, sounds: Sequence[Any], path: Path
) -> None:
    """Draws, for each sound in a column, its samples, its MFCC, and the scores after each moment.

    Args:
        scorer: of the network; it is asked about every beginning of a sound.
        front_end: its front end.
        sounds: at least one.
        path: PNG file to write.
    """
    rate, hop = front_end.parameters.sample_rate, front_end.parameters.hop_length
    figure, axes = plt.subplots(
        3, len(sounds), figsize=(4.2 * len(sounds), 6.4), layout="constrained", squeeze=False
    )
    for column, sound in enumerate(sounds):
        samples = sound.read(rate)[: front_end.window_samples]
        seconds = len(samples) / rate
        encoded = front_end.encode(SoundArray(samples, rate, sound.name))
        mfcc = features.of_clips([encoded], front_end)[0]
        wave, picture, scores = axes[:, column]
        wave.plot(np.arange(len(samples)) / rate, samples / FULL_SCALE, linewidth=0.4)
        wave.set_title(Path(sound.name).name, fontsize=9)
        # The 0th is the loudness, far from the others in size; each row has its own colours.
        rows = (mfcc - mfcc.mean(axis=0)) / (mfcc.std(axis=0) + 1e-6)
        picture.imshow(
            rows.T,
            aspect="auto",
            origin="lower",
            extent=(0, len(rows) * hop / rate, 0, mfcc.shape[1]),
        )
        ends = np.linspace(hop, len(samples), _MOMENTS).astype(int)
        beginnings = [SoundArray(samples[:end], rate, sound.name) for end in ends]
        answers = scorer.score_all(beginnings)
        for index, label in enumerate(scorer.labels):
            scores.plot(ends / rate, answers[:, index], label=label)
        scores.set(ylim=(-0.05, 1.05), xlabel="seconds")
        for axis in (wave, scores):
            axis.set_xlim(0, seconds)
            axis.grid(alpha=0.3)
    for axis, name in zip(axes[:, 0], ("samples", "MFCC", "scores"), strict=True):
        axis.set_ylabel(name)
    axes[2, -1].legend(fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
    plt.close(figure)
