"""What BLEU does not tell of captions: are they different, are they new, are they true?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from common.generation.application import GenerationData

if TYPE_CHECKING:
    from apps.captioning.builtin import Scene

MEANINGS = {
    "distinct": "different captions, as a share of all; 1 where no two pictures got the same",
    "novel": "share of captions that are no caption of the training split, word for word",
    "true": "share of captions that are understood and say nothing false of what was drawn",
}


def observe(
    answers: Sequence[str], data: GenerationData, split: str, drawn: bool
) -> dict[str, float]:
    """Returns shares of the answers to a split, 0 to 1.

    Args:
        answers: one for each picture.
        data: with the training split or without.
        split: of the answers.
        drawn: whether the data are the embedded drawings.

    Returns:
        `distinct`: how many different answers there are. `novel`, where the training split is
        there: answers that are no caption of it. `true`, of drawings: those that say nothing false
        of what was drawn.
    """
    found = {"distinct": len(set(answers)) / len(answers)}
    if "train" in data.references:
        known = {text for some in data.references["train"] for text in some}
        found["novel"] = sum(answer not in known for answer in answers) / len(answers)
    if drawn:
        from apps.captioning.builtin import check

        scenes = _scenes(split)
        pairs = zip(answers, data.inputs[split], strict=True)
        right = [not check(answer, scenes[picture.name]) for answer, picture in pairs]
        found["true"] = sum(right) / len(right)
    return found


@lru_cache(maxsize=4)
def _scenes(split: str) -> Mapping[str, Scene]:
    """Returns the scene of each drawing by its name; made once for all artefacts."""
    from apps.captioning.builtin import generate

    return {one.name: one.scene for one in generate()[split]}
