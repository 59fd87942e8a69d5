"""Scores of sentences as people quote them: corpus BLEU and chrF, by sacreBLEU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

References = Sequence[tuple[str, ...]]

LENGTH_EDGES = (5, 10, 15, 20, 30, 50)
"""Longest input of each band but the last, which has no end."""


def translation_metrics(
    answers: Sequence[str], references: References
) -> tuple[dict[str, float], dict[str, str]]:
    """Scores answers against all their references, 0 to 100.

    BLEU is that of Papineni et al. ("BLEU: a Method for Automatic Evaluation of Machine
    Translation", ACL 2002) on WMT's tokens (13a), capitals counting; chrF2 is that of Popović
    ("chrF: character n-gram F-score for automatic MT evaluation", WMT 2015). Both as computed and
    signed by sacreBLEU (Post, "A Call for Clarity in Reporting BLEU Scores", WMT 2018).

    Args:
        answers: one for each input.
        references: for each input its right sentences, one at least.

    Returns:
        Scores by name, `bleu` first, then `chrf`; and the signature of each.

    Raises:
        ValueError: there is nothing to score, or an answer without references.
    """
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    streams = _streams(answers, references)
    metrics: dict[str, Any] = {"bleu": BLEU(), "chrf": CHRF()}
    scores = {
        name: float(metric.corpus_score(answers, streams).score) for name, metric in metrics.items()
    }
    return scores, {name: str(metric.get_signature()) for name, metric in metrics.items()}


def caption_metrics(
    answers: Sequence[str], references: References
) -> tuple[dict[str, float], dict[str, str]]:
    """Scores captions against all their references, 0 to 100.

    BLEU of words, then of up to two, three, four in a row, by sacreBLEU, after capitals and marks
    were taken away on both sides, as is usual for captions; tokens stand between spaces. chrF2 is
    that of `translation_metrics`, of the same texts.

    Args:
        answers: one for each picture.
        references: for each picture its captions, one at least.

    Returns:
        Scores by name, `bleu1` to `bleu4`, then `chrf`; and the signature of each.

    Raises:
        ValueError: there is nothing to score, or an answer without references.
    """
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    plain = [_words(answer) for answer in answers]
    streams = _streams(plain, [tuple(map(_words, some)) for some in references])
    metrics: dict[str, Any] = {
        f"bleu{n}": BLEU(max_ngram_order=n, tokenize="none", force=True) for n in range(1, 5)
    }
    metrics["chrf"] = CHRF()
    scores = {
        name: float(metric.corpus_score(plain, streams).score) for name, metric in metrics.items()
    }
    about = "small letters, no marks"
    return scores, {name: f"{metric.get_signature()}|{about}" for name, metric in metrics.items()}


def _words(text: str) -> str:
    """Returns the words of a text in small letters, without marks, one space between two.

    An apostrophe inside a word is part of it.
    """
    kept = (c if c.isalnum() or c in "'’" else " " for c in text.lower())
    words = (word.strip("'’") for word in "".join(kept).split())
    return " ".join(word for word in words if word)


def _streams(answers: Sequence[str], references: References) -> list[list[str | None]]:
    """Returns references as sacreBLEU takes them.

    That is the first one of every answer, the second one of every answer, …; None where an answer
    has no more.
    """
    if not answers:
        raise ValueError("there are no answers to score")
    if len(answers) != len(references):
        raise ValueError(f"{len(answers)} answers, but references to {len(references)}")
    for index, some in enumerate(references):
        if not some:
            raise ValueError(f"answer {index} has no reference")
    most = max(map(len, references))
    return [[some[i] if i < len(some) else None for some in references] for i in range(most)]


def by_length(
    answers: Sequence[str],
    references: References,
    lengths: Sequence[int],
    edges: Sequence[int] = LENGTH_EDGES,
) -> list[dict[str, Any]]:
    """Returns how answers to short and to long inputs fare.

    Args:
        answers: one for each input.
        references: for each input its right sentences.
        lengths: of the inputs.
        edges: longest input of each band but the last, ascending.

    Returns:
        For each band that has inputs: `from` and `to`, the lengths it holds (`to` of the last one
        is None), `examples`, their number, and `bleu`.
    """
    bands: list[list[int]] = [[] for _ in range(len(edges) + 1)]
    for index, length in enumerate(lengths):
        bands[sum(edge < length for edge in edges)].append(index)
    rows = []
    for number, band in enumerate(bands):
        if band:
            some = [answers[i] for i in band], [references[i] for i in band]
            rows.append(
                {
                    "from": edges[number - 1] + 1 if number else 1,
                    "to": edges[number] if number < len(edges) else None,
                    "examples": len(band),
                    "bleu": translation_metrics(*some)[0]["bleu"],
                }
            )
    return rows


def sentence_scores(answers: Sequence[str], references: References) -> list[float]:
    """Returns chrF2 of each answer by itself, 0 to 100: good for picking examples, not for quoting.

    Raises:
        ValueError: there is nothing to score, or an answer without references.
    """
    from sacrebleu.metrics.chrf import CHRF

    _streams(answers, references)
    chrf = CHRF()
    return [
        float(chrf.sentence_score(answer, list(some)).score)
        for answer, some in zip(answers, references, strict=True)
    ]
