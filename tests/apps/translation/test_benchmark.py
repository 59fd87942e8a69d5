"""The benchmark of training: every contestant really learns, ratios by hand."""

from __future__ import annotations

import dataclasses

import pytest

from apps.translation.benchmark import CONTESTANTS, make_section, training_step
from apps.translation.settings import TranslationSettings

TINY = TranslationSettings(
    units=8, embedding=8, heads=2, vocabulary_size=20, batch_tokens=16, warm_up=1, dropout=0.0
)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Recur, mixed precision", "GRU"])
def test_contestants_learn(name: str) -> None:
    settings = dataclasses.replace(TINY, **CONTESTANTS[name])
    step, tokens, parameters = training_step(settings)
    assert tokens == 16 * 12
    assert parameters > 0
    losses = [step() for _ in range(20)]
    assert losses[-1] < losses[0]


def test_section_by_hand() -> None:
    measured = {
        "Recur": ([90.0, 100.0, 110.0], 800, 1000),
        "Recur, mixed precision": ([50.0], 800, 1000),
        "GRU": ([200.0], 800, 3000),
        "LSTM": ([400.0], 800, 4000),
    }
    (case,) = make_section(measured).cases
    rows = {row.name: row for row in case.rows}
    assert rows["Recur"].ms == (100.0, 95.0, 105.0)
    # 800 tokens in a tenth of a second.
    assert rows["Recur"].figures == {"parameters": 1000, "target tokens a second": 8000}
    assert {(one.of, one.to): one.value for one in case.ratios} == {
        ("Recur", "GRU"): 0.5,
        ("Recur", "LSTM"): 0.25,
        ("Recur, mixed precision", "GRU"): 0.25,
        ("Recur, mixed precision", "LSTM"): 0.125,
    }
