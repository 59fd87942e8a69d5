"""The learning rate by hand, what an epoch is called by, what the optimizer is."""

from __future__ import annotations

import keras
import pytest

from common.generation.learning import WarmUpCosine, averaging, compile_teacher, watch
from tests.common.generation.reversal import Reversal, ReversalSettings


@pytest.mark.parametrize(
    "step, share",
    [
        (0, 1 / 5),
        (3, 4 / 5),
        (4, 1.0),  # the peak
        (6, 0.02 + 0.98 * (1 + 0.5**0.5) / 2),  # a quarter of the way: cos(pi / 4)
        (8, 0.51),  # half of the way
        (12, 0.02),
        (100, 0.02),
    ],
)
def test_learning_rate_by_hand(step: int, share: float) -> None:
    schedule = WarmUpCosine(0.5, warm_up=4, steps=12)
    assert float(schedule(step)) == pytest.approx(0.5 * share, rel=1e-5)


def test_without_warm_up_it_begins_at_the_peak() -> None:
    assert float(WarmUpCosine(0.5, 0, 10)(0)) == pytest.approx(0.5)


def test_more_warm_up_than_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="warm_up 5, steps 5"):
        WarmUpCosine(1.0, 5, 5)


def test_it_can_be_saved() -> None:
    serialized = keras.saving.serialize_keras_object(WarmUpCosine(0.5, 4, 12, 0.1))
    again = keras.saving.deserialize_keras_object(serialized)
    assert again.get_config() == {"peak": 0.5, "warm_up": 4, "steps": 12, "final": 0.1}


def _teacher(steps: int, settings: ReversalSettings) -> keras.Model:
    application = Reversal()
    data = application.load_data("", None, {})
    front_end = application.make_front_end(data, settings)
    return compile_teacher(application.build_network(settings, front_end), settings, steps)


def test_the_optimizer_is_that_of_the_settings() -> None:
    settings = ReversalSettings(epochs=3, warm_up=10, label_smoothing=0.2, precision="mixed")
    teacher = _teacher(1000, settings)
    optimizer = teacher.optimizer
    assert (optimizer.beta_2, optimizer.epsilon) == (0.98, 1e-9)
    assert (optimizer.global_clipnorm, optimizer.ema_momentum) == (1.0, 0.9)
    schedule = optimizer._learning_rate
    assert (schedule.peak, schedule.warm_up, schedule.steps) == (0.01, 10, 3000)
    assert (teacher.smoothing, teacher.low_precision) == (0.2, True)


def test_a_short_run_gets_to_its_full_rate() -> None:
    teacher = _teacher(10, ReversalSettings(epochs=2, warm_up=500, averaging=0.0, clip_norm=0.0))
    schedule = teacher.optimizer._learning_rate
    assert (schedule.warm_up, schedule.steps) == (5, 20)
    assert not teacher.optimizer.use_ema
    assert teacher.optimizer.global_clipnorm is None


def test_an_epoch_is_judged_by_bleu_first() -> None:
    watched = watch(lambda: {"dev_bleu": 12.0}, tokens=3000)
    better = {"dev_bleu": 12.0, "dev_nats": 2.0}
    assert watched.rank(better) > watched.rank({"dev_bleu": 11.9, "dev_nats": 1.0})
    assert watched.rank(better) > watched.rank({"dev_bleu": 12.0, "dev_nats": 2.1})
    figures = {"nats": 1.5, "seconds": 1.5, **better}
    assert watched.line(figures) == "nats 1.500  dev nats 2.000  dev bleu 12.00  2,000 tokens/s"
    assert watched.score() == {"dev_bleu": 12.0}


def test_the_mean_of_the_weights_reaches_back_a_fortieth_of_the_run() -> None:
    assert averaging(0.998, 1_000_000) == 0.998
    assert averaging(0.998, 4000) == pytest.approx(0.99)  # 100 steps
    assert averaging(0.9, 4000) == 0.9
    assert averaging(0.0, 4000) == 0
    assert averaging(0.998, 10) == 0
