"""How a generator learns: its optimizer, the course of its rate, and which epoch is the best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import tensorflow as tf

from common.generation.network import Generator, Teacher
from common.generation.reward import Rewarder, Rewards
from common.generation.settings import GeneratorSettings
from common.training import Figures, Watch

# A short run must get to its full rate, and have most of its steps left then.
_LONGEST_WARM_UP = 0.25
# Nor may the running mean of its weights reach back to where it began.
_LONGEST_MEMORY = 1 / 40
# Rewards teach with a share of the teacher's rate: their gradients are far less certain.
_REWARD_RATE = 0.015


@keras.saving.register_keras_serializable(package="recur")
class WarmUpCosine(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that rises along a line, then falls along a cosine.

    With `w` steps of warm-up of `n` steps in all, step `t` counted from 0:

        peak (t + 1) / (w + 1)                                           t < w
        peak (f + (1 - f) (1 + cos(pi (t - w) / (n - w))) / 2)           t >= w

    Args:
        peak: the highest rate, that of step `w`.
        warm_up: steps before it.
        steps: of the run; after them the rate stays where it is.
        final: share of the peak at the end.
    """

    def __init__(self, peak: float, warm_up: int, steps: int, final: float = 0.02) -> None:
        if not 0 <= warm_up < steps:
            raise ValueError(f"need 0 <= warm_up < steps, got warm_up {warm_up}, steps {steps}.")
        super().__init__()
        self.peak, self.warm_up, self.steps, self.final = peak, warm_up, steps, final

    def __call__(self, step: Any) -> Any:
        t = tf.cast(step, tf.float32)
        rising = (t + 1) / (self.warm_up + 1)
        gone = tf.clip_by_value((t - self.warm_up) / (self.steps - self.warm_up), 0.0, 1.0)
        falling = self.final + (1 - self.final) * (1 + tf.cos(3.14159265 * gone)) / 2
        return self.peak * tf.where(t < self.warm_up, rising, falling)

    def get_config(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("peak", "warm_up", "steps", "final")}


def averaging(wanted: float, steps: int) -> float:
    """Returns the momentum of the running mean of the weights.

    A mean with momentum m reaches back 1 / (1 - m) steps or so. In a short run that is cut to a
    fortieth of its steps.

    Args:
        wanted: what the settings say; 0 for no mean.
        steps: of the run.
    """
    return min(wanted, max(0.0, 1 - 1 / max(1.0, steps * _LONGEST_MEMORY)))


def compile_teacher(model: Generator, settings: GeneratorSettings, steps: int) -> Teacher:
    """Returns what trains a generator, with its optimizer.

    Args:
        model: to train.
        settings: of the run.
        steps: training steps of an epoch.
    """
    teacher = Teacher(model, settings.label_smoothing, settings.precision == "mixed")
    teacher.compile(_optimizer(settings, steps * settings.epochs, settings.learning_rate))
    return teacher


def compile_rewarder(
    model: Generator, settings: GeneratorSettings, rewards: Rewards, most: int, steps: int
) -> Rewarder:
    """Returns what goes on with a generator that a teacher has trained.

    Args:
        model: to train.
        settings: of the run.
        rewards: of its sentences, see `Rewarder`.
        most: tokens of a sentence.
        steps: training steps of an epoch.
    """
    rewarder = Rewarder(model, rewards, most)
    rate = settings.learning_rate * _REWARD_RATE
    rewarder.compile(_optimizer(settings, steps * settings.reward_epochs, rate))
    return rewarder


def _optimizer(settings: GeneratorSettings, steps: int, rate: float) -> keras.optimizers.Optimizer:
    warm_up = min(settings.warm_up, int(steps * _LONGEST_WARM_UP))
    # As Vaswani et al. ("Attention Is All You Need", NeurIPS 2017): gradients of rare pieces are
    # few, so their squares are remembered for less long than is usual.
    momentum = averaging(settings.averaging, steps)
    return keras.optimizers.Adam(
        WarmUpCosine(rate, warm_up, steps),
        beta_2=0.98,
        epsilon=1e-9,
        global_clipnorm=settings.clip_norm or None,
        use_ema=momentum > 0,
        ema_momentum=momentum,
        ema_overwrite_frequency=None,
    )


@dataclass(frozen=True)
class _WithSpeed(Watch):
    """A watch that shows how fast training was.

    Attributes:
        tokens: that are learned from in an epoch.
    """

    tokens: int = 0

    def line(self, figures: Figures) -> str:
        return f"{super().line(figures)}  {self.tokens / figures['seconds']:,.0f} tokens/s"


def watch(score: Callable[[], Figures], tokens: int) -> Watch:
    """Returns what is measured after an epoch: nats a token, and what `score` finds.

    Args:
        score: measures the network as it is; `dev_bleu` is among what it returns.
        tokens: of the sentences that are learned from in an epoch, END among them.
    """
    return _WithSpeed(
        {"loss": "loss", "nats": "nats", "dev_nats": "val_nats"},
        lambda figures: (figures["dev_bleu"], -figures["dev_nats"]),
        (("nats", ".3f"), ("dev_nats", ".3f"), ("dev_bleu", ".2f")),
        score,
        tokens,
    )


def watch_rewards(score: Callable[[], Figures]) -> Watch:
    """Returns what is measured after an epoch of rewards; `score` as of `watch`."""
    return Watch(
        {"reward": "reward", "dev_nats": "val_nats"},
        lambda figures: (figures["dev_bleu"], -figures["dev_nats"]),
        (("reward", ".4f"), ("dev_nats", ".3f"), ("dev_bleu", ".2f")),
        score,
    )
