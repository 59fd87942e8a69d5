"""Nats a token: of distributions that are known by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from common.explain.likelihood import nats_a_token
from common.text.pieces import END_ID, START_ID

LETTERS = "abcd"
PIECES = 4 + len(LETTERS)


class _Vocabulary:
    def encode(self, text: str) -> list[int]:
        return [4 + LETTERS.index(letter) for letter in text]


class _FrontEnd:
    max_timesteps, vocabulary = 16, _Vocabulary()

    def encode(self, raw: str) -> Any:
        return np.array(self.vocabulary.encode(raw), np.int32)

    def pad(self, encoded: Any, timesteps: int) -> Any:
        return np.array([np.pad(ids, (0, timesteps - len(ids))) for ids in encoded])


def _model(table: Any) -> Any:
    """A decoder whose next token depends on the last one alone, by a table of probabilities."""

    def call(given: Any, training: bool) -> Any:
        _, previous = given
        return tf.one_hot(previous, PIECES, dtype=tf.float64)

    decoder = SimpleNamespace(logits=lambda features: features @ tf.constant(np.log(table)))
    model = type("Model", (), {"__call__": staticmethod(call)})()
    model.decoder = decoder
    return model


def test_a_decoder_that_knows_nothing_needs_the_log_of_the_number_of_pieces() -> None:
    model = _model(np.full((PIECES, PIECES), 1 / PIECES))
    nats = nats_a_token(model, _FrontEnd(), ["a", "bc"], ["abcd", "d"])  # type: ignore[arg-type]
    assert nats == pytest.approx(math.log(PIECES))


def test_every_token_is_predicted_from_the_one_before_it_and_padding_counts_nothing() -> None:
    table = np.full((PIECES, PIECES), 0.01)
    a, b = 4, 5
    table[START_ID, a], table[a, b], table[b, END_ID] = 0.5, 0.8, 0.9
    table /= table.sum(axis=1, keepdims=True)
    steps = [(START_ID, a), (a, b), (b, END_ID), (START_ID, b), (b, END_ID)]
    wanted = -np.mean([math.log(table[pair]) for pair in steps])
    nats = nats_a_token(_model(table), _FrontEnd(), ["a", "a"], ["ab", "b"])  # type: ignore[arg-type]
    assert nats == pytest.approx(wanted)
    # The other order is unlikely here.
    other = nats_a_token(_model(table), _FrontEnd(), ["a"], ["ba"])  # type: ignore[arg-type]
    assert other > nats + 1
