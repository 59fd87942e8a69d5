"""The spellings under which one word is met: case, apostrophe, Unicode normal form, emoji style.

Phones look a token up as it is written, byte for byte. So that `Great`, `GREAT` and `great` are one
word there too, a vocabulary lists the spellings. They are made here, in Python, at training, and no
engine needs to know what the upper case of `ß` is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from common.text.tokenizer import is_emoji, tokenize

_CURLY_APOSTROPHE = "\u2019"
_TEXT_STYLE, _EMOJI_STYLE = "\ufe0e", "\ufe0f"  # variation selectors: ❤︎ and ❤️ are one word
_REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)
_EMOJI_IN_A_ROW = 3


def fold(token: str) -> str:
    """Returns the one spelling that stands for all spellings of a token.

    That is: composed (NFC), lower case, the typewriter's apostrophe, an emoji once and without
    variation selector (`😀😀😀` is `😀`). Folding twice changes nothing more. A token that folding
    would tear apart (a few symbols normalise to punctuation) is returned as it is.
    """
    folded = unicodedata.normalize("NFC", token).replace(_CURLY_APOSTROPHE, "'")
    folded = unicodedata.normalize("NFC", folded.lower())
    if is_emoji(folded):
        folded = folded.replace(_TEXT_STYLE, "").replace(_EMOJI_STYLE, "")
        repeated = _REPEATED.fullmatch(folded)
        folded = repeated[1] if repeated else folded
    return folded if tokenize(folded) == [folded] else token


def spellings(word: str) -> Iterator[str]:
    """Yields the usual ways to write a folded word, each of them one token.

    Lower, Capitalised and UPPER case, with either apostrophe, composed and decomposed; an emoji
    with its variation selector and in a row. Some may be yielded more than once.
    """
    cased = [word, word[:1].title() + word[1:], word.upper()]
    if is_emoji(word):
        cased += [
            one * count
            for one in (word, word + _EMOJI_STYLE)
            for count in range(1, _EMOJI_IN_A_ROW + 1)
        ]
    for form in cased:
        for quoted in (form, form.replace("'", _CURLY_APOSTROPHE)):
            for normal_form in ("NFC", "NFD"):
                spelling = unicodedata.normalize(normal_form, quoted)
                if tokenize(spelling) == [spelling]:
                    yield spelling
