"""Train a model: early stopping on dev, best weights kept, resumable after every epoch."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np

from common.errors import UserError
from common.files import replaced
from common.progress import Progress
from common.settings import read_json

_LAST, _OPTIMIZER, _BEST, _STATE = "last.npz", "optimizer.npz", "best.npz", "state.json"

Figures = dict[str, float]


class Batches(Protocol):
    """What a model learns from or is scored on."""

    def set_epoch(self, epoch: int) -> None:
        """Lays out the batches of an epoch, counted from 0."""

    def __len__(self) -> int:
        """Returns the number of batches of the epoch."""

    def dataset(self) -> Any:
        """Returns the batches of the epoch as a `tf.data.Dataset` of inputs and targets."""


class Run(Protocol):
    """The settings of a run that the loop needs."""

    @property
    def epochs(self) -> int:
        """Most epochs."""

    @property
    def seed(self) -> int:
        """Of all that is drawn."""

    @property
    def patience(self) -> int:
        """Epochs without a better rank before training stops."""


@dataclass(frozen=True)
class Watch:
    """What is measured after every epoch, and what is called better.

    Attributes:
        names: figures of an epoch and the names of Keras's logs that they are.
        rank: the better epoch has the greater one.
        shown: figures that are printed, with their format.
        score: figures beside Keras's, measured on the averaged weights; by name.
    """

    names: Mapping[str, str]
    rank: Callable[[Figures], Any]
    shown: Sequence[tuple[str, str]]
    score: Callable[[], Figures] = dict

    def line(self, figures: Figures) -> str:
        """Returns the figures that are printed."""
        return "  ".join(
            f"{name.replace('_', ' ')} {figures[name]:{how}}" for name, how in self.shown
        )


@dataclass
class History:
    """What happened in training.

    Attributes:
        epochs: for each epoch its figures and seconds.
        best_epoch: the one whose weights were kept, from 1 on.
        stopped: whether patience ran out.
    """

    epochs: list[Figures] = field(default_factory=list)
    best_epoch: int = 0
    stopped: bool = False

    @property
    def best(self) -> Figures:
        """Figures of the best epoch."""
        return self.epochs[self.best_epoch - 1]

    @property
    def seconds(self) -> float:
        """Time of all epochs."""
        return sum(epoch["seconds"] for epoch in self.epochs)


class _Epochs(keras.callbacks.Callback):
    """Order and dropout of each epoch, early stopping, a checkpoint at its end."""

    def __init__(
        self,
        train: Batches,
        settings: Run,
        watch: Watch,
        folder: Path,
        identity: dict[str, Any],
        history: History,
        progress: Progress,
    ) -> None:
        super().__init__()
        self.train, self.settings, self.watch, self.folder = train, settings, watch, folder
        self.identity, self.history, self.progress = identity, history, progress
        self.best_weights: list[Any] = []
        self.last_weights: list[Any] = []
        self.generators: list[Any] = []
        self.start = 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        # From seed and epoch alone, so that a resumed run goes on as if never interrupted.
        if not self.generators:
            # Once: a layer that works in training alone has its path only after its first call.
            self.generators = _generators(self.model)
        _seed(self.generators, self.settings.seed, epoch)
        self.train.set_epoch(epoch)
        self.start = time.perf_counter()
        self.progress.start(f"epoch {epoch + 1}/{self.settings.epochs}", len(self.train))

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.progress.advance()

    def on_test_begin(self, logs: Any = None) -> None:
        self.seconds = time.perf_counter() - self.start
        # Dev is scored on the averaged weights; on_epoch_end goes back to the last ones.
        self.last_weights = self.model.get_weights()
        self.model.optimizer.finalize_variable_values(self.model.trainable_variables)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        logs = logs or {}
        figures = {name: float(logs[own]) for name, own in self.watch.names.items()}
        figures = {**figures, **self.watch.score(), "seconds": self.seconds}
        history, rank = self.history, self.watch.rank
        history.epochs.append(figures)
        if history.best_epoch == 0 or rank(figures) > rank(history.best):
            history.best_epoch = epoch + 1
            self.best_weights = self.model.get_weights()
        self.progress.done(
            f"epoch {epoch + 1}/{self.settings.epochs}  {self.watch.line(figures)}  "
            f"{self.seconds:.0f} s" + ("  *" if history.best_epoch == epoch + 1 else "")
        )
        if epoch + 1 - history.best_epoch >= self.settings.patience:
            history.stopped = self.model.stop_training = True
        self.model.set_weights(self.last_weights)
        self._save()

    def _save(self) -> None:
        with replaced(self.folder) as folder:
            # Not save_weights: HDF5 brings the process down when the disk is full.
            np.savez(folder / _LAST, *self.last_weights)
            np.savez(folder / _OPTIMIZER, *(v.numpy() for v in self.model.optimizer.variables))
            np.savez(folder / _BEST, *self.best_weights)
            state = {
                "identity": self.identity,
                "epochs": self.history.epochs,
                "best_epoch": self.history.best_epoch,
                "stopped": self.history.stopped,
            }
            (folder / _STATE).write_text(json.dumps(state, indent=1), encoding="utf-8")

    def restore(self) -> None:
        """Goes back to where `_save` was called.

        Raises:
            UserError: the checkpoint is that of another run.
        """
        state = read_json(self.folder / _STATE)
        if state["identity"] != json.loads(json.dumps(self.identity)):
            raise UserError(
                f"{self.folder}: was left by a run with other settings or data; give the same "
                "ones, or leave out --resume to start again"
            )
        self.model.set_weights(_arrays(self.folder / _LAST))
        optimizer = self.model.optimizer
        optimizer.build(self.model.trainable_variables)
        for own, value in zip(optimizer.variables, _arrays(self.folder / _OPTIMIZER), strict=True):
            own.assign(value)
        self.best_weights = _arrays(self.folder / _BEST)
        history = self.history
        history.epochs, history.best_epoch = state["epochs"], state["best_epoch"]
        history.stopped = state["stopped"]


def _arrays(path: Path) -> list[Any]:
    with np.load(path) as stored:
        return [stored[name] for name in stored.files]


def _generators(model: keras.Model) -> list[Any]:
    """Returns what draws in the layers of a model, in the same order each time it is built."""
    layers = sorted(model._flatten_layers(), key=_place)
    return [g for layer in layers for g in vars(layer).values() if _is_generator(g)]


def _place(layer: Any) -> list[Any]:
    """Keras counts the layers of a process, so dropout_10 may come where dropout_1 would."""
    parts = re.split(r"(\d+)", layer.path or layer.name)
    return [int(part) if part.isdigit() else part for part in parts]


def _seed(generators: Sequence[Any], seed: int, epoch: int) -> None:
    for index, generator in enumerate(generators):
        state = np.random.SeedSequence([seed, epoch, index]).generate_state(2)
        generator.state.assign(state.astype(generator.state.dtype))


def _is_generator(value: Any) -> bool:
    return isinstance(value, keras.random.SeedGenerator)


def train(
    model: keras.Model,
    train_batches: Batches,
    dev_batches: Batches,
    settings: Run,
    watch: Watch,
    *,
    checkpoint: Path,
    identity: dict[str, Any],
    resume: bool,
    logs: Path | None,
    progress: Progress,
) -> tuple[keras.Model, History]:
    """Trains a model and leaves it with the weights of its best epoch.

    Args:
        model: compiled.
        train_batches, dev_batches: what to learn from and what decides when to stop.
        settings: of the run.
        watch: what is measured, and what is better.
        checkpoint: folder for the state after the last epoch; kept until the caller deletes it.
        identity: settings and data by which a checkpoint is known as that of the same run.
        resume: go on from the checkpoint where there is one.
        logs: folder for TensorBoard, or None.
        progress: told about every step.

    Returns:
        The model and what happened.

    Raises:
        UserError: the checkpoint is that of another run.
    """
    history = History()
    epochs = _Epochs(train_batches, settings, watch, checkpoint, identity, history, progress)
    if resume and (checkpoint / _STATE).exists():
        epochs.set_model(model)
        epochs.restore()
        progress.say(f"going on after epoch {len(history.epochs)}")
    elif checkpoint.exists():
        shutil.rmtree(checkpoint)
    if not history.stopped and len(history.epochs) < settings.epochs:
        callbacks: list[keras.callbacks.Callback] = [epochs]
        if logs is not None:
            callbacks.append(keras.callbacks.TensorBoard(str(logs), write_graph=False))
        model.fit(
            train_batches.dataset(),
            validation_data=dev_batches.dataset(),
            epochs=settings.epochs,
            initial_epoch=len(history.epochs),
            verbose=0,
            callbacks=callbacks,
        )
    model.set_weights(epochs.best_weights)
    return model, history
