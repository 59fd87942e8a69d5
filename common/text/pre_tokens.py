"""Words cut into what subword pieces are made of, case and space written as signs, and back.

    "Tom's dogs, 10 USA" -> "⇧▁tom" "'s" "▁dogs" "," "▁1" "0" "▁USA"

A pre-token is a run of letters (of any script, with their marks), an apostrophe between letters
with the letters behind it, or one other character, so each digit by itself. `▁` stands for the
space before a word; the first word of a text has it too. `⇧` means that the first letter behind is
a capital. It is written where that letter is the only capital of its pre-token: "USA" and "iPhone"
stay as they are, and a word is the same at the beginning of a sentence and inside it.

A capital is a letter whose small letter is one code point that has it as its capital: İ, ß, ǅ and
the like are none, and left alone. So changing case is a table, the same in Python and in a graph
(`common.text.pre_tokens_in_graph`), and never changes a length. What a letter is says the Unicode
data of Python; a graph keeps what it was made with.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from common.text.normalization import normalize

SPACE = "▁"
CAPITAL = "⇧"
APOSTROPHE = "'"

_SKIPPED = f"{SPACE}{APOSTROPHE}"  # what may stand between the sign and the letter that it is for
_BECOMES_CAPITAL = re.compile(f"(?<={CAPITAL})([{_SKIPPED}]?)([^{CAPITAL}{_SKIPPED}])")

# All letters and cased letters that Unicode has, or is to have, are below.
_LETTERS_END, _CASED_END = 0x40000, 0x20000


@cache
def letter_ranges() -> tuple[tuple[int, int], ...]:
    """Returns the code points of all letters and marks as ranges (first, last), in order."""
    ranges: list[tuple[int, int]] = []
    for point in range(_LETTERS_END):
        if unicodedata.category(chr(point))[0] in "LM":
            joins = ranges and ranges[-1][1] == point - 1
            ranges.append((ranges.pop()[0] if joins else point, point))
    return tuple(ranges)


@cache
def small_letters() -> Mapping[str, str]:
    """Returns the small letter of each capital."""
    return dict(_case_pairs())


@cache
def capitals() -> Mapping[str, str]:
    """Returns the capital of each small letter that has one."""
    return {small: capital for capital, small in _case_pairs()}


def _case_pairs() -> Iterator[tuple[str, str]]:
    for capital in map(chr, range(_CASED_END)):
        if unicodedata.category(capital) == "Lu":
            small = capital.lower()
            if len(small) == 1 and small != capital and small.upper() == capital:
                yield capital, small


def pre_tokens(word: str) -> list[str]:
    """Splits a word.

    Args:
        word: what stands between two spaces of a normalised text (`common.text.normalization`).

    Returns:
        Its pre-tokens, the first with `▁`.
    """
    tokens = _token_pattern().findall(word)
    return [_mark_capital("" if i else SPACE, token) for i, token in enumerate(tokens)]


def readable(marked: str) -> str:
    """Returns the text that signs and letters stand for; superfluous signs go."""
    return " ".join(capitalize(marked).replace(CAPITAL, "").replace(SPACE, " ").split())


def capitalize(marked: str) -> str:
    """Makes the capitals that `⇧` asks for; the signs stay."""
    return _BECOMES_CAPITAL.sub(lambda match: match[1] + capitals().get(match[2], match[2]), marked)


def is_part(piece: str) -> bool:
    """Returns whether the marked form of some pre-token is, or contains, a piece.

    A piece with `⇧` must be all of it.
    """
    if not _part_pattern().fullmatch(piece):
        return False
    space = SPACE if SPACE in piece else ""
    token = piece.removeprefix(CAPITAL).removeprefix(space)
    capitalized = capitalize(CAPITAL + token).removeprefix(CAPITAL)
    if piece.startswith(CAPITAL):
        return normalize(capitalized) == capitalized and _mark_capital(space, capitalized) == piece
    # A small letter may stand uncomposed before a mark that its capital does not compose with.
    return any(normalize(written) == written for written in (token, capitalized))


@cache
def _letter() -> str:
    ranges = "".join(f"{chr(first)}-{chr(last)}" for first, last in letter_ranges())
    return f"[{ranges}]"


@cache
def _token_pattern() -> re.Pattern[str]:
    letter = _letter()
    return re.compile(f"(?<={letter}){APOSTROPHE}{letter}+|{letter}+|.", re.DOTALL)


@cache
def _part_pattern() -> re.Pattern[str]:
    return re.compile(f"{CAPITAL}?[{SPACE}{APOSTROPHE}]?{_letter()}+|{SPACE}?.", re.DOTALL)


def _mark_capital(space: str, token: str) -> str:
    apostrophe = APOSTROPHE if token.startswith(APOSTROPHE) else ""
    letters = token.removeprefix(apostrophe)
    small = small_letters().get(letters[:1])
    if small is None or not small_letters().keys().isdisjoint(letters[1:]):
        return space + token
    return CAPITAL + space + apostrophe + small + letters[1:]
