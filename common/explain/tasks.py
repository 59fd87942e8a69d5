"""Two tasks that nothing but memory solves: delayed recall and the adding problem."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SYMBOLS = 8
"""Different symbols to remember in delayed recall; as many others stand between."""


class Task(ABC):
    """Sequences with an answer each, as many as are asked for, of any length.

    Attributes:
        name: of the task, for files and options.
        title: what to call it in a picture.
        features: numbers of a time step.
        outputs: numbers of an answer.
        classifies: whether an answer is a class, its outputs logits.
        measure: what a score is called.
        blind: the score of the best answer that looks at nothing.
        solved: the score from which on the task counts as solved.
    """

    name: str
    title: str
    features: int
    outputs: int
    classifies: bool
    measure: str
    blind: float
    solved: float

    @abstractmethod
    def draw(self, rng: np.random.Generator, count: int, lag: int) -> tuple[Array, Array]:
        """Draws sequences.

        Args:
            rng: draws them.
            count: how many.
            lag: steps over which something must be remembered.

        Returns:
            Inputs `(count, timesteps, features)` float32, and the answers that are right.
        """

    @abstractmethod
    def score(self, outputs: Array, answers: Array) -> float:
        """Scores outputs `(count, self.outputs)` of a network."""

    @abstractmethod
    def is_solved(self, score: float) -> bool:
        """Returns whether a score is as good as `solved`."""


class Recall(Task):
    """One symbol at the first step, others than these after it; which was it?

    A sequence has `lag + 1` steps: `lag` symbols of another alphabet follow the one to remember.
    The latch problem of Bengio, Simard and Frasconi ("Learning Long-Term Dependencies with Gradient
    Descent is Difficult", 1994), with more classes.
    """

    name, title = "recall", "delayed recall"
    features, outputs = 2 * SYMBOLS, SYMBOLS
    classifies, measure = True, "accuracy"
    blind, solved = 1 / SYMBOLS, 0.99

    def draw(self, rng: np.random.Generator, count: int, lag: int) -> tuple[Array, Array]:
        symbols = rng.integers(SYMBOLS, size=count)
        others = rng.integers(SYMBOLS, 2 * SYMBOLS, size=(count, lag))
        every = np.concatenate([symbols[:, None], others], axis=1)
        return np.eye(self.features, dtype=np.float32)[every], symbols

    def score(self, outputs: Array, answers: Array) -> float:
        return float(np.mean(outputs.argmax(-1) == answers))

    def is_solved(self, score: float) -> bool:
        return score >= self.solved


class Adding(Task):
    """Numbers from 0 to 1 of which two are marked; what is the sum of these two?

    A sequence has `lag` steps, one marked number in its first half and one in its second. The
    adding problem of Hochreiter and Schmidhuber ("Long Short-Term Memory", 1997), in the form of
    Le, Jaitly and Hinton ("A Simple Way to Initialize Recurrent Networks of Rectified Linear
    Units", 2015). Who always answers 1 has a mean squared error of 1/6: the variance of a number
    drawn evenly from 0 to 1 is 1/12, and there are two.
    """

    name, title = "adding", "adding problem"
    features, outputs = 2, 1
    classifies, measure = False, "mean squared error"
    blind, solved = 1 / 6, 0.01

    def draw(self, rng: np.random.Generator, count: int, lag: int) -> tuple[Array, Array]:
        numbers = rng.random((count, lag), dtype=np.float32)
        marks = np.zeros((count, lag), np.float32)
        rows, half = np.arange(count), lag // 2
        marks[rows, rng.integers(half, size=count)] = 1
        marks[rows, rng.integers(half, lag, size=count)] = 1
        return np.stack([numbers, marks], axis=-1), (numbers * marks).sum(axis=1)

    def score(self, outputs: Array, answers: Array) -> float:
        return float(np.mean((outputs[:, 0] - answers) ** 2))

    def is_solved(self, score: float) -> bool:
        return score <= self.solved


RECALL, ADDING = Recall(), Adding()
TASKS: tuple[Task, ...] = (RECALL, ADDING)
