"""Answers of a client, and how far they are from those that were expected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.clients.asked import Asked, application
from tests.clients.conftest import Bundles

AS_KERAS = ("float32", "loop", "step")
"""Files that compute with the weights of the network."""


class Answer(NamedTuple):
    """What a client found for one raw input.

    Attributes:
        text: the answer; of a classifier, the best class.
        scores: of every class by name; of a generator the score, None where the client has none.
    """

    text: str
    scores: dict[str, float] | float | None


def of_scores(labels: Sequence[str], scores: Sequence[float]) -> Answer:
    """Returns the answer of a classifier; scores stand in the order of the labels."""
    by_label = {label: float(score) for label, score in zip(labels, scores, strict=True)}
    return Answer(max(by_label, key=by_label.__getitem__), by_label)


def difference(found: Sequence[Answer], expected: Asked, same_text: bool = True) -> float:
    """Returns the largest difference of scores.

    Args:
        found: by a client.
        expected: for the same inputs.
        same_text: whether a sentence that is another one is infinitely different; without that, it
            is as different as its score.
    """
    assert len(found) == len(expected.raw)
    largest = 0.0
    for answer, text, scores in zip(found, expected.answers, expected.scores, strict=True):
        if isinstance(scores, dict):
            assert isinstance(answer.scores, dict)
            assert answer.scores.keys() == scores.keys()
            apart = [abs(answer.scores[label] - score) for label, score in scores.items()]
        elif same_text and answer.text != text:
            apart = [math.inf]
        else:
            assert not isinstance(answer.scores, dict)
            apart = [] if answer.scores is None else [abs(answer.scores - scores)]
        # What is no number is as different as can be.
        largest = max([largest, *(math.inf if math.isnan(one) else one for one in apart)])
    return largest


def same_sentences(found: Sequence[Answer], expected: Asked) -> tuple[Sequence[Answer], Asked, int]:
    """Returns the answers whose sentence is the expected one, these, and how many are not."""
    same = [i for i, answer in enumerate(found) if answer.text == expected.answers[i]]
    kept = Asked(
        tuple(expected.raw[i] for i in same),
        tuple(expected.answers[i] for i in same),
        tuple(expected.scores[i] for i in same),
    )
    return [found[i] for i in same], kept, len(found) - len(same)


@cache
def greedily(app: str, bundle: Path, raw: tuple[str, ...], artefact: str) -> Asked:
    """Asks an artefact of a generator for greedy search, which the command line never does.

    Args:
        app: name of the application.
        bundle: of it.
        raw: as in `Asked`.
        artefact: who is asked.
    """
    from common.bundle import open_bundle
    from common.generation.artefacts import open_artefact

    chosen: Any = application(app)
    scorer = open_artefact(chosen, open_bundle(bundle, app), artefact, "greedy")
    answers = scorer.answer_all([one for _, one in chosen.read_inputs(raw)])
    return Asked(raw, tuple(a.text for a in answers), tuple(a.score for a in answers))


def expected(trained: Bundles, app: str, artefact: str, signature: str) -> Asked:
    """Returns what the answers of a signature have to be.

    Those of Keras where the file is as exact, else those of the same file by our own runner.
    """
    source = "keras" if artefact in AS_KERAS else artefact
    asked = trained.asked(app, source)
    generates = not isinstance(asked.scores[0], dict)
    if generates and not signature.endswith("_beam"):
        return greedily(app, trained.path(app), asked.raw, source)
    return asked
