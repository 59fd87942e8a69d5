"""The recurrent layers whose memory is compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from common.recurrent.initializers import SlowGates
from common.recurrent.layer import Recur


@dataclass(frozen=True)
class Contestant:
    """A recurrent layer under comparison.

    Attributes:
        name: for files.
        title: what to call it.
        colour, line: of its line in a picture, matplotlib's.
        make: from units and lag to the layer, which returns its last output.
        compiled: whether XLA compiles the training step; ours compiles its own loop.
    """

    name: str
    title: str
    colour: str
    line: str
    make: Callable[[int, int], Any]
    compiled: bool = False


def _plain(units: int, lag: int) -> Any:
    return Recur(units, gated=False)


def _gated(units: int, lag: int) -> Any:
    return Recur(units)


def _gated_slow(units: int, lag: int) -> Any:
    return Recur(units, gate_bias_initializer=SlowGates(lag))


def _gru(units: int, lag: int) -> Any:
    return keras.layers.GRU(units)


def _lstm(units: int, lag: int) -> Any:
    return keras.layers.LSTM(units)


def _lstm_slow(units: int, lag: int) -> Any:
    """The biases of Tallec and Ollivier: `b_f` of slow gates, `b_i` its negative."""
    slow = SlowGates(lag)

    def biases(shape: Any, dtype: Any = None) -> Any:
        forget = slow((shape[0] // 4,), dtype)
        rest = ops.zeros((shape[0] // 2,), dtype)
        return ops.concatenate([-forget, forget, rest])

    return keras.layers.LSTM(units, bias_initializer=biases, unit_forget_bias=False)


CONTESTANTS = (
    Contestant("plain", "plain", "C3", "-", _plain),
    Contestant("gated", "gated", "C0", "-", _gated),
    Contestant("gated-slow", "gated + slow gates", "C2", "-", _gated_slow),
    Contestant("gru", "GRU", "C1", "--", _gru, True),
    Contestant("lstm", "LSTM", "C4", "--", _lstm, True),
    Contestant("lstm-slow", "LSTM + slow gates", "C5", "--", _lstm_slow, True),
)
"""Ours first, Keras's then."""
