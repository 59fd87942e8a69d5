"""Take the order out of a text, to see what order is worth."""

from __future__ import annotations

import numpy as np


def shuffled_words(text: str, rng: np.random.Generator) -> str:
    """Returns the same words, their marks with them, in another order with single spaces.

    Args:
        text: any text; a word is what stands between white space.
        rng: draws the order.
    """
    words = text.split()
    return " ".join(words[i] for i in rng.permutation(len(words)))
