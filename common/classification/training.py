"""Train a classifier: early stopping on dev, best weights kept, resumable after every epoch."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from common.classification.batches import BucketedBatches
from common.classification.settings import ClassifierSettings
from common.errors import UserError
from common.files import replaced
from common.progress import Progress
from common.settings import read_json

_MODEL, _BEST, _STATE = "model.keras", "best.npz", "state.json"


@dataclass
class History:
    """What happened in training.

    Attributes:
        epochs: for each epoch its losses, accuracies and seconds.
        best_epoch: the one whose weights were kept, from 1 on.
        stopped: whether patience ran out.
    """

    epochs: list[dict[str, float]] = field(default_factory=list)
    best_epoch: int = 0
    stopped: bool = False

    @property
    def best(self) -> dict[str, float]:
        """Figures of the best epoch."""
        return self.epochs[self.best_epoch - 1]

    @property
    def seconds(self) -> float:
        """Time of all epochs."""
        return sum(epoch["seconds"] for epoch in self.epochs)


def compile_model(model: keras.Model, settings: ClassifierSettings, steps: int) -> None:
    """Gives the model its optimizer and loss.

    Args:
        model: gives scores of classes.
        settings: of the run.
        steps: training steps of an epoch.
    """
    schedule = keras.optimizers.schedules.CosineDecay(
        settings.learning_rate, steps * settings.epochs, alpha=0.05
    )
    optimizer = keras.optimizers.AdamW(
        schedule,
        weight_decay=settings.weight_decay,
        global_clipnorm=settings.clip_norm or None,
        use_ema=settings.averaging > 0,
        ema_momentum=settings.averaging,
        ema_overwrite_frequency=None,
    )
    # A bias gains nothing from a pull to 0.
    optimizer.exclude_from_weight_decay(var_names=["bias", "gate_bias"])
    model.compile(optimizer, SmoothedCrossentropy(settings.label_smoothing), metrics=["accuracy"])


@keras.saving.register_keras_serializable(package="recur")
class SmoothedCrossentropy(keras.losses.Loss):
    """Cross-entropy of the class index, with a share of the label given to the other classes."""

    def __init__(self, smoothing: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.smoothing = smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        classes = y_pred.shape[-1]
        target = tf.one_hot(tf.cast(tf.reshape(y_true, [-1]), tf.int32), classes)
        target = target * (1 - self.smoothing) + self.smoothing / classes
        return keras.ops.categorical_crossentropy(target, y_pred)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "smoothing": self.smoothing}


class _Epochs(keras.callbacks.Callback):
    """Order and dropout of each epoch, early stopping, a checkpoint at its end."""

    def __init__(
        self,
        train: BucketedBatches,
        settings: ClassifierSettings,
        folder: Path,
        identity: dict[str, Any],
        history: History,
        progress: Progress,
    ) -> None:
        super().__init__()
        self.train, self.settings, self.folder = train, settings, folder
        self.identity, self.history, self.progress = identity, history, progress
        self.best_weights: list[Any] = []
        self.last_weights: list[Any] = []
        self.start = 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        # From seed and epoch alone, so that a resumed run goes on as if never interrupted.
        _seed_dropout(self.model, self.settings.seed, epoch)
        self.train.set_epoch(epoch)
        self.start = time.perf_counter()
        self.progress.start(f"epoch {epoch + 1}/{self.settings.epochs}", len(self.train))

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.progress.advance()

    def on_test_begin(self, logs: Any = None) -> None:
        # Dev is scored on the averaged weights; on_epoch_end goes back to the last ones.
        self.last_weights = self.model.get_weights()
        self.model.optimizer.finalize_variable_values(self.model.trainable_variables)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        logs = logs or {}
        figures = {
            "loss": logs["loss"],
            "accuracy": logs["accuracy"],
            "dev_loss": logs["val_loss"],
            "dev_accuracy": logs["val_accuracy"],
            "seconds": time.perf_counter() - self.start,
        }
        figures = {name: float(value) for name, value in figures.items()}
        history = self.history
        history.epochs.append(figures)
        if history.best_epoch == 0 or _rank(figures) > _rank(history.best):
            history.best_epoch = epoch + 1
            self.best_weights = self.model.get_weights()
        self.progress.done(
            f"epoch {epoch + 1}/{self.settings.epochs}  loss {figures['loss']:.3f}  "
            f"dev loss {figures['dev_loss']:.3f}  dev accuracy {figures['dev_accuracy']:.4f}  "
            f"{figures['seconds']:.0f} s" + ("  *" if history.best_epoch == epoch + 1 else "")
        )
        if epoch + 1 - history.best_epoch >= self.settings.patience:
            history.stopped = self.model.stop_training = True
        self.model.set_weights(self.last_weights)
        self._save()

    def _save(self) -> None:
        with replaced(self.folder) as folder:
            self.model.save(folder / _MODEL)
            # Not save_weights: HDF5 brings the process down when the disk is full.
            np.savez(folder / _BEST, *self.best_weights)
            state = {
                "identity": self.identity,
                "epochs": self.history.epochs,
                "best_epoch": self.history.best_epoch,
                "stopped": self.history.stopped,
            }
            (folder / _STATE).write_text(json.dumps(state, indent=1), encoding="utf-8")


def _rank(figures: dict[str, float]) -> tuple[float, float]:
    return figures["dev_accuracy"], -figures["dev_loss"]


def _seed_dropout(model: keras.Model, seed: int, epoch: int) -> None:
    layers = sorted(model._flatten_layers(), key=lambda layer: layer.path or layer.name)
    generators = [g for layer in layers for g in vars(layer).values() if _is_generator(g)]
    for index, generator in enumerate(generators):
        state = np.random.SeedSequence([seed, epoch, index]).generate_state(2)
        generator.state.assign(state.astype(generator.state.dtype))


def _is_generator(value: Any) -> bool:
    return isinstance(value, keras.random.SeedGenerator)


def train(
    model: keras.Model,
    train_batches: BucketedBatches,
    dev_batches: BucketedBatches,
    settings: ClassifierSettings,
    *,
    checkpoint: Path,
    identity: dict[str, Any],
    resume: bool,
    logs: Path | None,
    progress: Progress,
) -> tuple[keras.Model, History]:
    """Trains a model and leaves it with the weights of its best epoch.

    Args:
        model: from inputs to scores of classes, not compiled.
        train_batches, dev_batches: what to learn from and what decides when to stop.
        settings: of the run.
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
    compile_model(model, settings, len(train_batches))
    history = History()
    epochs = _Epochs(train_batches, settings, checkpoint, identity, history, progress)
    if resume and (checkpoint / _STATE).exists():
        state = read_json(checkpoint / _STATE)
        if state["identity"] != json.loads(json.dumps(identity)):
            raise UserError(
                f"{checkpoint}: was left by a run with other settings or data; give the same "
                "ones, or leave out --resume to start again"
            )
        # Into the model at hand, because a loaded optimizer would pull the biases towards 0 as
        # well: Keras does not save what is excluded from weight decay.
        stored = keras.saving.load_model(checkpoint / _MODEL)
        model.set_weights(stored.get_weights())
        model.optimizer.build(model.trainable_variables)
        for own, value in zip(model.optimizer.variables, stored.optimizer.variables, strict=True):
            own.assign(value)
        with np.load(checkpoint / _BEST) as best:
            epochs.best_weights = [best[name] for name in best.files]
        history.epochs, history.best_epoch = state["epochs"], state["best_epoch"]
        history.stopped = state["stopped"]
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
