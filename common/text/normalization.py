"""One way to write a text, for models that read sentences and write sentences.

What is done, in this order:

1. The text ends at a NUL character, as everywhere here (`common.text.tokenizer`).
2. Each character is replaced by itself, by others, or by nothing, as `REPLACEMENTS` says:

   - white space of any kind, no-break space and white-space controls included, by a space;
   - other controls, bidirectional marks, soft hyphen, byte order mark, zero-width characters and
     variation selectors by nothing. The zero-width joiner is among them: a family emoji becomes its
     members;
   - curly single quotes and apostrophes by `'`, curly double quotes by `"`, the ellipsis by `...`,
     the typographic and the no-break hyphen by `-`. Dashes (– —), guillemets, primes and everything
     else that means something different stay;
   - a character that Unicode gives for another one (the Kelvin sign for K) by that one;
   - half a character (a lone surrogate) by U+FFFD, and the two signs with which
     `common.text.pieces` marks words (▁ ⇧) by the nearest others (_ ↑).

3. A letter and the marks behind it are composed, as `COMPOSITES` says.
4. Spaces at the ends go, several in a row become one.

This is a part of Unicode's NFC, chosen so that a graph of core TensorFlow operations computes the
same by the same two tables (`common.text.normalization_in_graph`). Covered are all characters below
U+3100, thus every Latin, Greek, Cyrillic, Arabic, Indic and kana letter with all its marks in any
order. Left out are Hangul written as single jamo, scripts above U+3100, the ordering of marks that
compose with nothing, letters that compose only over such a mark in between, and the decomposing of
the few characters that NFC excludes from composition.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from common.text.tokenizer import TEXT_END

_COVERED = range(0x80, 0x3100)

_WHITE = (
    *range(0x09, 0x0E),  # tab, line ends
    *range(0x1C, 0x21),  # separators of files, groups, records and units; space
    0x85,  # next line
    0xA0,  # no-break space
    0x1680,  # Ogham space
    *range(0x2000, 0x200B),  # quads, em, en, thin and hair space
    0x2028,  # line separator
    0x2029,  # paragraph separator
    0x202F,  # narrow no-break space
    0x205F,  # mathematical space
    0x3000,  # ideographic space
)

_INVISIBLE = (
    *range(0x01, 0x09),  # controls
    *range(0x0E, 0x1C),
    *range(0x7F, 0x85),
    *range(0x86, 0xA0),
    0xAD,  # soft hyphen
    0x034F,  # grapheme joiner
    0x061C,  # Arabic letter mark (bidirectional)
    *range(0x180B, 0x1810),  # Mongolian variation selectors and vowel separator
    *range(0x200B, 0x2010),  # zero-width space, non-joiner and joiner; bidirectional marks
    *range(0x202A, 0x202F),  # bidirectional embeddings
    *range(0x2060, 0x2070),  # word joiner, invisible operators, bidirectional isolates
    *range(0xFE00, 0xFE10),  # variation selectors
    0xFEFF,  # byte order mark
    *range(0xFFF9, 0xFFFC),  # interlinear annotation
    *range(0x1BCA0, 0x1BCA4),  # shorthand format controls
    *range(0x1D173, 0x1D17B),  # musical format controls
    0xE0001,  # language tag
    *range(0xE0020, 0xE0080),  # tags of regional flags
    *range(0xE0100, 0xE01F0),  # variation selectors
)

_VARIANTS = {
    "\u2018": "'",  # left single quote
    "\u2019": "'",  # apostrophe, right single quote
    "\u201a": "'",  # low single quote
    "\u201b": "'",  # reversed single quote
    "\u201c": '"',  # left double quote
    "\u201d": '"',  # right double quote
    "\u201e": '"',  # low double quote
    "\u201f": '"',  # reversed double quote
    "\u2026": "...",
    "\u2010": "-",  # hyphen
    "\u2011": "-",  # no-break hyphen
    "\u2581": "_",
    "\u21e7": "\u2191",
}


def _replacements() -> dict[int, str]:
    table = {}
    for character in map(chr, _COVERED):
        composed = unicodedata.normalize("NFC", character)
        if composed != character and len(composed) == 1:
            table[ord(character)] = composed
    table |= dict.fromkeys(_WHITE, " ") | dict.fromkeys(_INVISIBLE, "")
    table |= {ord(character): plain for character, plain in _VARIANTS.items()}
    return table | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def _composites() -> Iterator[tuple[str, str]]:
    for character in map(chr, _COVERED):
        if unicodedata.normalize("NFC", character) == character:
            decomposed = unicodedata.normalize("NFD", character)
            for i, mark in enumerate(decomposed[1:], 1):
                rest = unicodedata.normalize("NFC", decomposed[:i] + decomposed[i + 1 :])
                if unicodedata.normalize("NFC", rest + mark) == character and len(rest) == 1:
                    yield rest + mark, character


REPLACEMENTS: Mapping[int, str] = _replacements()
"""What stands for a code point: nothing, one character, or the same one several times."""

COMPOSITES: Mapping[str, str] = dict(_composites())
"""The letter that a letter and a mark become. Marks may come in any order: where Unicode has a
letter with two, each of them composes with the letter that has the other. No mark is a letter that
takes marks itself, so pairs never overlap."""

MOST_MARKS: int = 3
"""How often a letter can be composed again: ᾇ is α and three marks."""

_MARKS = frozenset(pair[1] for pair in COMPOSITES)


def normalize(text: str) -> str:
    """Returns the one way to write a text; doing it twice changes nothing more."""
    text = text.partition(TEXT_END)[0].translate(REPLACEMENTS)
    if not _MARKS.isdisjoint(text):
        text = _compose(text)
    return " ".join(text.split())


def _compose(text: str) -> str:
    composed = [text[0]]
    for character in text[1:]:
        letter = COMPOSITES.get(composed[-1] + character)
        if letter is None:
            composed.append(character)
        else:
            composed[-1] = letter
    return "".join(composed)
