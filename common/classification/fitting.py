"""From data and settings to a trained network: seeds, batches, training, the weights kept."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from common.classification.application import (
    Array,
    ClassificationData,
    ClassifierApplication,
    FrontEnd,
)
from common.classification.batches import BucketedBatches
from common.classification.learning import WATCH, compile_model
from common.classification.settings import OF_EXPORT
from common.progress import Progress
from common.settings import to_json
from common.training import History, train

_SCORING_BATCH = 256


def fit(
    application: ClassifierApplication,
    data: ClassificationData,
    front_end: FrontEnd,
    settings: Any,
    checkpoint: Path,
    logs: Path | None,
    resume: bool,
    progress: Progress,
) -> tuple[keras.Model, History]:
    """Trains the network of an application on its data; arguments as in `training.train`."""
    encoded: dict[str, list[Array]] = {}
    targets: dict[str, NDArray[np.int64]] = {}
    for split in ("train", "dev"):
        # What is heard in pieces is learned in pieces.
        pieces = [[piece for piece, _ in front_end.pieces(raw)] for raw in data.inputs[split]]
        encoded[split] = [piece for some in pieces for piece in some]
        targets[split] = np.repeat(data.targets[split], [len(some) for some in pieces])
    keras.utils.set_random_seed(settings.seed)
    model = application.build_network(
        settings, front_end, len(data.labels), encoded["train"], targets["train"]
    )
    progress.say(f"{model.count_params():,} parameters")
    digest = hashlib.sha256()
    for split in ("train", "dev"):
        for one in encoded[split]:
            digest.update(one.tobytes())
        digest.update(targets[split].tobytes())
    identity = {
        "settings": {k: v for k, v in to_json(settings).items() if k not in OF_EXPORT},
        "data": digest.hexdigest(),
    }

    def batches(split: str, size: int, *changes: Any) -> BucketedBatches:
        classes, longest = len(data.labels), front_end.max_timesteps
        pad = front_end.pad
        return BucketedBatches(
            encoded[split], targets[split], classes, pad, longest, size, *changes
        )

    changes = application.augment(settings, front_end), application.mix(settings, front_end)
    train_batches = batches("train", settings.batch_size, settings.seed, *changes)
    compile_model(model, settings, len(train_batches))
    return train(
        model,
        train_batches,
        batches("dev", _SCORING_BATCH),
        settings,
        WATCH,
        checkpoint=checkpoint,
        identity=identity,
        resume=resume,
        logs=logs,
        progress=progress,
    )


def save_without_optimizer(model: keras.Model, path: Path) -> None:
    """Writes the network alone: the state of the optimizer is larger than the weights."""
    copy = type(model).from_config(model.get_config())
    copy.set_weights(model.get_weights())
    copy.save(path)
