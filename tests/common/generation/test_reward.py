"""Learning from whole sentences: what is drawn, what it is worth, and where that leads."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from common.generation.fitting import fit
from common.generation.reward import InputBatches, Rewarder, sentence_rewards
from common.generation.search import draw
from common.progress import Progress
from common.text.pieces import END_ID, START_ID
from common.text.vocabulary import PAD_ID
from tests.common.generation.reversal import Reversal
from tests.common.generation.test_fitting import DATA, SHORT, _figures, _Recorded, _some
from tests.common.generation.test_search import PIECES, chains, log_probabilities, step
from tests.common.generation.tiny_application import TinyApplication, TinySettings, tiny_front_end


def drawn(chain: Any, rows: int, most: int, seed: int = 0) -> Any:
    """Draws for so many rows with the same chain."""
    chain = np.repeat(chain, rows, axis=0)
    states = {"time": tf.zeros([rows, 1]), "trace": tf.zeros([rows, PIECES])}
    return draw(step, states, {"chain": tf.constant(chain)}, most, tf.constant([seed, 7])).numpy()


def test_sentences_are_drawn_as_often_as_they_are_likely() -> None:
    chain = chains(1, 2)
    rows = 40_000
    found = drawn(chain, rows, 3)
    words = [i for i in range(PIECES) if i not in (PAD_ID, START_ID, END_ID)]

    def share(beginning: tuple[int, ...]) -> float:
        """Of one token after those before it, among the tokens that may come."""
        *before, last = beginning
        allowed = [*words, *([END_ID] if before else [])]
        odds = [np.exp(log_probabilities(chain[0], (*before, i))[-1]) for i in allowed]
        return float(odds[allowed.index(last)] / sum(odds))

    for word in words:
        first = found[:, 0] == word
        assert first.mean() == pytest.approx(share((word,)), abs=0.012)
        for second in (*words, END_ID):
            both = (first & (found[:, 1] == second)).mean()
            assert both == pytest.approx(share((word,)) * share((word, second)), abs=0.012)


def test_a_sentence_ends_with_its_end_or_at_the_limit() -> None:
    found = drawn(chains(1, 2), 500, 6)
    assert found.shape == (500, 6)
    for row in found.tolist():
        assert row[0] != END_ID and START_ID not in row
        end = row.index(END_ID) if END_ID in row else len(row) - 1
        assert PAD_ID not in row[: end + 1]
        assert {*row[end + 1 :]} <= {PAD_ID}


def test_the_same_seed_draws_the_same_and_another_other_sentences() -> None:
    chain = chains(1, 2)
    assert np.array_equal(drawn(chain, 50, 5), drawn(chain, 50, 5))
    assert not np.array_equal(drawn(chain, 50, 5), drawn(chain, 50, 5, seed=1))


def test_no_column_is_padding_alone() -> None:
    chain = chains(1, 2)
    chain[..., END_ID] += 30
    assert drawn(chain, 20, 6).shape == (20, 2)


def test_rewards_by_hand() -> None:
    rewards = sentence_rewards([[[10, 11, 12, 13]], [[20, 21], [22, 23, 24, 25]]])
    ids = np.array(
        [
            [10, 11, 12, 13, END_ID],
            [22, 23, 24, 25, END_ID],
            [10, 11, 12, 13, END_ID],
            [10, 11, 12, 13, PAD_ID],
            [10, 11, 12, 99, END_ID],
        ],
        np.int32,
    )
    found = rewards(ids, np.array([0, 1, 1, 0, 0], np.int32))
    assert found.dtype == np.float32
    assert found[:2] == pytest.approx([1, 1])
    assert found[2] < 0.2  # of another input
    # All n-grams are right, but it breaks off: the penalty for a fifth less is exp(1 - 5 / 4).
    assert found[3] == pytest.approx(np.exp(-1 / 4), abs=1e-6)
    # 4 of 5 tokens, 2 of 4 pairs, 1 of 3 triples, and for 0 of 2 quadruples half of one.
    expected = (4 / 5 * 2 / 4 * 1 / 3 * (1 / 2) / 2) ** (1 / 4)
    assert found[4] == pytest.approx(expected, abs=1e-6)


def _network() -> Any:
    settings = TinySettings()
    return TinyApplication().build_network(settings, tiny_front_end(settings))


def _data(inputs: int = 6) -> Any:
    given = np.tile(np.array([[4, 5, 6]], np.int32), (inputs, 1))
    return given, np.arange(inputs, dtype=np.int32)


def _first(network: Any) -> Any:
    """Returns the probabilities of the first token."""
    states, remembered = network.start(np.array([[4, 5, 6]], np.int32))
    return tf.nn.softmax(network.step(tf.constant([START_ID]), states, remembered)[0])[0].numpy()


def _trained(network: Any, rewards: Any, steps: int) -> None:
    rewarder = Rewarder(network, rewards, 4)
    rewarder.compile(keras.optimizers.Adam(0.01))
    run = tf.function(rewarder.train_step, autograph=False)
    for _ in range(steps):
        run(_data())


def test_what_is_rewarded_becomes_likelier() -> None:
    network = _network()
    before = _first(network)
    allowed = [i for i in range(len(before)) if i not in (PAD_ID, START_ID, END_ID)]
    wanted = sorted(allowed, key=lambda i: before[i])[-4]  # not the likeliest
    _trained(network, lambda ids, _: (ids[:, 0] == wanted).astype(np.float32), 60)
    assert before[wanted] < 0.5 < 0.8 < _first(network)[wanted]


def test_what_is_rewarded_alike_teaches_nothing() -> None:
    network = _network()
    before = network.get_weights()
    _trained(network, lambda ids, _: np.full(len(ids), 0.7, np.float32), 3)
    for one, other in zip(before, network.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)
    _trained(network, lambda ids, _: (ids[:, 0] % 2).astype(np.float32), 3)
    moved = [abs(a - b).max() for a, b in zip(before, network.get_weights(), strict=True)]
    assert max(moved) > 5e-3


def test_each_input_comes_once_in_an_order_of_seed_and_epoch() -> None:
    lengths = [3, 20, 5, 9] * 40

    def pad(indices: Any, steps: int) -> Any:
        assert all(lengths[i] <= steps for i in indices)
        return np.zeros((len(indices), steps), np.int32)

    def order(batches: InputBatches) -> list[int]:
        return [int(i) for index in range(len(batches)) for i in batches[index][1]]

    one, other = InputBatches(lengths, pad, 0), InputBatches(lengths, pad, 0)
    assert sorted(order(one)) == [*range(160)]
    assert order(one) == order(other) != order(InputBatches(lengths, pad, 1))
    other.set_epoch(1)
    assert order(one) != order(other)
    assert sorted(order(other)) == [*range(160)]


def _fit(folder: Path, settings: Any, data: Any = None, resume: bool = False, **more: Any) -> Any:
    application = Reversal()
    data = data or DATA
    front_end = application.make_front_end(data, settings)
    progress = more.get("progress") or Progress(quiet=True)
    return fit(application, data, front_end, settings, folder, None, resume, progress)


def test_rewards_come_after_teaching_and_the_best_epoch_of_both_is_kept(tmp_path: Path) -> None:
    settings = dataclasses.replace(SHORT, epochs=2, reward_epochs=2)
    taught, history = _fit(tmp_path / "a", dataclasses.replace(settings, reward_epochs=0), _some())
    model, both = _fit(tmp_path / "b", settings, _some())
    assert _figures(both)[:2] == _figures(history)
    assert len(both.epochs) == 4
    assert all(0 <= epoch["reward"] <= 1 for epoch in both.epochs[2:])
    assert both.best["dev_bleu"] == max(epoch["dev_bleu"] for epoch in both.epochs)
    same = all(
        np.array_equal(a, b) for a, b in zip(taught.get_weights(), model.get_weights(), strict=True)
    )
    assert same is (both.best_epoch <= 2)


def test_an_interrupted_run_goes_on_among_rewards(tmp_path: Path) -> None:
    settings, counted = dataclasses.replace(SHORT, epochs=1, reward_epochs=2), _Recorded()
    whole, history = _fit(tmp_path / "whole", settings, _some(), progress=counted)
    with pytest.raises(KeyboardInterrupt):
        _fit(tmp_path / "c", settings, _some(), progress=_Recorded(counted.steps))
    model, again = _fit(tmp_path / "c", settings, _some(), resume=True)
    assert _figures(again) == _figures(history)
    for one, other in zip(model.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
