"""Refuse artefacts that do not answer as the network that was evaluated; write scores down."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

from common.export.errors import ExportError
from common.generation.application import Answer

Search = Literal["greedy", "beam"]
GREEDY: Search = "greedy"
BEAM: Search = "beam"

_TITLES = {"bleu": "BLEU", "chrf": "chrF"}


@dataclass(frozen=True)
class Tolerance:
    """How far an artefact may be from the network that was evaluated.

    Attributes:
        different: largest share of answers with other tokens.
        max_abs_diff: largest difference of a score, or None where only answers count.
        bleu_loss: largest loss of BLEU, of 100, or None.
    """

    different: float
    max_abs_diff: float | None = None
    bleu_loss: float | None = None


_SAME = Tolerance(0.0, 1e-3)
# The same numbers, added in another order. Where two tokens tie within the rounding of float32,
# either may be taken, and what follows is another sentence: no error of the export, and with some
# thousand sentences of some ten tokens it happens. A real error changes many, and their scores: so
# few may differ, in a set of less than 1,000 none, and their scores must be those of equals.
_SAME_BUT_TIES = Tolerance(0.001, 1e-3)
_NEAR = Tolerance(1.0, bleu_loss=1.0)

TOLERANCES = {
    "keras": _SAME,
    "saved_model": _SAME_BUT_TIES,
    "float32": _SAME_BUT_TIES,
    "loop": _SAME_BUT_TIES,
    "step": _SAME_BUT_TIES,
    "float16": Tolerance(0.02, bleu_loss=0.5),
    "dynamic": _NEAR,
    "int8": _NEAR,
    "step_int8": _NEAR,
}

# A beam compares many more tokens, so it meets more ties, and one that falls otherwise may end in a
# sentence with another score. The tokens of greedy search are the proof; this is to notice a beam
# that is broken.
_BEAM_OF_SAME = Tolerance(0.01, bleu_loss=0.2)


def tolerance(
    artefact: str, search: Search, own: Mapping[str, Tolerance] = MappingProxyType({})
) -> Tolerance:
    """Returns how far the answers of an artefact may be from those of the network.

    Args:
        artefact, search: which answers.
        own: what an application allows in the place of `TOLERANCES`.
    """
    one = own.get(artefact, TOLERANCES[artefact])
    if search == GREEDY or artefact == "keras":
        return one
    if one is _SAME_BUT_TIES:
        return _BEAM_OF_SAME
    return replace(one, different=max(one.different, 0.05))


def judging_metric(metrics: Mapping[str, float]) -> str:
    """Returns the name of the BLEU by which answers are judged: of words up to four in a row."""
    return "bleu" if "bleu" in metrics else "bleu4"


def quoted_bleu(metrics: Mapping[str, float]) -> float:
    """Returns the BLEU, 0 to 100, by which answers are judged."""
    return metrics[judging_metric(metrics)]


def compare(answers: Sequence[Answer], reference: Sequence[Answer]) -> dict[str, float]:
    """Returns the largest difference of a score and the share of answers with the same tokens."""
    pairs = list(zip(answers, reference, strict=True))
    differences = [abs(one.score - other.score) for one, other in pairs]
    return {
        # max() would pass over a score that is no number.
        "max_abs_diff": math.nan if any(map(math.isnan, differences)) else max(differences),
        "equal_answers": sum(one.ids == other.ids for one, other in pairs) / len(pairs),
    }


def check_parity(
    rows: Iterable[Mapping[str, Any]], own: Mapping[str, Tolerance] = MappingProxyType({})
) -> list[str]:
    """Refuses artefacts that answer otherwise than the network that was evaluated.

    Args:
        rows: of the metrics, those of "keras" among them.
        own: see `tolerance`.

    Returns:
        A sentence for each artefact that was let through though an answer of it differs where none
        should.

    Raises:
        ExportError: names every artefact that is too far away, and by how much.
    """
    rows = list(rows)
    bleu = {row["search"]: _bleu(row) for row in rows if row["artefact"] == "keras"}
    problems = [problem for row in rows for problem in _problems(row, bleu[row["search"]], own)]
    if problems:
        raise ExportError(
            "the exported files do not answer as the network that was evaluated: "
            + "; ".join(problems)
            + ". Nothing was put in place. A quantised form can be left out with --resume "
            "--without NAME, which does not train again, or try another --seed; a difference in "
            "the others is an error in the export."
        )
    return [
        f"{_name(row)}: {_different(row):,} of {row['examples']:,} answers "
        f"{'differs' if _different(row) == 1 else 'differ'} where two tokens tie within the "
        f"rounding of float32; no score differs by more than {row['max_abs_diff']:.1g}"
        for row in rows
        if tolerance(row["artefact"], row["search"], own) is _SAME_BUT_TIES and _different(row)
    ]


def _bleu(row: Mapping[str, Any]) -> float:
    return quoted_bleu(row["metrics"])


def _name(row: Mapping[str, Any]) -> str:
    return f"{row['artefact']} ({row['search']})"


def _different(row: Mapping[str, Any]) -> int:
    return round(row["examples"] * (1 - row["equal_answers"]))


def _problems(row: Mapping[str, Any], bleu: float, own: Mapping[str, Tolerance]) -> list[str]:
    allowed, n = tolerance(row["artefact"], row["search"], own), row["examples"]
    may = math.floor(n * allowed.different + 1e-9)
    if allowed.bleu_loss is not None:
        may = max(may, 1)  # in a small set one answer is more than its share
    found = []
    if _different(row) > may:
        found.append(f"{_different(row):,} of {n:,} answers differ, {may:,} may")
    # Written so that a score that is no number is refused too.
    limit = allowed.max_abs_diff
    if limit is not None and not row["max_abs_diff"] <= limit:
        found.append(f"a score differs by {row['max_abs_diff']:.2g}, {limit:.0e} may")
    if allowed.bleu_loss is not None and not bleu - _bleu(row) <= allowed.bleu_loss + 1e-9:
        found.append(f"BLEU is {bleu - _bleu(row):.2f} lower, {allowed.bleu_loss} may be")
    return [f"{_name(row)}: {what}" for what in found]


def title_of(metric: str) -> str:
    """Returns the name of a metric as people write it."""
    return _TITLES.get(metric) or metric.replace("bleu", "BLEU-")


def format_rows(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Returns the metrics as lines of a Markdown table."""
    names = list(rows[0]["metrics"]) if rows else []
    titles = ["artefact", "search", *map(title_of, names), "equal answers", "largest difference"]
    titles += ["sentences/s", "bytes", "latency, ms"]
    lines = ["| " + " | ".join(titles) + " |", "|---" * len(titles) + "|"]
    for row in rows:
        cells = [row["artefact"], row["search"]]
        cells += [f"{row['metrics'][name]:.2f}" for name in names]
        cells += [f"{row['equal_answers']:.2%}", f"{row['max_abs_diff']:.1e}"]
        cells += [f"{row['sentences_per_second']:,.0f}", f"{row['bytes']:,}"]
        cells += [f"{row['latency_ms']:.2f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines
