"""A small classifier of sounds, trained once for all tests with the command that users give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import Result
from numpy.typing import NDArray

from apps.voice.application import APPLICATION
from tests.apps.command import run_command

RATE = 8000
SPEAKERS = {"train": 16, "dev": 6, "test": 6}
CLIPS = 6
SETTINGS = (
    *("--sample-rate", RATE, "--n-fft", 256, "--hop-length", 128, "--n-mels", 20, "--n-mfcc", 10),
    *("--epochs", 12, "--units", 16, "--learning-rate", 0.02, "--averaging", 0.8),
    *("--dropout", 0.1, "--window", 0.5, "--group-pattern", "^[a-z]+[0-9]+"),
    *("--batch-size", 8, "--augment", "none", "--label-smoothing", 0, "--direction", "causal"),
)


@dataclass(frozen=True)
class Trained:
    """What training left.

    Attributes:
        data: folder of the data.
        bundle: folder of the bundle; tests leave it as it is.
        result: of the command.
    """

    data: Path
    bundle: Path
    result: Result


def sweep(label: str, number: int, seconds: float | None = None) -> NDArray[np.int16]:
    """Returns a tone that rises or falls, `(n,)`: what counts is the order alone."""
    rng = np.random.default_rng([number, label == "rise"])
    count = int(RATE * (seconds or rng.uniform(0.25, 0.48)))
    low, high = rng.uniform(200, 500), rng.uniform(1500, 3000)
    pitch = np.geomspace(low, high, count)[:: 1 if label == "rise" else -1]
    tone = np.sin(2 * np.pi * np.cumsum(pitch) / RATE) + 0.05 * rng.normal(size=count)
    return np.round(9000 * tone).astype(np.int16)


def write_sweeps(folder: Path) -> None:
    """Writes `{split}/{class}/{speaker}-{number}.wav`."""
    number = 0
    for split, speakers in SPEAKERS.items():
        for label in ("fall", "rise"):
            (folder / split / label).mkdir(parents=True)
            for speaker in range(speakers):
                for clip in range(CLIPS):
                    number += 1
                    path = folder / split / label / f"{split}{speaker}-{clip}.wav"
                    soundfile.write(path, sweep(label, number), RATE, subtype="PCM_16")


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("voice")
    data, bundle = folder / "data", folder / "exported" / "small"
    write_sweeps(data)
    arguments = ("--data", data, "--output", bundle, *SETTINGS, "--json")
    result = run_command(APPLICATION, "train", *arguments)
    assert result.exit_code == 0, result.output
    return Trained(data, bundle, result)
