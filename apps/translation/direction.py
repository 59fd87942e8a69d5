"""Whether it is English that stands where Spanish should be, by the commonest words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from common.data.parallel_text import Pair

_MOST = 2_000  # pairs that are looked at
# So many must tell their languages, and so large a part of them must be the wrong way around.
_LEAST = 20
_SHARE = 0.5

# None of them is a common word of the other language, as "a", "me", "no", "has" and "son" are.
_SPANISH = frozenset(
    "el la los las una del al que y en es de por para se lo le les su sus mi tu te nos está están "
    "estoy estaba fue muy más pero como cuando donde este esta esto eso ese esa qué cómo cuándo "
    "dónde quién sí ya ha han tengo tiene ella ellos yo él usted porque también".split()
)
_ENGLISH = frozenset(
    "the of and to is was are were you that it in for with i i'm it's don't on at be have had this "
    "these those they she we his her him my your what who when where how do does did not can could "
    "would should will there from an if but very".split()
)
_SPANISH_LETTERS = re.compile("[¿¡ñáéíóúü]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def swapped_columns(pairs: Sequence[Pair]) -> str | None:
    """Checks cheaply that sources are Spanish and targets English rather than the reverse.

    Args:
        pairs: the pairs to learn from; of more than some thousands a sample is looked at.

    Returns:
        A sentence that warns, or `None`: most pairs are the right way around, or only few tell.
    """
    step = max(1, len(pairs) // _MOST)
    found = Counter((_language(pair.source), _language(pair.target)) for pair in pairs[::step])
    right, wrong = found["es", "en"], found["en", "es"]
    if right + wrong < _LEAST or wrong <= _SHARE * (right + wrong):
        return None
    return (
        f"source and target look exchanged: of {right + wrong:,} pairs that tell, {wrong:,} have "
        "an English source and a Spanish target; exchange the two to translate from Spanish"
    )


def _language(text: str) -> str | None:
    """Returns `es` or `en`, whichever has more signs in a text, `None` where neither has."""
    lowered = text.lower()
    words = _WORD.findall(lowered)
    spanish = sum(word in _SPANISH for word in words) + len(_SPANISH_LETTERS.findall(lowered))
    english = sum(word in _ENGLISH for word in words)
    if spanish == english:
        return None
    return "es" if spanish > english else "en"
