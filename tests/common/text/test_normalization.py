"""One way to write a text, in Python and in a graph."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence

import pytest
import tensorflow as tf

from common.text import normalization, normalization_in_graph
from common.text.code_points import Table
from common.text.normalization import COMPOSITES, MOST_MARKS, REPLACEMENTS, normalize
from common.text.normalization_in_graph import normalize_in_graph
from tests.common.text.awkward_sentences import CHARACTERS, SENTENCES, random_sentences

# Arabic, Syriac and Kaithi signs that stand around a number or a word, and Egyptian joiners.
_VISIBLE_FORMATS = {
    *[*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD],
    *range(0x13430, 0x13440),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Nothing to do.
        ("¿Dónde está Ñandú? ¡«Ahí»!", "¿Dónde está Ñandú? ¡«Ahí»!"),
        ("10:30 – 11:00 — don't 5′ ½ ² ™ ﬁ ｅ ﷺ", "10:30 – 11:00 — don't 5′ ½ ² ™ ﬁ ｅ ﷺ"),
        ("", ""),
        # White space.
        ("  a \t\r\n b\u00a0c\u2009d\u3000 ", "a b c d"),
        ("a\x1cb\x85c\u2028d", "a b c d"),
        (" \n\u00a0", ""),
        # What cannot be seen.
        ("\ufeffa\u200bb\u00adc\u2060d\x01e\x7ff\x9fg", "abcdefg"),
        ("\u200fa\u202ab\u202c\u2066c\u2069", "abc"),
        ("\u200b \u200b", ""),
        ("👨‍👩‍👧 ❤️", "👨👩👧 ❤"),
        # Variants.
        ("‘Don’t’ “say” „it‟…", '\'Don\'t\' "say" "it"...'),
        ("a\u2010b\u2011c", "a-b-c"),
        ("▁a ⇧b", "_a ↑b"),
        ("\u212b \u212a \u2126 \u037e", "Å K Ω ;"),
        # Composition: one mark, two in either order, three, one that is hidden behind another.
        ("cafe\u0301 N\u0303 i\u0308", "café Ñ ï"),
        ("a\u0302\u0323 a\u0323\u0302", "ậ ậ"),
        ("α\u0314\u0342\u0345 α\u0345\u0314\u0342", "ᾇ ᾇ"),
        ("a\u0327\u0301 \u0301a 1\u0301", "a\u0327\u0301 \u0301a 1\u0301"),
        ("e\u200b\u0301 e\u034f\u0301", "é é"),
        ("か\u3099", "が"),
        # The end of a C string.
        ("a\0b", "a"),
        ("\0", ""),
        # Half a character.
        ("a\ud83d b", "a\ufffd b"),
    ],
)
def test_by_hand(text: str, expected: str) -> None:
    assert normalize(text) == expected


def test_twice_is_once() -> None:
    for text in (*CHARACTERS, *SENTENCES, *random_sentences(5000, seed=1)):
        once = normalize(text)
        assert normalize(once) == once, repr(text)


def test_what_is_left_can_be_seen() -> None:
    for character in CHARACTERS:
        category = unicodedata.category(character)
        normal = normalize(f"a{character}b")
        if character.isspace():
            assert normal == "a b"
        elif category in ("Cc", "Cf") and ord(character) not in _VISIBLE_FORMATS:
            assert normal == "ab", hex(ord(character))
        elif normal == "ab":
            # Variation selectors and the like are marks, or have no name yet.
            assert category in ("Mn", "Cn"), hex(ord(character))


def test_it_is_nfc_as_far_as_it_says() -> None:
    for character in map(chr, range(0xA0, 0x3100)):
        for form in ("NFC", "NFD", "NFKD"):
            written = unicodedata.normalize(form, character)
            if REPLACEMENTS.keys().isdisjoint(map(ord, unicodedata.normalize("NFC", written))):
                assert normalize(written) == " ".join(unicodedata.normalize("NFC", written).split())


def test_composition_never_overlaps() -> None:
    assert {pair[1] for pair in COMPOSITES}.isdisjoint(pair[0] for pair in COMPOSITES)
    letters = set(COMPOSITES.values())
    assert max(len(unicodedata.normalize("NFD", letter)) for letter in letters) == MOST_MARKS + 1
    assert {"á", "ñ", "ü", "É", "ậ", "ᾇ", "ё", "が", "ো"} <= letters


# The graph.


def _in_graph(texts: Sequence[bytes]) -> list[str]:
    return [text.decode() for text in normalize_in_graph(tf.constant(texts, tf.string)).numpy()]


def _differences(texts: Sequence[str]) -> list[str]:
    found = _in_graph([text.encode() for text in texts])
    return [text for text, normal in zip(texts, found, strict=True) if normal != normalize(text)]


def test_a_graph_gives_the_same() -> None:
    assert _differences(SENTENCES) == []
    assert _differences(random_sentences(20000, seed=2)) == []


def test_a_graph_gives_the_same_for_every_character() -> None:
    assert _differences([f"a{character}\u0301b" for character in CHARACTERS]) == []


def test_a_graph_gives_the_same_for_one_text_or_none() -> None:
    assert [text for text in SENTENCES if _differences([text])] == []
    assert _in_graph([]) == []
    assert _in_graph([b"", b" "]) == ["", ""]


def test_bytes_that_are_no_text_are_replaced_as_python_does() -> None:
    source = random.Random(3)
    parts = (
        *[b"a", b" ", "é".encode(), "\u0301".encode(), "😀".encode(), "\ufeff".encode(), b"\0"],
        *[b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\x80", b"\xff", b"\xc0\x80", b"\xed\xa0\x80"],
        *[b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xe0\x80\x80"],
    )
    texts = [b"".join(source.choices(parts, k=source.randint(1, 6))) for _ in range(5000)]
    texts += [source.randbytes(source.randint(1, 8)) for _ in range(5000)]
    assert _in_graph(texts) == [normalize(text.decode(errors="replace")) for text in texts]
    assert _in_graph([b"a\xffb", b"\xe2\x82"]) == ["a\ufffdb", "\ufffd"]


def test_another_table_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = Table({0: 0})
    for name in ("_COUNTS", "_CHARACTERS", "_LETTERS"):
        with monkeypatch.context() as patched:
            patched.setattr(normalization_in_graph, name, empty)
            assert _differences(SENTENCES) != []
    monkeypatch.setattr(normalization, "COMPOSITES", {})
    assert _differences(SENTENCES) != []
