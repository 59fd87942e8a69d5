"""The clips: who speaks in which, when, and who else is in the room."""

import functools
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from . import room
from .score import compose
from .speakers import Speaker, draw
from .speech import perform
from .tract import SAMPLE_RATE
from .vowels import LABELS

SPLITS = {"train": 1600, "dev": 300, "test": 300}
SPEAKERS = {"train": 400, "dev": 60, "test": 60}

# Seconds of a clip; every length is as likely, on a logarithmic scale.
SHORTEST, LONGEST = 0.3, 3.0
# Seconds of a turn on average, how much longer those of the far voice are, and the least that the
# near one has.
_TURN = (0.22, 0.65)
_FAR_LONGER = 2.1
_LEAST = 0.2
# How often the far voice is of the other sex, and how often it says nothing in its turn.
_OPPOSITE = 0.95
_SILENT = 0.05
# Decibels: the far voice and the background against the near voice; the peak against full scale.
_FAR = (-25.0, -16.0)
_BACKGROUND = (-46.0, -26.0)
_PEAK = (-18.0, -1.0)


@dataclass(frozen=True)
class Utterance:
    """A clip.

    Attributes:
        samples: mono, 16000 a second.
        label: "female" or "male".
        speaker: name of the one who speaks near the microphone; one name, one label, one split.
    """

    samples: NDArray[np.int16]
    label: str
    speaker: str


def _generator(*key: int) -> np.random.Generator:
    """A stream of its own for everything that is drawn, so that the order of drawing is free."""
    return np.random.default_rng(np.random.SeedSequence(key))


@functools.cache
def speaker(seed: int, split: str, number: int) -> Speaker:
    """Returns a speaker of a split; even numbers are women, odd ones men."""
    rng = _generator(seed, list(SPLITS).index(split), 0, number)
    return draw(f"{split}{number:03d}", LABELS[number % 2], rng)


def utterance(seed: int, split: str, number: int) -> Utterance:
    """Returns one clip of a split, the same whatever was made before it."""
    rng = _generator(seed, list(SPLITS).index(split), 1, number)
    near = number % SPEAKERS[split]
    far = _somebody_else(near, SPEAKERS[split], rng)
    seconds = SHORTEST * (LONGEST / SHORTEST) ** rng.random()
    sounds = np.zeros((2, round(seconds * SAMPLE_RATE)), np.float32)
    edges, first = _turns(seconds, rng)
    levels = (0.0, rng.uniform(*_FAR))
    for k, (begin, end) in enumerate(pairwise(edges)):
        place = (k + first) % 2
        if place == 1 and rng.random() < _SILENT:
            continue
        who = speaker(seed, split, (near, far)[place])
        voice = perform(who, compose(who, end - begin, rng), rng)
        voice *= room.amplitude(levels[place] + rng.normal(0, 1.5)) / room.loudness(voice)
        part = sounds[place, round(begin * SAMPLE_RATE) :]
        part[: len(voice)] += voice[: len(part)]
    background = room.amplitude(rng.uniform(*_BACKGROUND))
    recording = room.record(sounds[0], sounds[1], background, rng)
    recording *= 32767 * room.amplitude(rng.uniform(*_PEAK))
    who = speaker(seed, split, near)
    return Utterance(np.rint(recording).astype(np.int16), who.label, who.name)


def _somebody_else(number: int, count: int, rng: np.random.Generator) -> int:
    """The number of another speaker, mostly of the other class."""
    step = 2 * int(rng.integers(1, count // 2))
    return (number + step + (rng.random() < _OPPOSITE)) % count


def _turns(seconds: float, rng: np.random.Generator) -> tuple[NDArray[np.float64], int]:
    """Returns when turns begin and end, and whose the first is: 0 is near, 1 is far."""
    while True:
        count = max(1, int(seconds / rng.uniform(*_TURN)))
        first = int(rng.integers(min(2, count)))
        lengths = rng.uniform(0.6, 1.4, count)
        lengths[1 - first :: 2] *= _FAR_LONGER
        lengths *= seconds / lengths.sum()
        if lengths[first::2].min() >= _LEAST:
            return np.concatenate([[0.0], np.cumsum(lengths)]), first


def generate(seed: int = 0) -> dict[str, list[Utterance]]:
    """Makes the corpus.

    Args:
        seed: of all random draws, 0 or more. The same seed gives the same samples, bit for bit, on
            the same machine; another processor or version of NumPy may round differently.

    Returns:
        The splits 'train', 'dev' and 'test' in random order, each with as many clips of women as of
        men. No speaker is in two splits, not even far from the microphone.
    """
    return {
        split: [utterance(seed, split, int(k)) for k in _generator(seed, i, 2).permutation(size)]
        for i, (split, size) in enumerate(SPLITS.items())
    }
