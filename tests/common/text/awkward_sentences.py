"""Texts on which ways to normalise and to split a sentence disagree."""

from __future__ import annotations

import random
import sys
import unicodedata

from common.text.normalization import COMPOSITES
from tests.common.text import awkward

# All that have a meaning, and some that have none; half characters left out.
CHARACTERS = tuple(
    character
    for point, character in enumerate(map(chr, range(1, sys.maxunicode + 1)))
    if unicodedata.category(character) not in ("Cn", "Co", "Cs")
    or (point % 100 == 0 and unicodedata.category(character) != "Cs")
)

SENTENCES = (
    *awkward.TEXTS,
    "¿Dónde está Tom? ¡No lo sé! «Sí», dijo.",
    "I'm here. I'M HERE. They're O'Neil's, aren't they? 'Tis rock'n'roll.",
    "It's 10:30, 1,000.50 USD; a-b_c/d (e) [f] {g} <h>...",
    "Él, Ángel, Ñandú, ÉL, éL, Ǆ ǅ ǆ Straße İstanbul ΟΔΟΣ Οδος ŉ ﬁ ẞ ı K Å",
    "⇧Tom ▁Tom ⇧▁tom ▁ ⇧ ⁇ <UNKNOWN> <END> <WORDS>",
    "'A 'Ab 'AB ''A' A'B a'B a'Bc A'b A'BC 'a'b'c'",
    "A b C. X-Y Z1Z 2nd 3D 4×4 α1 Ⅳ ½ ² ① Ⓐ ⓐ",
    "α\u0314\u0342\u0345 α\u0345\u0342\u0314 a\u0323\u0302 a\u0302\u0323 ",
    "\u0301a a\u0301 A\u0301b 1\u0301 '\u0301a a'\u0301b \u0301A",
)

_MARKS = sorted({pair[1] for pair in COMPOSITES})
_ALPHABET = (
    *"aeiouncyAEIOUNCYsSoOαΗηωΩкиИΣσς  ",
    *["\u0301", "\u0308", "\u0302", "\u0303", "\u0323", "\u0327", "\u0345", *_MARKS],
    *["tom", "Tom", "TOM", "é", "ñ", "Ñ", "ß", "İ", "ǅ", "中", "م", "は", "\u3099"],
    *["'", "'", "’", "“", "…", "—", "-", "¿", ".", "1", "2", "_", "▁", "⇧", "⇧", "⁇"],
    *[" ", " ", " ", " ", "\t", "\n", "\u00a0", "\x85", "\u2028", "\u3000"],
    *["\x01", "\x7f", "\u00ad", "\u200b", "\u200d", "\u200f", "\u202a", "\ufeff", "\ufe0f"],
    *["😀", "👍🏽", "👨‍👩‍👧", "❤️", "🇫🇷", "\ufffd", "\U0010ffff"],
)


def random_sentences(count: int, seed: int) -> list[str]:
    """Returns texts of up to 16 pieces, the same ones for the same seed."""
    source = random.Random(seed)
    return [
        "".join(source.choices(_ALPHABET, k=source.randint(0, 16)))
        + ("\0tom" if source.random() < 0.01 else "")
        for _ in range(count)
    ]
