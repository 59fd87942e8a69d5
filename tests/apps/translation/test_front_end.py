"""Sentences to ids and back, long texts, and what makes the front end again."""

from __future__ import annotations

import numpy as np
import pytest

from apps.translation.front_end import TextFrontEnd
from common.errors import UserError
from common.text.pieces import PieceVocabulary

SPANISH = ["¿Dónde está la casa?", "La casa es roja.", "Veo a Tom."] * 3
ENGLISH = ["Where is the house?", "The house is red.", "I see Tom."] * 3


@pytest.fixture
def front_end() -> TextFrontEnd:
    source, target = (PieceVocabulary.build(texts, 100) for texts in (SPANISH, ENGLISH))
    return TextFrontEnd(source, target, 12)


def test_it_comes_back_from_its_files(front_end: TextFrontEnd) -> None:
    again = TextFrontEnd.from_files(front_end.files())
    assert again.max_pieces == again.max_timesteps == 12
    for text in (*SPANISH, "Una casa azul 7."):
        np.testing.assert_array_equal(again.encode(text), front_end.encode(text))
    assert again.vocabulary == front_end.vocabulary != again.source


def test_padding(front_end: TextFrontEnd) -> None:
    encoded = [front_end.encode(text) for text in SPANISH[:2]]
    batch = front_end.pad(encoded, 12)
    assert batch.shape == (2, 12)
    for row, ids in zip(batch, encoded, strict=True):
        assert row.tolist() == [*ids.tolist(), *[0] * (12 - len(ids))]


def test_limits(front_end: TextFrontEnd) -> None:
    assert front_end.limit(np.zeros(6)) == 6 + 3 + 10
    assert front_end.max_tokens == front_end.limit(np.zeros(front_end.max_timesteps))


def test_a_long_text_is_divided_into_its_sentences(front_end: TextFrontEnd) -> None:
    assert front_end.parts(" La  casa es roja. ") == ["La casa es roja."]
    together = " ".join(SPANISH[:3])
    assert front_end.parts(together) == SPANISH[:3]
    assert front_end.join(ENGLISH[:2]) == "Where is the house? The house is red."


def test_a_sentence_that_is_too_long_is_refused(front_end: TextFrontEnd) -> None:
    (part,) = front_end.parts("casa " * 5000)
    with pytest.raises(UserError, match=r"5000 pieces of words, and at most 12 .* divide it"):
        front_end.encode(part)


def test_nothing_to_translate(front_end: TextFrontEnd) -> None:
    assert len(front_end.encode("")) == 0
    assert len(front_end.encode("  \u200b ")) == 0
