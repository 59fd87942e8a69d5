"""Search on a chain whose best sentences can be found by trying all of them."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from common.generation.search import search
from common.text.pieces import END_ID, START_ID
from common.text.vocabulary import PAD_ID

PIECES = 8
Array = NDArray[np.float32]


def chains(batch: int, seed: int = 0) -> Array:
    """Returns for each row the logits of the next token by the last one and the parity of time."""
    rng = np.random.default_rng(seed)
    return np.asarray(rng.normal(size=(batch, 2, PIECES, PIECES)) * 1.5, np.float32)


def step(token: Any, states: Any, constant: Any) -> Any:
    """The parity of time is the state; the chain stays the same."""
    parity = tf.cast(states["time"][:, 0], tf.int32) % 2
    table = tf.gather(constant["chain"], parity, batch_dims=1)
    logits = tf.gather(table, token, batch_dims=1)
    # A state that depends on the tokens, to see that it follows its hypothesis.
    return logits + states["trace"], {
        "time": states["time"] + 1,
        "trace": 0.5 * states["trace"] + 0.3 * tf.one_hot(token, PIECES),
    }


def run(chain: Array, limits: list[int], width: int, penalty: float = 1.0) -> Any:
    batch = len(chain)
    states = {"time": tf.zeros([batch, 1]), "trace": tf.zeros([batch, PIECES])}
    return search(
        step,
        states,
        {"chain": tf.constant(chain)},
        tf.constant(limits, tf.int32),
        max(limits),
        width,
        penalty,
    )


def log_probabilities(chain: Array, sentence: tuple[int, ...]) -> list[float]:
    """Of the tokens of a sentence, in NumPy."""
    token, trace, found = START_ID, np.zeros(PIECES), []
    for time, now in enumerate(sentence):
        logits = chain[time % 2, token] + trace
        trace = 0.5 * trace + 0.3 * np.eye(PIECES)[token]
        found.append(float(logits[now] - np.log(np.exp(logits).sum())))
        token = now
    return found


def sentences(limit: int) -> list[tuple[int, ...]]:
    """Returns every sentence: it ends with END, or at the limit."""
    words = [i for i in range(PIECES) if i not in (PAD_ID, START_ID, END_ID)]
    found = []
    for length in range(1, limit + 1):
        for body in itertools.product(words, repeat=length):
            if length < limit:
                found.append((*body, END_ID))
            else:
                found.append(body)
    return found


def best(chain: Array, limit: int, penalty: float) -> tuple[int, ...]:
    def rank(sentence: tuple[int, ...]) -> float:
        return sum(log_probabilities(chain, sentence)) / len(sentence) ** penalty

    return max(sentences(limit), key=rank)


def shown(ids: Any) -> list[int]:
    return [int(i) for i in ids if i != PAD_ID]


@pytest.mark.parametrize("seed", range(5))
def test_greedy_takes_the_likeliest_token_at_each_step(seed: int) -> None:
    (chain,) = chains(1, seed)
    found = run(chain[None], [6], 1)
    sentence: tuple[int, ...] = ()
    while len(sentence) < 6 and (not sentence or sentence[-1] != END_ID):
        allowed = [i for i in range(PIECES) if i not in (PAD_ID, START_ID)]
        if not sentence:
            allowed.remove(END_ID)
        likely = [log_probabilities(chain, (*sentence, i))[-1] for i in allowed]
        sentence = (*sentence, allowed[int(np.argmax(likely))])
    assert shown(found.ids[0]) == [i for i in sentence if i != END_ID]
    expected = np.exp(np.mean(log_probabilities(chain, sentence)))
    assert float(found.score[0]) == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize("penalty", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_a_beam_wide_enough_finds_the_best_of_all_sentences(seed: int, penalty: float) -> None:
    (chain,) = chains(1, seed)
    expected = best(chain, 4, penalty)
    # Wide enough to hold every beginning, and never to stop at the first few ends.
    found = run(chain[None], [4], 1300, penalty)
    assert shown(found.ids[0]) == [i for i in expected if i != END_ID]
    score = np.exp(np.mean(log_probabilities(chain, expected)))
    assert float(found.score[0]) == pytest.approx(float(score), rel=1e-4)


def test_a_beam_is_better_than_greedy_somewhere_and_seldom_worse() -> None:
    chain = chains(200)
    limits = [5] * len(chain)
    greedy, beam = run(chain, limits, 1), run(chain, limits, 4)
    difference = beam.score.numpy() - greedy.score.numpy()
    assert (difference > 1e-4).sum() > 20
    assert (difference < -1e-4).mean() < 0.1


@pytest.mark.parametrize("width", [1, 3])
def test_a_row_does_not_depend_on_the_rows_beside_it(width: int) -> None:
    chain, limits = chains(12, 3), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 3, 12]
    together = run(chain, limits, width)
    for row, limit in enumerate(limits):
        alone = run(chain[row : row + 1], [limit], width)
        assert shown(together.ids[row]) == shown(alone.ids[0])
        assert len(shown(alone.ids[0])) <= limit
        np.testing.assert_allclose(together.score[row], alone.score[0], rtol=1e-5)


@pytest.mark.parametrize("width", [1, 2])
def test_no_sentence_is_empty_and_none_holds_a_sign(width: int) -> None:
    chain = chains(30)
    chain[:, :, :, [END_ID, PAD_ID, START_ID]] += 20
    found = run(chain, [6] * 30, width)
    for ids in found.ids:
        assert len(shown(ids)) == 1
        assert not {START_ID, END_ID} & set(shown(ids))


def test_greedy_does_not_ask_for_the_length_penalty() -> None:
    chain = chains(5)
    one, other = run(chain, [6] * 5, 1, 0.0), run(chain, [6] * 5, 1, 2.0)
    np.testing.assert_array_equal(one.ids, other.ids)


def test_a_larger_penalty_gives_longer_sentences() -> None:
    chain = chains(100)
    lengths = [
        np.mean([len(shown(ids)) for ids in run(chain, [8] * 100, 4, penalty).ids])
        for penalty in (0.0, 1.0, 2.0)
    ]
    assert lengths[0] < lengths[1] < lengths[2]


def test_a_width_of_none_is_refused() -> None:
    with pytest.raises(ValueError, match="width"):
        run(chains(1), [3], 0)
