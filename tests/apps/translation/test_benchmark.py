"""The benchmark of training: every contestant really learns, ratios by hand."""

from __future__ import annotations

import dataclasses

import pytest

from apps.translation.benchmark import CONTESTANTS, format_table, training_step
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


def test_table_by_hand() -> None:
    rows = [
        {"name": "Recur", "parameters": 1000, "tokens_per_second": [8000.0, 7000.0, 9000.0]},
        {"name": "GRU", "parameters": 3000, "tokens_per_second": [2000.0, 1900.0, 2100.0]},
    ]
    assert format_table(rows)[2:] == [
        "| Recur | 1,000 | 8,000 (7,000-9,000) | 1.00 |",
        "| GRU | 3,000 | 2,000 (1,900-2,100) | 0.25 |",
    ]
