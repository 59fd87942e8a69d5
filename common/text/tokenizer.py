"""Split a text into tokens, by one regular expression that every engine reads alike.

The same text has to become the same tokens in Python, in a TensorFlow graph and in MediaPipe on a
phone. The three share one thing: a regular expression for what lies *between* two tokens. So this
module is mostly that expression, and the expression is written to mean the same in Python's `re`
(with `re.ASCII`), in RE2 (TensorFlow, MediaPipe) and in ECMAScript (with the flag `u`): explicit
character ranges only, no `\\w`, no `\\s`, no Unicode classes, no look-around.

Nothing is lower-cased here; see `common.text.vocabulary` for how `Great` and `great` meet.
Scripts written without spaces (Chinese, Japanese, Thai) are not segmented: a run between two
punctuation marks is one token.
"""

from __future__ import annotations

import re

_Ranges = tuple[tuple[int, int], ...]

# White space, control characters, punctuation and symbols. Letters, marks and digits of every
# script stay out of it; so do the underscore, the apostrophes and the emoji, treated further down.
_SEPARATOR: _Ranges = (
    (0x01, 0x26),  # controls, space, ! " # $ % &
    (0x28, 0x2F),  # ( ) * + , - . /
    (0x3A, 0x40),  # : ; < = > ? @
    (0x5B, 0x5E),  # [ \ ] ^
    (0x60, 0x60),  # grave accent
    (0x7B, 0xA9),  # { | } ~, controls, no-break space, inverted exclamation mark ... copyright
    (0xAB, 0xB1),  # guillemet, not sign, soft hyphen, registered, macron, degree, plus-minus
    (0xB4, 0xB4),  # acute accent
    (0xB6, 0xB8),  # pilcrow, middle dot, cedilla
    (0xBB, 0xBB),  # guillemet
    (0xBF, 0xBF),  # inverted question mark
    (0xD7, 0xD7),  # multiplication sign
    (0xF7, 0xF7),  # division sign
    (0x037E, 0x037E),  # Greek question mark
    (0x0387, 0x0387),  # Greek middle dot
    (0x0589, 0x058A),  # Armenian full stop, hyphen
    (0x05BE, 0x05BE),  # Hebrew hyphen
    (0x05C0, 0x05C0),
    (0x05C3, 0x05C3),  # Hebrew full stop
    (0x0609, 0x060D),  # Arabic per mille ... comma, date separator
    (0x061B, 0x061F),  # Arabic semicolon, letter mark (bidirectional), question mark
    (0x066A, 0x066D),  # Arabic per cent, decimal and thousands separators, star
    (0x06D4, 0x06D4),  # Arabic full stop
    (0x0964, 0x0965),  # Devanagari full stops
    (0x0E4F, 0x0E4F),  # Thai bullet
    (0x0E5A, 0x0E5B),
    (0x104A, 0x104B),  # Myanmar commas
    (0x1361, 0x1368),  # Ethiopic word space ... paragraph
    (0x1680, 0x1680),  # Ogham space
    (0x17D4, 0x17D6),  # Khmer full stops
    (0x1800, 0x180A),  # Mongolian punctuation
    (0x180E, 0x180E),  # Mongolian vowel separator
    (0x2000, 0x200C),  # spaces, zero-width space, zero-width non-joiner
    (0x200E, 0x2018),  # bidirectional marks, hyphens, dashes, opening single quote
    (0x201A, 0x206F),  # quotes, bullets, ellipsis, primes, word joiner, bidirectional isolates
    (0x20A0, 0x20CF),  # currencies
    (0x2122, 0x2122),  # trade mark
    (0x2190, 0x22FF),  # arrows, mathematical operators
    (0x2500, 0x25FF),  # box drawing, blocks, geometric shapes
    (0x27C0, 0x27FF),  # mathematical brackets, arrows
    (0x2900, 0x2AFF),  # arrows, mathematical operators
    (0x2E00, 0x2E2E),  # supplemental punctuation
    (0x2E30, 0x2E7F),
    (0x3000, 0x3004),  # ideographic space, comma, full stop
    (0x3008, 0x3020),  # corner brackets
    (0x3030, 0x3030),  # wavy dash
    (0x303D, 0x303D),
    (0x30A0, 0x30A0),  # katakana hyphen
    (0x30FB, 0x30FB),  # katakana middle dot
    (0xFE10, 0xFE19),  # vertical forms
    (0xFE30, 0xFE6B),  # compatibility and small forms of punctuation
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFF01, 0xFF0F),  # full-width ! ... /
    (0xFF1A, 0xFF20),  # full-width : ... @
    (0xFF3B, 0xFF40),  # full-width [ ... grave accent
    (0xFF5B, 0xFF65),  # full-width {, half-width corner brackets and middle dot
    (0xFFE0, 0xFFE6),  # full-width currencies
    (0xFFE8, 0xFFEE),  # half-width arrows
    (0xFFF9, 0xFFFC),  # interlinear annotation, object replacement
)

# The typewriter's apostrophe and the typographic one, which is also the closing single quote.
_APOSTROPHE: _Ranges = ((0x27, 0x27), (0x2019, 0x2019))

# Zero-width joiner, keycap and variation selectors: parts of an emoji, never one by themselves.
_EMOJI_PART: _Ranges = ((0x200D, 0x200D), (0x20E3, 0x20E3), (0xFE0E, 0xFE0F))

_EMOJI: _Ranges = (
    *_EMOJI_PART,
    (0x2300, 0x23FF),  # watch, hourglass, alarm clock
    (0x2600, 0x27BF),  # sun, heart, hands, check marks
    (0x2B00, 0x2BFF),  # star
    (0x1F000, 0x1FAFF),  # faces, flags, skin tones, animals, objects
    (0xE0020, 0xE007F),  # tags of regional flags
)


def _range(first: int, last: int) -> str:
    # `\xHH` is read alike by all engines, and keeps `]`, `-` and `^` harmless. There is no such
    # common escape above 0xFF, so those characters stand for themselves.
    ends = [f"\\x{point:02x}" if point <= 0xFF else chr(point) for point in (first, last)]
    return ends[0] if first == last else "-".join(ends)


def _characters(*groups: _Ranges) -> str:
    return "[" + "".join(_range(*pair) for group in groups for pair in group) + "]"


def _delimiters() -> str:
    """Returns the expression that matches everything between two tokens.

    MediaPipe matches again and again on the text *left over*, so to it every leftover begins a
    text: `^` matches there, and `\\b` sees no character before. Python and TensorFlow match on
    the whole text. They agree because matches take all that follows (`rest`) up to a letter or an
    emoji: no leftover begins with an apostrophe, so `^` finds nothing at a false beginning; and
    no leftover that begins with an emoji follows a letter, a digit or an underscore, so `\\b` is
    false before it in either view.

    Apostrophes inside a word stay (`don't`); at its edge they are quotes and go.

    An emoji by itself is a token ("great 😀"). An emoji glued to a word would spoil the word
    ("great😀" is in no vocabulary), and nothing can be split off without being dropped, so there
    the emoji goes and the word stays. `\\b`, which tells the two cases apart, knows ASCII letters
    only, in all engines: "café😀" stays one token, unknown. An underscore counts as a letter for
    `\\b` although it separates; `_[emoji]*` keeps that from making a difference.
    """
    separator, apostrophe = _characters(_SEPARATOR), _characters(_APOSTROPHE)
    emoji = _characters(_EMOJI)
    rest = f"(?:{_characters(_SEPARATOR, _APOSTROPHE, _EMOJI_PART)}|_{emoji}*)*"
    return "|".join(
        (
            f"{apostrophe}*(?:{separator}|_{emoji}*){rest}",
            rf"\b{apostrophe}*{emoji}+{rest}",
            rf"{emoji}+{apostrophe}*\b{rest}",
            f"^{apostrophe}+",
            f"{apostrophe}+$",
        )
    )


DELIMITERS: str = _delimiters()
"""What separates tokens, as RE2, Python (with `re.ASCII`) and ECMAScript (with `u`) read it."""

# C strings end at NUL, and MediaPipe takes its text as one; so a text ends there everywhere.
TEXT_END = "\0"

_DELIMITERS = re.compile(DELIMITERS, re.ASCII)
_ONLY_EMOJI = re.compile(f"{_characters(_EMOJI)}+")


def tokenize(text: str) -> list[str]:
    """Splits a text into its tokens, in order, as they are written.

    Args:
        text: any string; what follows a NUL character is ignored. A lone surrogate counts as a
            letter, as the replacement character does that other programs put in its place.

    Returns:
        The tokens: none is empty, none contains white space. An empty list when there are none.
    """
    text = text.partition(TEXT_END)[0]
    return [token for token in _DELIMITERS.split(text) if token]


def is_emoji(token: str) -> bool:
    """Returns whether a token consists of emoji and nothing else."""
    return _ONLY_EMOJI.fullmatch(token) is not None
