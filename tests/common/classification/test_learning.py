"""Training: the same after an interrupt, from the same seed, with the weights of the best epoch."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from common.classification.application import Array
from common.classification.batches import BucketedBatches
from common.classification.learning import WATCH, SmoothedCrossentropy, compile_model
from common.classification.network import RecurrentClassifier
from common.classification.settings import ClassifierSettings
from common.errors import UserError
from common.progress import Progress
from common.text.layers import TokenDropout, TokenEmbedding
from common.training import History, train

STEPS, WORDS = 8, 12  # one length, so that little is compiled
SETTINGS = ClassifierSettings(
    epochs=4, batch_size=16, learning_rate=0.02, averaging=0.8, patience=9, dropout=0.3
)
Weights = list[NDArray[Any]]


def _pad(encoded: Sequence[Array], timesteps: int) -> Array:
    return np.stack(encoded)[:, :timesteps]


def _batches(seed: int | None, count: int, first: int) -> BucketedBatches:
    rng = np.random.default_rng(first)
    ids = rng.integers(2, WORDS, (count, STEPS)).astype(np.int32)
    targets = (ids[:, 0] > ids[:, -1]).astype(np.int64)
    return BucketedBatches(list(ids), targets, 2, _pad, STEPS, 16, seed)


DEV = _batches(None, 48, 1)


def _network(seed: int) -> keras.Model:
    keras.utils.set_random_seed(seed)
    ids = keras.Input((None,), dtype="int32")
    x = TokenDropout(0.1)(ids)
    x = TokenEmbedding(WORDS, 6)(x)
    x = keras.layers.SpatialDropout1D(0.2)(x)
    return keras.Model(ids, RecurrentClassifier(2, 6, dropout=0.3, name="classifier")(x))


class _Interrupted(Progress):
    """The user presses Ctrl-C in the middle of an epoch, from 1 on."""

    def __init__(self, epoch: int) -> None:
        super().__init__(quiet=True)
        self.left = (epoch - 1) * 6 + 3

    def advance(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


def _train(
    folder: Path,
    settings: ClassifierSettings = SETTINGS,
    *,
    resume: bool = False,
    progress: Progress | None = None,
    logs: Path | None = None,
    data: str = "data",
    batches: BucketedBatches | None = None,
) -> tuple[keras.Model, History]:
    model = _network(settings.seed)
    batches = batches or _batches(settings.seed, 96, 0)
    compile_model(model, settings, len(batches))
    return train(
        model,
        batches,
        DEV,
        settings,
        WATCH,
        checkpoint=folder,
        identity={"settings": dataclasses.asdict(settings), "data": data},
        resume=resume,
        logs=logs,
        progress=progress or Progress(quiet=True),
    )


def _figures(history: History) -> list[dict[str, float]]:
    return [{k: v for k, v in e.items() if k != "seconds"} for e in history.epochs]


def _dev(model: keras.Model) -> tuple[float, float]:
    """Returns loss and accuracy on dev, straight from the scores."""
    inputs, shares = (np.concatenate(x) for x in zip(*(DEV[i] for i in range(3)), strict=True))
    targets = shares.argmax(1)
    scores = np.asarray(model(inputs, training=False))
    right = scores[np.arange(len(targets)), targets]
    return float(-np.log(right).mean()), float((scores.argmax(1) == targets).mean())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Weights, History]:
    """A run without an interrupt."""
    model, history = _train(tmp_path_factory.mktemp("whole") / "checkpoint")
    return model.get_weights(), history


def _same(a: Weights, b: Weights) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_the_network_learns(whole: tuple[Weights, History]) -> None:
    figures = _figures(whole[1])
    assert len(figures) == SETTINGS.epochs
    assert figures[-1]["loss"] < figures[0]["loss"]
    assert whole[1].seconds > 0


def test_the_same_seed_gives_the_same(whole: tuple[Weights, History], tmp_path: Path) -> None:
    batches = _batches(SETTINGS.seed, 96, 0)
    first = [batch.tolist() for batch in batches.batches]
    model, history = _train(tmp_path / "checkpoint", batches=batches)
    assert _same(model.get_weights(), whole[0])
    assert _figures(history) == _figures(whole[1])
    # Each epoch has an order of its own all the same.
    last = [batch.tolist() for batch in batches.batches]
    batches.set_epoch(SETTINGS.epochs - 1)
    assert last == [batch.tolist() for batch in batches.batches] != first


def test_another_seed_gives_something_else(whole: tuple[Weights, History], tmp_path: Path) -> None:
    model, _ = _train(tmp_path / "c", dataclasses.replace(SETTINGS, seed=1, epochs=1))
    changed = [not np.array_equal(a, b) for a, b in zip(model.get_weights(), whole[0], strict=True)]
    assert sum(changed) >= 4


@pytest.mark.parametrize("epochs", [(3,), (2, 4)], ids=str)
def test_an_interrupted_run_goes_on_as_if_nothing_had_been(
    whole: tuple[Weights, History], tmp_path: Path, epochs: tuple[int, ...]
) -> None:
    checkpoint = tmp_path / "checkpoint"
    done = 0
    for number, epoch in enumerate(epochs):
        with pytest.raises(KeyboardInterrupt):
            _train(checkpoint, resume=number > 0, progress=_Interrupted(epoch - done))
        done = epoch - 1
        assert checkpoint.exists()
    model, history = _train(checkpoint, resume=True)
    assert _figures(history) == _figures(whole[1])
    assert history.best_epoch == whole[1].best_epoch
    assert _same(model.get_weights(), whole[0])
    assert [p.name for p in tmp_path.iterdir()] == ["checkpoint"]


def test_resuming_a_run_that_was_done_trains_no_more(
    whole: tuple[Weights, History], tmp_path: Path
) -> None:
    _train(tmp_path / "c")
    model, history = _train(tmp_path / "c", resume=True, progress=_Interrupted(1))
    assert _same(model.get_weights(), whole[0])
    assert _figures(history) == _figures(whole[1])


def test_without_resume_a_run_begins_again(tmp_path: Path) -> None:
    for epoch, left in ((2, True), (1, False)):
        with pytest.raises(KeyboardInterrupt):
            _train(tmp_path / "c", progress=_Interrupted(epoch))
        assert (tmp_path / "c").exists() == left


def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    one = dataclasses.replace(SETTINGS, epochs=1)
    _train(tmp_path / "c", one)
    before = {p: p.read_bytes() for p in (tmp_path / "c").iterdir()}
    with pytest.raises(UserError, match="other settings or data"):
        _train(tmp_path / "c", dataclasses.replace(one, units=65), resume=True)
    with pytest.raises(UserError, match="other settings or data"):
        _train(tmp_path / "c", one, data="other", resume=True)
    assert {p: p.read_bytes() for p in (tmp_path / "c").iterdir()} == before


def test_the_weights_of_the_best_epoch_are_kept(tmp_path: Path) -> None:
    # So fast that the later epochs are worse than an early one.
    wild = dataclasses.replace(
        SETTINGS, learning_rate=0.5, clip_norm=0.0, averaging=0.0, epochs=12, patience=2
    )
    model, history = _train(tmp_path / "c", wild)
    assert history.stopped
    assert len(history.epochs) == history.best_epoch + wild.patience < wild.epochs
    ranks = [(e["dev_accuracy"], -e["dev_loss"]) for e in history.epochs]
    assert max(ranks) == ranks[history.best_epoch - 1]
    assert max(ranks) > ranks[-1]
    loss, accuracy = _dev(model)
    assert accuracy == pytest.approx(history.best["dev_accuracy"], abs=1e-6)
    assert loss == pytest.approx(history.best["dev_loss"], rel=1e-3)
    # A run that patience stopped is over for a resumed one as well.
    again, same = _train(tmp_path / "c", wild, resume=True)
    assert _same(again.get_weights(), model.get_weights())
    assert len(same.epochs) == len(history.epochs)


def test_averaged_weights_are_those_that_were_scored(whole: tuple[Weights, History]) -> None:
    model = _network(0)
    model.set_weights(whole[0])
    loss, accuracy = _dev(model)
    assert accuracy == pytest.approx(whole[1].best["dev_accuracy"], abs=1e-6)
    assert loss == pytest.approx(whole[1].best["dev_loss"], rel=1e-5)


def test_averaging_is_for_scoring_and_changes_no_step(
    whole: tuple[Weights, History], tmp_path: Path
) -> None:
    _, plain = _train(tmp_path / "c", dataclasses.replace(SETTINGS, averaging=0.0))
    for one, other in zip(plain.epochs, whole[1].epochs, strict=True):
        assert one["loss"] == pytest.approx(other["loss"], rel=1e-5)
        assert one["dev_loss"] != pytest.approx(other["dev_loss"], rel=1e-5)


def test_figures_for_tensorboard(tmp_path: Path) -> None:
    _train(tmp_path / "c", dataclasses.replace(SETTINGS, epochs=1), logs=tmp_path / "logs")
    for part in ("train", "validation"):
        (file,) = (tmp_path / "logs" / part).glob("events.out.tfevents.*")
        assert b"epoch_accuracy" in file.read_bytes()


def test_cross_entropy_by_hand() -> None:
    scores = np.array([[0.2, 0.3, 0.5]], "float32")
    plain = SmoothedCrossentropy()(np.array([[0, 1, 0]], "float32"), scores)
    assert float(plain) == pytest.approx(-np.log(0.3), rel=1e-5)
    smoothed = SmoothedCrossentropy(0.3)(np.array([[0, 1, 0]], "float32"), scores)
    by_hand = -(0.1 * np.log(0.2) + 0.8 * np.log(0.3) + 0.1 * np.log(0.5))
    assert float(smoothed) == pytest.approx(by_hand, rel=1e-5)
    mixed = SmoothedCrossentropy()(np.array([[0.25, 0, 0.75]], "float32"), scores)
    assert float(mixed) == pytest.approx(-0.25 * np.log(0.2) - 0.75 * np.log(0.5), rel=1e-5)
