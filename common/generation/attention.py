"""Where a generator looks when it writes a given sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from common.generation.application import Array, FrontEnd
from common.text.pieces import END_ID, START_ID, PieceVocabulary


@runtime_checkable
class ReadsText(Protocol):
    """A front end whose inputs are texts: each piece of one is a place to look at.

    Attributes:
        source: what the ids of an input mean.
    """

    source: PieceVocabulary


def attention_to(
    model: object, front_end: FrontEnd, encoded: Array, ids: Sequence[int]
) -> tuple[Array, list[str]]:
    """Returns where the decoder looks before it writes each token of a sentence, and END.

    Args:
        model: the `Generator`.
        front_end: of the model.
        encoded: its input, not padded.
        ids: of the sentence.

    Returns:
        Weights `(len(ids) + 1, places)`, each row of which sums up to 1, and a label for each row.
    """
    from common.generation.network import Generator

    assert isinstance(model, Generator)
    given = front_end.pad([encoded], len(encoded) if front_end.max_timesteps else 0)
    states, remembered = model.start(given)
    previous = np.array([[START_ID, *ids]], np.int32)
    weights = model.decoder.decode(previous, states, remembered)[2]
    return np.asarray(weights[0]), front_end.vocabulary.tokens([*ids, END_ID])
