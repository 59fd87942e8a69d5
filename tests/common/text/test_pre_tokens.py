"""Words cut into pre-tokens with signs for case and space, in Python and in a graph."""

from __future__ import annotations

import random
import sys
import unicodedata
from collections.abc import Sequence

import pytest
import tensorflow as tf

from common.text import pre_tokens_in_graph as in_graph
from common.text.code_points import Table, to_strings
from common.text.normalization import normalize
from common.text.normalization_in_graph import normalized_code_points
from common.text.pre_tokens import (
    CAPITAL,
    SPACE,
    capitals,
    is_part,
    letter_ranges,
    pre_tokens,
    readable,
    small_letters,
)
from tests.common.text.awkward_sentences import CHARACTERS, SENTENCES, random_sentences


def _split(text: str) -> list[str]:
    return [token for word in normalize(text).split() for token in pre_tokens(word)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Tom ve a Tom.", "⇧▁tom ▁ve ▁a ⇧▁tom ."),
        ("¿Dónde está…?", "▁¿ ⇧dónde ▁está . . . ?"),
        ("I'm A, don't", "⇧▁i 'm ⇧▁a , ▁don 't"),
        ("10:30 2nd", "▁1 0 : 3 0 ▁2 nd"),
        ("USA iPhone McDonald Ab aB", "▁USA ▁iPhone ▁McDonald ⇧▁ab ▁aB"),
        ("O'Neil L'Oréal's I'M", "⇧▁o ⇧'neil ⇧▁l ⇧'oréal 's ⇧▁i ⇧'m"),
        # An apostrophe that is a quote stands by itself.
        ("'Yes' dogs' ''a' 5's", "▁' ⇧yes ' ▁dogs ' ▁' ' a ' ▁5 ' s"),
        # Other scripts, and letters whose case is not one to one.
        ("Ñandú Él Привет Οδος ΟΔΟΣ", "⇧▁ñandú ⇧▁él ⇧▁привет ⇧▁οδος ▁ΟΔΟΣ"),
        ("Straße ẞa İa ǅa ßa 中文", "⇧▁straße ▁ẞa ▁İa ▁ǅa ▁ßa ▁中文"),
        # Marks belong to letters; symbols are by themselves.
        ("x\u0327y \u0301a 😀😀b Ⅳ ½ Ⓐ", "▁x\u0327y ▁\u0301a ▁😀 😀 b ▁Ⅳ ▁½ ▁Ⓐ"),
    ],
)
def test_by_hand(text: str, expected: str) -> None:
    assert _split(text) == expected.split()


def test_the_text_comes_back() -> None:
    for text in (*CHARACTERS, *SENTENCES, *random_sentences(10000, seed=4)):
        assert readable("".join(_split(text))) == normalize(text), repr(text)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("⇧▁tom⇧▁tom", "Tom Tom"),
        ("⇧⇧▁a⇧", "A"),
        ("⇧'a ⇧▁'a ⇧'▁a", "'A 'a ' a"),
        ("▁▁a▁", "a"),
        ("⇧ß⇧1⇧中⇧İ", "ß1中İ"),
        ("a⇧b⇧", "aB"),
        ("", ""),
    ],
)
def test_any_signs_make_a_text(marked: str, expected: str) -> None:
    assert readable(marked) == expected


def test_case_is_one_to_one() -> None:
    assert small_letters()["I"] == "i"
    assert len(small_letters()) == len(capitals()) > 1300
    assert {small: capital for capital, small in small_letters().items()} == capitals()
    assert not small_letters().keys() & capitals().keys()
    for character in "ßẞİıŉǅςſµ\u212a":
        assert character not in small_letters()
        assert character not in capitals()


def test_no_letter_is_beyond_the_range_looked_at() -> None:
    letters = {point for first, last in letter_ranges() for point in range(first, last + 1)}
    for point in range(sys.maxunicode + 1):
        is_letter = unicodedata.category(chr(point))[0] in "LM"
        # The only ones are variation selectors, which are no part of a normalised text.
        assert (point in letters) == (is_letter and not 0xE0100 <= point <= 0xE01EF)


@pytest.mark.parametrize("text", SENTENCES[-8:])
def test_every_stretch_of_a_pre_token_is_a_part(text: str) -> None:
    for token in _split(text[:200]):
        assert is_part(token)
        small = token.removeprefix(CAPITAL)
        for start in range(len(small)):
            for end in range(start + 1, len(small) + 1):
                assert is_part(small[start:end]), small[start:end]


@pytest.mark.parametrize(
    "piece",
    [
        *["", " ", "a b", "a-b", "ab1", "12", "a'b", "''", "▁▁", "a▁", "▁'a", "<PAD>"],
        *["⇧▁Tom", "⇧▁tOm", "⇧ß", "⇧1", "⇧.", "⇧", "▁⇧a", "⇧▁"],
        *["e\u0301", "⇧e\u0301", "\u200b", "’", "a\0b", "\ud800"],
    ],
)
def test_what_is_part_of_no_pre_token(piece: str) -> None:
    assert not is_part(piece)


# The graph.


def _split_in_graph(texts: Sequence[str]) -> list[list[str]]:
    """Returns the pre-tokens of each text as the graph finds them."""
    points = normalized_code_points(tf.constant([text.encode() for text in texts], tf.string))
    tokens = in_graph.pre_tokens_in_graph(points)
    found: list[list[str]] = [[] for _ in texts]
    rows = tokens.points.value_rowids().numpy()
    for row, point, begins in zip(
        rows, tokens.points.values.numpy(), tokens.begins.numpy(), strict=True
    ):
        if begins:
            found[row].append("")
        found[row][-1] += chr(point)
    return found


def _differences(texts: Sequence[str]) -> list[str]:
    found = _split_in_graph(texts)
    return [text for text, tokens in zip(texts, found, strict=True) if tokens != _split(text)]


def test_a_graph_splits_alike() -> None:
    assert _differences(SENTENCES) == []
    assert _differences(random_sentences(20000, seed=5)) == []
    assert [text for text in SENTENCES if _differences([text])] == []
    assert _differences([]) == []
    assert _differences([""]) == []


def test_a_graph_splits_alike_around_every_character() -> None:
    assert _differences([f"a{c}b {c}a' {c}'{c}" for c in CHARACTERS]) == []


def test_a_graph_reads_signs_alike() -> None:
    source = random.Random(6)
    alphabet = [CAPITAL, CAPITAL, SPACE, SPACE, *"'aBñßİς1😀中"]
    texts = ["".join(source.choices(alphabet, k=source.randint(0, 8))) for _ in range(5000)]
    texts += [f"{CAPITAL}{SPACE}{character}{CAPITAL}{character}" for character in capitals()]
    points = tf.strings.unicode_decode([f" {text}" for text in texts], "UTF-8")
    found = to_strings(in_graph.readable_in_graph(points)).numpy()
    assert [text.decode() for text in found] == [readable(text) for text in texts]


def test_other_letters_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(in_graph, "letter_ranges", lambda: ((ord("a"), ord("z")),))
        assert _differences(SENTENCES) != []
    monkeypatch.setattr(in_graph, "_table", lambda _: Table({ord("Q"): ord("q")}))
    assert _differences(SENTENCES) != []
