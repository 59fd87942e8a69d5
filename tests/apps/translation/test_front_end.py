"""Sentences to ids and back, long texts, and what makes the front end again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from apps.translation.front_end import TextFrontEnd
from common.errors import UserError
from common.generation.application import GenerationData
from common.text.normalization import normalize
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


def words_of(parts: Sequence[str]) -> list[str]:
    """Returns all words; nothing may have been lost between two parts."""
    return " ".join(parts).split()


@pytest.mark.parametrize(
    "text",
    [
        "casa " * 5000,
        '«La casa es roja.» "Veo a Tom." (La casa es roja.) ¿Dónde está... la casa? Veo',
        "Tom . . . ! ! ? ? Tom. " * 3,
        ". " * 40,
        "casa, " * 40,
        "Veo 😀😀 a Tom, Zzz y Qqq " * 9,
    ],
)
def test_nothing_is_lost_where_a_text_is_divided(front_end: TextFrontEnd, text: str) -> None:
    parts = front_end.parts(text)
    assert words_of(parts) == text.split()
    assert len(parts) > 1
    assert all(0 < len(front_end.encode(part)) <= 12 for part in parts)


def test_where_a_sentence_is_divided(front_end: TextFrontEnd) -> None:
    assert len(front_end.encode("casa")) == 1 and len(front_end.encode("casa,")) == 2
    long = "casa casa casa, " + "casa " * 23 + "casa."
    assert front_end.parts(f"Veo a Tom. {long}") == [
        "Veo a Tom.",
        "casa casa casa,",
        " ".join(["casa"] * 12),
        " ".join(["casa"] * 11),
        "casa.",
    ]


def test_a_word_that_is_too_long_is_divided(front_end: TextFrontEnd) -> None:
    for word in ("xyz" * 3333, "casa" * 2500, "AbC" * 3000, "a.B" * 3000, "e\u0301" * 5000):
        parts = front_end.parts(word)
        assert "".join(parts) == normalize(word)
        assert all(0 < len(front_end.encode(part)) <= 12 for part in parts)


def test_a_sentence_that_is_too_long_for_a_call_is_refused(front_end: TextFrontEnd) -> None:
    with pytest.raises(UserError, match=r"5000 pieces of words, and at most 12 .* divide it"):
        front_end.encode("casa " * 5000)


def test_remarks(front_end: TextFrontEnd) -> None:
    assert front_end.remarks("La casa es roja.") == []
    assert front_end.remarks("") == []
    assert front_end.remarks(" ".join(SPANISH)) == []  # its sentences are short enough
    (said,) = front_end.remarks("La casa 😀 es 中文 roja 😀.")
    assert said.endswith("may be lost: 😀, 中文")
    (said,) = front_end.remarks("Veo a Tom. " + "casa " * 30)
    assert "longer than the 12 pieces of words that one call reads: 1 of 2, divided" in said
    assert "HTML" in front_end.remarks("La casa &amp; Tom")[0]
    assert "HTML" not in front_end.remarks("La casa &; &Tom; & Tom")[0]
    (said,) = front_end.remarks("La casa\0 es 😀")
    assert said == "5 characters behind a NUL character were not read"


def test_nothing_to_translate(front_end: TextFrontEnd) -> None:
    assert len(front_end.encode("")) == 0
    assert len(front_end.encode("  \u200b ")) == 0


def test_what_is_not_known_is_said() -> None:
    data = GenerationData(
        "some",
        {"train": ["a a b b", "a b"], "dev": ["a b c d"]},
        {"train": [("x x",), ("x",)], "dev": [("x", "x y z")]},
    )
    words = (
        PieceVocabulary.build(texts, 100, "words") for texts in (data.inputs["train"], ["x x x"])
    )
    source, target = words
    lines = TextFrontEnd(source, target, 10).describe(data)
    # c and d, then y and z, each behind the sign for its space.
    assert lines[1].startswith("Of the dev split 33.3% of the source pieces and 33.3% of the")
    data = replace(data, inputs={"train": ["a"]})
    assert len(TextFrontEnd(source, target, 10).describe(data)) == 1
