"""The parity gate of generators: what it lets through and what it does not."""

from __future__ import annotations

import math
from typing import Any

import pytest

from common.bundle import ARTEFACTS
from common.export.errors import ExportError
from common.generation.application import Answer
from common.generation.evaluation import TOLERANCES, Tolerance, check_parity, compare, format_rows

EXACT = ("saved_model", "float32", "loop", "step")


def _row(artefact: str, search: str = "greedy", **changes: Any) -> dict[str, Any]:
    row = {
        "artefact": artefact,
        "search": search,
        "examples": 2000,
        "equal_answers": 1.0,
        "max_abs_diff": 0.0,
        "metrics": {"bleu": 30.0, "chrf": 50.0},
    }
    return {**row, **changes}


def _bleu(value: float) -> dict[str, Any]:
    return {"metrics": {"bleu": value, "chrf": 50.0}}


def _less(different: int, **changes: Any) -> dict[str, Any]:
    return {"equal_answers": 1 - different / changes.get("examples", 2000), **changes}


def test_every_artefact_has_a_tolerance() -> None:
    assert set(TOLERANCES) == set(ARTEFACTS)


def test_equal_artefacts_pass_without_a_word() -> None:
    rows = [_row(artefact, search) for artefact in ARTEFACTS for search in ("greedy", "beam")]
    assert check_parity(rows) == []


@pytest.mark.parametrize(
    "artefact, changes, passes",
    [
        ("keras", _less(1), False),
        ("keras", {"max_abs_diff": 0.002}, False),
        *((artefact, _less(2, max_abs_diff=0.9e-3), True) for artefact in EXACT),
        *((artefact, _less(3), False) for artefact in EXACT),
        *((artefact, _less(1, max_abs_diff=1.1e-3), False) for artefact in EXACT),
        ("float32", _less(1, examples=999), False),
        ("float32", _less(1, examples=1000), True),
        ("float32", {"max_abs_diff": math.nan}, False),
        ("float16", _less(40, max_abs_diff=0.5), True),
        ("float16", _less(41), False),
        ("float16", _bleu(29.5), True),
        ("float16", _bleu(29.49), False),
        ("float16", _less(1, examples=10), True),
        ("float16", _less(2, examples=10), False),
        ("dynamic", {**_less(1500, max_abs_diff=0.5), **_bleu(29.0)}, True),
        ("dynamic", _bleu(28.99), False),
        ("int8", _bleu(29.0), True),
        ("int8", _bleu(28.99), False),
        ("int8", _bleu(math.nan), False),
        ("int8", _bleu(31.0), True),
    ],
)
def test_border_of_each_tolerance(artefact: str, changes: dict[str, Any], passes: bool) -> None:
    rows = [_row("keras"), _row(artefact, **changes)]
    rows = rows[artefact == "keras" :]
    if passes:
        check_parity(rows)
    else:
        with pytest.raises(ExportError, match=rf"{artefact} \(greedy\): "):
            check_parity(rows)


def test_an_application_may_allow_what_others_do_not() -> None:
    own = {"float16": Tolerance(0.1, bleu_loss=0.5)}
    check_parity([_row("keras"), _row("float16", **_less(200))], own)
    with pytest.raises(ExportError, match="201 of 2,000 answers differ, 200 may"):
        check_parity([_row("keras"), _row("float16", **_less(201))], own)
    # Of the others it says nothing.
    with pytest.raises(ExportError, match="float32"):
        check_parity([_row("keras"), _row("float32", **_less(3))], own)


def test_ties_are_let_through_and_said() -> None:
    (line,) = check_parity([_row("keras"), _row("float32", **_less(1, max_abs_diff=3e-4))])
    assert line.startswith("float32 (greedy): 1 of 2,000 answers differs where two tokens tie")
    assert line.endswith("0.0003")


def test_a_beam_is_held_against_the_beam_of_the_network() -> None:
    keras = [_row("keras"), _row("keras", "beam", **_bleu(31.0))]
    check_parity([*keras, _row("float32", "beam", **_less(20), **_bleu(30.8))])
    with pytest.raises(ExportError, match=r"float32 \(beam\): BLEU is 1\.00 lower, 0\.2 may be"):
        check_parity([*keras, _row("float32", "beam")])
    with pytest.raises(ExportError, match="21 of 2,000 answers differ, 20 may"):
        check_parity([*keras, _row("float32", "beam", **_less(21), **_bleu(31.0))])


def test_every_problem_is_named_with_its_size() -> None:
    rows = [_row("keras"), _row("step", **_less(7)), _row("int8", **_bleu(25.5))]
    with pytest.raises(ExportError) as caught:
        check_parity(rows)
    assert "step (greedy): 7 of 2,000 answers differ, 2 may" in str(caught.value)
    assert "int8 (greedy): BLEU is 4.50 lower, 1.0 may be" in str(caught.value)


def test_scores_of_captions_are_judged_by_their_last_bleu() -> None:
    good: dict[str, Any] = {"metrics": {"bleu1": 60.0, "bleu4": 30.0}}
    bad: dict[str, Any] = {"metrics": {"bleu1": 60.0, "bleu4": 28.0}}
    with pytest.raises(ExportError, match=r"BLEU is 2\.00 lower"):
        check_parity([_row("keras", **good), _row("dynamic", **bad)])


def test_comparison_by_hand() -> None:
    reference = [Answer("a", 0.5, (4,)), Answer("b", 0.7, (5, 6)), Answer("c", 0.9, (7,))]
    answers = [Answer("a", 0.5, (4,)), Answer("b", 0.75, (5, 8)), Answer("c", 0.8, (7,))]
    found = compare(answers, reference)
    assert found["equal_answers"] == pytest.approx(2 / 3)
    assert found["max_abs_diff"] == pytest.approx(0.1)
    bad = compare([Answer("a", 0.5), Answer("a", math.nan)], [Answer("a", 0.1)] * 2)
    assert math.isnan(bad["max_abs_diff"])


def test_table() -> None:
    row = _row("int8", "beam", bytes=12345, latency_ms=1.234, sentences_per_second=1234.5)
    lines = format_rows([row])
    assert lines[0].startswith("| artefact | search | BLEU | chrF | equal answers |")
    assert lines[2] == (
        "| int8 | beam | 30.00 | 50.00 | 100.00% | 0.0e+00 | 1,234 | 12,345 | 1.23 |"
    )
    assert {line.count("|") for line in lines} == {10}
