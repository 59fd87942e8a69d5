"""The rule that splits a text: what it gives, and that it can be read by other engines."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import unicodedata

import pytest

from common.text.tokenizer import DELIMITERS, TEXT_END, tokenize
from tests.common.text.awkward import BROKEN_TEXTS, TEXTS, random_texts

_ALL = (*TEXTS, *BROKEN_TEXTS, *random_texts(3000, seed=1))
_PYTHON = re.compile(DELIMITERS, re.ASCII)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("A great, GREAT film!", ["A", "great", "GREAT", "film"]),
        ("don't 'great' dogs' ’tis", ["don't", "great", "dogs", "tis"]),
        ("Don’t “do” n't 's", ["Don’t", "do", "n't", "s"]),
        ("3.5 re-run a_b x/y", ["3", "5", "re", "run", "a", "b", "x", "y"]),
        ("https://a.bc/d?e=f#g @me #tag", ["https", "a", "bc", "d", "e", "f", "g", "me", "tag"]),
        ("good 😀 bad", ["good", "😀", "bad"]),
        ("good😀 😀bad a👍🏽b", ["good", "bad", "a", "b"]),
        ("qué😀 😀qué", ["qué😀", "qué"]),
        ("👨‍👩‍👧 ❤️ 1️⃣", ["👨‍👩‍👧", "❤️", "1"]),
        ("你好，世界。¿Qué? 3½", ["你好", "世界", "Qué", "3½"]),
        ("مرحبا، \u200fعالم\u061c؟", ["مرحبا", "عالم"]),
        ("a\u00a0b\u200bc\td\r\ne\u3000f", ["a", "b", "c", "d", "e", "f"]),
        ("kept\0dropped", ["kept"]),
        ("half \ud83d", ["half", "\ud83d"]),
        ("", []),
        (" .,'’!? ", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


def test_tokens_can_be_listed_one_a_line_with_a_space_behind() -> None:
    for text in _ALL:
        for token in tokenize(text):
            assert token.split() == [token]


def test_no_letter_mark_or_digit_of_any_script_separates() -> None:
    word_characters = [
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(character)[0] in "LMN"
    ]
    assert len(word_characters) > 100_000
    assert [c for c in word_characters if tokenize(f"é{c}é") != [f"é{c}é"]] == []


def test_white_space_and_common_punctuation_separate() -> None:
    white = [c for c in map(chr, range(1, sys.maxunicode + 1)) if c.isspace()]
    latin = [c for c in map(chr, range(1, 0x100)) if unicodedata.category(c)[0] in "PSZC"]
    general = [c for c in map(chr, range(0x2000, 0x2070)) if c not in "’\u200d"]
    for character in (*white, *latin, *general):
        if character != "'":
            assert tokenize(f"é{character}é") == ["é", "é"], hex(ord(character))


def test_no_match_is_empty() -> None:
    # MediaPipe goes on behind a match, so an empty one would hold it for ever.
    for text in ("", "a", *_ALL):
        assert all(match[0] for match in _PYTHON.finditer(text))


def _tokens_from_leftovers(text: str, delimiters: re.Pattern[str]) -> list[str]:
    """Splits as MediaPipe does: each search takes the text left over as if it were a new one."""
    leftover, tokens = text.partition(TEXT_END)[0], []
    while match := delimiters.search(leftover):
        tokens.append(leftover[: match.start()])
        leftover = leftover[match.end() :]
    return [token for token in (*tokens, leftover) if token]


def test_matching_on_what_is_left_over_gives_the_same_tokens() -> None:
    for text in _ALL:
        assert _tokens_from_leftovers(text, _PYTHON) == tokenize(text), repr(text[:100])
    # The check notices an expression that is not made for it.
    careless = re.compile(r"[ _]|\bE", re.ASCII)
    assert _tokens_from_leftovers("_E", careless) != [t for t in careless.split("_E") if t]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js, an ECMAScript engine")
def test_ecmascript_reads_the_expression_alike() -> None:
    script = """
        const [delimiters, texts] = JSON.parse(require("fs").readFileSync(0, "utf8"));
        const split = text => text.split("\\0")[0].split(new RegExp(delimiters, "u"));
        console.log(JSON.stringify(texts.map(text => split(text).filter(Boolean))));
    """
    answer = subprocess.run(
        ["node", "-e", script],
        input=json.dumps([DELIMITERS, _ALL]),
        capture_output=True,
        text=True,
        check=True,
    )
    for text, tokens in zip(_ALL, json.loads(answer.stdout), strict=True):
        assert tokens == tokenize(text), repr(text[:100])


def test_light_modules_do_not_import_tensorflow_or_mediapipe() -> None:
    code = (
        "import sys, common.text.vocabulary, common.export.metadata; "
        "print([m for m in sys.modules if m.split('.')[0] in ('tensorflow', 'keras', 'mediapipe')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
