"""`python -m common.benchmark.compare`: has a ratio of the benchmark become worse?

Times depend on the machine and on who else is busy on it; ratios of times that were taken in turn
in one run hardly do. A ratio of the medians `a / b` has a range that the quartiles of its two parts
leave it: from `a25 / b75` to `a75 / b25`. It is worse when the range of this run lies above that of
the stored run as a whole, `a25 / b75 > A75 / B25`, so when it has grown by more than the spread of
all four parts. It is better when the range lies below. Nothing is added to the spread: a run on a
noisy machine has wide ranges and sees large changes only, which is said.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from common.benchmark.report import JSON_NAME, Ratio, Section, read_sections
from common.command_line import Command
from common.errors import UserError, listed
from common.files import write_texts

BASELINE = Path(__file__).with_name("baseline.json")
# A ratio must grow by more than this part to be seen, or it is told to be noisy.
_COARSE = 0.25

Ratios = dict[tuple[str, str, str], Ratio]


@dataclass(frozen=True)
class Change:
    """A ratio in two runs.

    Attributes:
        name: the part, the task and the two contestants.
        base, now: the ratio in the stored run and in this one; None where there is none.
    """

    name: str
    base: Ratio | None
    now: Ratio | None

    @property
    def verdict(self) -> str:
        """`same`, `worse`, `better`, `missing` or `new`."""
        if self.now is None:
            return "missing"
        if self.base is None:
            return "new"
        if self.now.low > self.base.high:
            return "worse"
        return "better" if self.now.high < self.base.low else "same"

    @property
    def smallest(self) -> float:
        """The growth at which it would be worse: 0.1 for a ratio that must grow by a tenth."""
        if self.now is None or self.base is None:
            return 0.0
        return self.base.high / self.base.value * (self.now.value / self.now.low) - 1


def compare(base: Mapping[str, Section], now: Mapping[str, Section]) -> list[Change]:
    """Returns every ratio of two runs, by parts; parts that only one of them has are left out."""
    changes = []
    for part in (part for part in now if part in base):
        old, new = _ratios(base[part]), _ratios(now[part])
        changes += [
            Change(f"{part}: {case}: {of} / {to}", old.get((case, of, to)), new.get((case, of, to)))
            for case, of, to in dict.fromkeys([*new, *old])
        ]
    return changes


def _ratios(section: Section) -> Ratios:
    return {(case.name, one.of, one.to): one for case in section.cases for one in case.ratios}


def notes(base: Mapping[str, Section], now: Mapping[str, Section]) -> list[str]:
    """Returns what to know before the table: other machines, other versions, parts left out."""
    found = []
    for told, one, other in (("this run", now, base), ("the stored run", base, now)):
        if left_out := [part for part in one if part not in other and _ratios(one[part])]:
            found.append(f"only in {told}, so not compared: {listed(left_out)}")
    for part, section in now.items():
        for case in section.cases:
            found += [f"{part}: {case.name}: {x.name}: {x.missing}" for x in case.rows if x.missing]
    differing: dict[str, None] = {}
    for part in (part for part in now if part in base):
        old, new = base[part].machine, now[part].machine
        for key in dict.fromkeys([*old, *new]):
            if key != "date" and old.get(key) != new.get(key):
                differing[f"{key} {old.get(key, '?')} -> {new.get(key, '?')}"] = None
    if differing:
        found.append(f"the stored run was made with another {listed(differing)}")
    return found


def as_table(changes: Sequence[Change]) -> list[str]:
    """Returns changes as lines of a table, what is worse first."""
    order = ("worse", "missing", "new", "better", "same")
    rows = [("verdict", "stored", "now", "change", "ratio")]
    for change in sorted(changes, key=lambda one: order.index(one.verdict)):
        rows.append(
            (
                change.verdict,
                _said(change.base),
                _said(change.now),
                f"{change.now.value / change.base.value - 1:+.0%}"
                if change.now and change.base
                else "",
                change.name,
            )
        )
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]])
        for row in rows
    ]


def _said(ratio: Ratio | None) -> str:
    return "" if ratio is None else f"{ratio.value:.3f} ({ratio.low:.3f}-{ratio.high:.3f})"


@click.command(cls=Command)
@click.option(
    "--run",
    type=click.Path(path_type=Path),
    default=Path("exported") / JSON_NAME,
    show_default=True,
    help="The run to judge, as make bench writes it.",
)
@click.option(
    "--base",
    type=click.Path(path_type=Path),
    default=BASELINE,
    help="The run to compare with.  [default: the stored one]",
)
@click.option("--update", is_flag=True, help="Store the run as the one to compare with.")
def main(run: Path, base: Path, update: bool) -> None:
    """Say which ratios of a benchmark are worse than in a stored run; exit status 1 if any is."""
    now = read_sections(run)
    if update:
        write_texts(base.parent, {base.name: run.read_text(encoding="utf-8")})
        print(f"{base}: stored; {len(now)} parts: {listed(now)}")
        return
    stored = read_sections(base)
    changes = compare(stored, now)
    if not changes:
        raise UserError(f"{run}: has no ratio in common with {base}; make it with: make bench")
    for note in notes(stored, now):
        print(f"note: {note}", file=sys.stderr)
    print("\n".join(as_table(changes)))
    coarse = [change for change in changes if change.smallest > _COARSE]
    if coarse:
        print(
            f"note: {len(coarse)} of {len(changes)} ratios would have to grow by more than "
            f"{_COARSE:.0%} to be seen: the machine was busy; run make bench on a quiet one",
            file=sys.stderr,
        )
    worse = sum(change.verdict == "worse" for change in changes)
    print(f"{worse} of {len(changes)} ratios are worse by more than they spread", file=sys.stderr)
    if worse:
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main(prog_name="python -m common.benchmark.compare")
