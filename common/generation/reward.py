"""Learning from whole sentences: the network writes some, and the better ones become likelier.

With teacher forcing a network learns the next token after right ones alone, and not what its
sentences are judged by. So for each input `k` sentences `s_i` are drawn from the network itself,
each gets a reward `r_i`, its BLEU against the references of the input, and

    loss = - sum_i (r_i - b_i) log p(s_i),     b_i = the mean reward of the other k - 1

whose gradient is that of the expected reward (Williams, "Simple Statistical Gradient-Following
Algorithms for Connectionist Reinforcement Learning", Machine Learning 8, 1992; for captions Rennie
et al., "Self-critical Sequence Training for Image Captioning", CVPR 2017; with this baseline Luo,
"A Better Variant of Self-Critical Sequence Training", 2020).

A little of it goes far: BLEU of single sentences likes them short and fit for everything, and a
network that is rewarded for long ends in saying just that. So the rate is small and epochs few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from common.buckets import bucket_lengths, bucket_of
from common.generation.batches import as_dataset, spec_of_inputs
from common.generation.network import Generator, Teacher
from common.generation.search import draw
from common.text.pieces import END_ID, START_ID
from common.text.vocabulary import PAD_ID

Ids = NDArray[np.int32]
Rewards = Callable[[Ids, NDArray[np.int32]], NDArray[np.float32]]

_INPUTS = 48  # of a step
_DRAWN = 5  # sentences of each


class Rewarder(Teacher):
    """Trains a generator with the rewards of its own sentences; measures dev as a teacher does.

    Args:
        network: to train.
        rewards: of sentences `(rows, tokens)`, END and then padding at their end, to inputs with
            numbers `(rows,)`: `(rows,)`.
        most: tokens of a sentence, END among them.
    """

    def __init__(self, network: Generator, rewards: Rewards, most: int) -> None:
        super().__init__(network)
        self.rewards, self.most = rewards, most
        self.random = keras.random.SeedGenerator(0)
        self.reward_mean = keras.metrics.Mean("reward")
        self.built = True  # so is the network, and nothing else has weights

    @property
    def metrics(self) -> list[Any]:
        return [*super().metrics, self.reward_mean]

    def train_step(self, data: Any) -> dict[str, Any]:
        given, numbers = data
        with tf.GradientTape() as tape:
            # Without dropout, and so encoded once, for what is drawn and for what is learned.
            states, remembered = (
                {name: tf.repeat(value, _DRAWN, axis=0) for name, value in some.items()}
                for some in self.network.start(given)
            )
            with tape.stop_recording():
                ids, rewards = self._draw(states, remembered, numbers)
                others = (tf.reduce_sum(rewards, 1, keepdims=True) - rewards) / (_DRAWN - 1)
                advantage = tf.reshape(rewards - others, [-1, 1])
            loss = self._loss(states, remembered, ids, advantage)
        variables = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        self.reward_mean.update_state(rewards)
        return {"reward": self.reward_mean.result()}

    def _draw(self, states: Any, remembered: Any, numbers: Any) -> tuple[Any, Any]:
        """Returns sentences `(inputs * k, tokens)`, and their rewards `(inputs, k)`."""
        ids = draw(
            lambda *now: self.network.step(*now)[:2],
            states,
            remembered,
            self.most,
            tf.cast(self.random.next(), tf.int32),
        )
        rewards = tf.numpy_function(
            self.rewards, [ids, tf.repeat(numbers, _DRAWN)], tf.float32, stateful=False
        )
        return ids, tf.reshape(rewards, [-1, _DRAWN])

    def _loss(self, states: Any, remembered: Any, ids: Any, advantage: Any) -> Any:
        first = tf.fill([tf.shape(ids)[0], 1], START_ID)
        decoder = self.network.decoder
        features, _, _ = decoder.decode(tf.concat([first, ids[:, :-1]], 1), states, remembered)
        logits = decoder.logits(features)
        logs = -tf.nn.sparse_softmax_cross_entropy_with_logits(ids, logits)
        there = tf.cast(ids != PAD_ID, logs.dtype)
        return -tf.reduce_sum(advantage * there * logs) / tf.reduce_sum(there)


def sentence_rewards(references: Sequence[Sequence[Sequence[int]]]) -> Rewards:
    """Returns what rewards sentences: their BLEU, 0 to 1, by sacreBLEU.

    Its tokens are ids, END among them: otherwise a sentence that breaks off would lose little.
    BLEU of single sentences needs smoothing; it is that of sacreBLEU's `sentence_bleu`.

    Args:
        references: for each input the ids of its sentences, without START and END.
    """
    from sacrebleu.metrics.bleu import BLEU

    bleu = BLEU(tokenize="none", effective_order=True)
    right = [[_spelt([*ids, END_ID]) for ids in some] for some in references]

    def rewards(ids: Ids, numbers: NDArray[np.int32]) -> NDArray[np.float32]:
        found = (
            bleu.sentence_score(_spelt(row[row != PAD_ID].tolist()), right[number]).score / 100
            for row, number in zip(ids, numbers.tolist(), strict=True)
        )
        return np.fromiter(found, np.float32, len(ids))

    return rewards


def _spelt(ids: Sequence[int]) -> str:
    return " ".join(map(str, ids))


class InputBatches:
    """Batches of inputs, each once in an epoch; their order depends on seed and epoch alone.

    Args:
        lengths: of the inputs, in time steps; 0 where all are alike.
        pad_inputs: makes some inputs a batch of a given number of time steps.
        seed: of the order.
    """

    def __init__(
        self, lengths: Sequence[int], pad_inputs: Callable[[Sequence[int], int], Any], seed: int
    ) -> None:
        self.pad_inputs, self.seed = pad_inputs, seed
        steps = bucket_lengths(max(1, *lengths))
        self.buckets: dict[int, list[int]] = {}
        for index, length in enumerate(lengths):
            self.buckets.setdefault(bucket_of(length, steps), []).append(index)
        self.set_epoch(0)

    def set_epoch(self, epoch: int) -> None:
        """Lays out the batches of an epoch."""
        rng = np.random.default_rng([self.seed, epoch])
        self.batches: list[tuple[int, list[int]]] = []
        for steps, bucket in sorted(self.buckets.items()):
            order = rng.permutation(bucket).tolist()
            self.batches += [
                (steps, order[start : start + _INPUTS]) for start in range(0, len(order), _INPUTS)
            ]
        rng.shuffle(self.batches)

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> tuple[Any, Ids]:
        """Returns inputs and their numbers."""
        steps, some = self.batches[index]
        return self.pad_inputs(some, steps), np.array(some, np.int32)

    def dataset(self) -> tf.data.Dataset:
        """Returns the batches of the epoch that is set when it is iterated, for `fit`."""
        return as_dataset(self, (spec_of_inputs(self[0][0]), tf.TensorSpec([None], tf.int32)))
