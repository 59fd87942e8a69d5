"""The comparison of two runs: what is worse by more than it spreads, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from common.benchmark.compare import BASELINE, compare, main, notes
from common.benchmark.report import Case, Row, Section, as_json, ratios, read_sections
from common.benchmark.timing import Spread

MACHINE = {"date": "2026-01-01", "cpu": "one", "keras": "3.0"}


def run(
    times: Mapping[str, float],
    spread: float = 0.1,
    machine: Mapping[str, str] = MACHINE,
    part: str = "latency",
) -> dict[str, Section]:
    """A run in which ours is compared with everything else."""
    rows = [
        Row(name, Spread(ms, ms * (1 - spread), ms * (1 + spread)))
        if ms
        else Row(name, missing="could not be had")
        for name, ms in times.items()
    ]
    pairs = {("ours", name): None for name in times if name != "ours"}
    case = Case("T 3", rows, ratios(rows, pairs))
    return {part: Section(part, "Latency", [case], machine=machine)}


def verdicts(base: dict[str, Section], now: dict[str, Section]) -> dict[str, str]:
    return {change.name.rpartition(" / ")[2]: change.verdict for change in compare(base, now)}


# With 10 % on each side a ratio of 0.5 goes up to 0.5 * 1.1 / 0.9 = 0.611; one of 0.8 begins at
# 0.8 * 0.9 / 1.1 = 0.655, one of 0.7 at 0.573.
@pytest.mark.parametrize(
    ("ours", "verdict"), [(8.0, "worse"), (7.0, "same"), (5.0, "same"), (3.0, "better")]
)
def test_worse_beyond_the_spread_alone(ours: float, verdict: str) -> None:
    base, now = run({"ours": 5, "GRU": 10}), run({"ours": ours, "GRU": 10})
    assert verdicts(base, now) == {"GRU": verdict}


def test_the_spread_of_each_of_the_four_parts_counts() -> None:
    base, now = run({"ours": 5, "GRU": 10}), run({"ours": 8, "GRU": 10})
    assert verdicts(run({"ours": 5, "GRU": 10}, spread=0.3), now) == {"GRU": "same"}
    assert verdicts(base, run({"ours": 8, "GRU": 10}, spread=0.3)) == {"GRU": "same"}


def test_a_slower_machine_is_no_change() -> None:
    assert verdicts(run({"ours": 5, "GRU": 10}), run({"ours": 50, "GRU": 100})) == {"GRU": "same"}


def test_missing_and_new_contestants() -> None:
    base, now = run({"ours": 5, "LSTM": 9}), run({"ours": 5, "LSTM": 0, "GRU": 10})
    assert verdicts(base, now) == {"GRU": "new", "LSTM": "missing"}
    assert "latency: T 3: LSTM: could not be had" in notes(base, now)


def test_parts_of_one_run_alone_are_said() -> None:
    base = run({"ours": 5, "GRU": 10}) | run({"ours": 5, "GRU": 10}, part="training")
    now = run({"ours": 5, "GRU": 10}) | run({"ours": 5, "GRU": 10}, part="mfcc")
    assert [change.verdict for change in compare(base, now)] == ["same"]
    assert notes(base, now) == [
        "only in this run, so not compared: mfcc",
        "only in the stored run, so not compared: training",
    ]


def test_another_machine_is_said_in_one_line() -> None:
    other = {"date": "2026-02-02", "cpu": "two", "keras": "4.0"}
    base, now = run({"ours": 5, "GRU": 10}), run({"ours": 5, "GRU": 10}, machine=other)
    (note,) = notes(base, now)
    assert "cpu one -> two" in note and "keras 3.0 -> 4.0" in note
    assert notes(base, run({"ours": 5, "GRU": 10}, machine={**MACHINE, "date": "x"})) == []


def called(folder: Path, base: dict[str, Section], now: dict[str, Section], *more: str) -> Result:
    (folder / "base.json").write_text(as_json(base))
    (folder / "run.json").write_text(as_json(now))
    paths = ["--run", str(folder / "run.json"), "--base", str(folder / "base.json")]
    return CliRunner().invoke(main, [*paths, *more])


def test_exit_status_1_when_a_ratio_is_worse(tmp_path: Path) -> None:
    base, now = run({"ours": 5, "GRU": 10, "LSTM": 10}), run({"ours": 8, "GRU": 10, "LSTM": 20})
    result = called(tmp_path, base, now)
    assert result.exit_code == 1
    head, first, _ = result.stdout.splitlines()
    assert head.split() == ["verdict", "stored", "now", "change", "ratio"]
    assert first.startswith("worse") and first.endswith("latency: T 3: ours / GRU")
    assert "0.500 (0.409-0.611)  0.800 (0.655-0.978)  +60%" in first
    assert "1 of 2 ratios are worse" in result.stderr


@pytest.mark.parametrize("ours", [5.0, 1.0])
def test_exit_status_0_when_none_is(tmp_path: Path, ours: float) -> None:
    base, now = run({"ours": 5, "GRU": 10, "LSTM": 1}), run({"ours": ours, "GRU": 10, "LSTM": 0})
    result = called(tmp_path, base, now)
    assert result.exit_code == 0
    assert "0 of 2 ratios are worse" in result.stderr
    assert "could not be had" in result.stderr


def test_a_run_too_noisy_to_see_much_says_so(tmp_path: Path) -> None:
    # A ratio is worse when it grew by (1.1 / 0.9) ** 2 - 1 = 49 %; with 1 % it is 4 %.
    base, now = run({"ours": 5, "GRU": 10}), run({"ours": 5, "GRU": 10})
    assert compare(base, now)[0].smallest == pytest.approx((1.1 / 0.9) ** 2 - 1)
    assert "1 of 1 ratios would have to grow by more than 25%" in called(tmp_path, base, now).stderr
    quiet = run({"ours": 5, "GRU": 10}, spread=0.01)
    assert "would have to grow" not in called(tmp_path, quiet, quiet).stderr


def test_update_stores_the_run(tmp_path: Path) -> None:
    base, now = run({"ours": 5, "GRU": 10}), run({"ours": 8, "GRU": 10})
    assert called(tmp_path, base, now, "--update").exit_code == 0
    assert (tmp_path / "base.json").read_text() == as_json(now)
    assert called(tmp_path, now, now).exit_code == 0


def test_mistakes_are_one_sentence_and_exit_status_2(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    for path in ("absent.json", "broken.json"):
        result = CliRunner().invoke(main, ["--run", str(tmp_path / path)])
        assert result.exit_code == 2
        (line,) = result.stderr.splitlines()
        assert line.startswith("error: ") and path in line
    one, other = run({"ours": 5, "GRU": 10}), run({"ours": 5, "GRU": 10}, part="training")
    result = called(tmp_path, one, other)
    assert result.exit_code == 2
    assert "no ratio in common" in result.stderr


def test_the_stored_run_can_be_read() -> None:
    stored = read_sections(BASELINE)
    assert {"training", "latency", "mfcc", "translation"} <= set(stored)
    assert {change.verdict for change in compare(stored, stored)} == {"same"}
