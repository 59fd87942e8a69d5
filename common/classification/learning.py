"""How a classifier learns: its optimizer, its loss, and which of its epochs is the best."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

from common.classification.settings import ClassifierSettings
from common.training import Watch

WATCH = Watch(
    {
        "loss": "loss",
        "accuracy": "accuracy",
        "dev_loss": "val_loss",
        "dev_accuracy": "val_accuracy",
    },
    lambda figures: (figures["dev_accuracy"], -figures["dev_loss"]),
    (("loss", ".3f"), ("dev_loss", ".3f"), ("dev_accuracy", ".4f")),
)


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
    """Cross-entropy of target shares, with a share of the label given to the other classes."""

    def __init__(self, smoothing: float = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.smoothing = smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        classes = y_pred.shape[-1]
        target = tf.cast(y_true, y_pred.dtype) * (1 - self.smoothing) + self.smoothing / classes
        return keras.ops.categorical_crossentropy(target, y_pred)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "smoothing": self.smoothing}
