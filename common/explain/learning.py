"""Train a small network with one recurrent layer on a task of memory, within a budget of steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from common.explain.tasks import Task


@dataclass(frozen=True)
class Budget:
    """What every network gets.

    Attributes:
        steps: of training, at most; it ends earlier once the task is solved.
        batch: sequences of a step, none of them seen twice.
        units: of the recurrent layer.
        learning_rate: of Adam.
        every: steps from one look at the held-out sequences to the next.
        held_out: sequences that are scored.
    """

    steps: int
    batch: int = 32
    units: int = 32
    learning_rate: float = 0.01
    every: int = 50
    held_out: int = 512


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes:
        score: the task's, on held-out sequences, at the end.
        steps: how many were taken.
        solved: whether that is because the task was solved.
    """

    score: float
    steps: int
    solved: bool


def build(task: Task, lag: int, layer: Any, budget: Budget, compiled: bool = False) -> Any:
    """Builds the network: sequences of the task, one recurrent layer, the answer.

    Args:
        task, lag: what it is for.
        layer: recurrent, returns its last output.
        budget: of training.
        compiled: whether XLA compiles the training step.
    """
    given = task.draw(np.random.default_rng(0), 1, lag)[0].shape[1:]
    model = keras.Sequential([keras.Input(given), layer, keras.layers.Dense(task.outputs)])
    loss = (
        keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        if task.classifies
        else keras.losses.MeanSquaredError()
    )
    optimizer = keras.optimizers.Adam(budget.learning_rate, clipnorm=1.0)
    model.compile(optimizer, loss, jit_compile=compiled)
    return model


def train(
    model: Any, task: Task, lag: int, seed: int, budget: Budget, step: Callable[[], None]
) -> Outcome:
    """Trains a network of `build` until the task is solved or the budget spent.

    Args:
        model: the network.
        task, lag: what it learns.
        seed: of the sequences; those of one seed are the same for every network.
        budget: of training.
        step: called after every look at the held-out sequences.
    """
    # Seeds of another length than those of the batches, so that nothing held out is trained on.
    held_out, answers = task.draw(np.random.default_rng([seed]), budget.held_out, lag)
    score, taken = float("nan"), 0
    while taken < budget.steps:
        count = min(budget.every, budget.steps - taken)
        rng = np.random.default_rng([seed, 1 + taken])
        inputs, targets = task.draw(rng, count * budget.batch, lag)
        model.fit(inputs, targets, batch_size=budget.batch, shuffle=False, verbose=0)
        taken += count
        score = task.score(model.predict(held_out, batch_size=budget.held_out, verbose=0), answers)
        step()
        if task.is_solved(score):
            return Outcome(score, taken, True)
    return Outcome(score, taken, False)
