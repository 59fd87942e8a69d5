"""What benchmarks have measured: sections of one bench.json, from which bench.md is written.

A part of the benchmark writes its own section and leaves the others, so that parts can be run one
by one, in programs of their own. Every ratio is one of times, ours to another's: less is better.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import os
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from common.benchmark.timing import Spread
from common.errors import UserError, one_line
from common.files import write_texts

SCHEMA = 1
JSON_NAME, MARKDOWN_NAME = "bench.json", "bench.md"
_PACKAGES = ("tensorflow", "keras", "ai-edge-litert")


@dataclass(frozen=True)
class Row:
    """A contestant.

    Attributes:
        name: of the contestant.
        ms: its time; None where there is none.
        figures: other numbers of it, by what to call their column.
        missing: why it could not be measured.
    """

    name: str
    ms: Spread | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    missing: str = ""


@dataclass(frozen=True)
class Ratio:
    """The time of one contestant as a multiple of another's.

    Attributes:
        of, to: names of the two.
        value: ratio of the medians.
        low, high: what it can be within the quartiles of both: the lower quartile of one over the
            upper of the other, and the other way round.
        aim: what it should be at most; None where nothing is aimed at.
    """

    of: str
    to: str
    value: float
    low: float
    high: float
    aim: float | None = None


@dataclass(frozen=True)
class Case:
    """Contestants that were timed in turn on the same task.

    Attributes:
        name: of the task.
        rows: the contestants.
        ratios: between them.
        remark: a sentence to read before the figures.
    """

    name: str
    rows: Sequence[Row]
    ratios: Sequence[Ratio] = ()
    remark: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the benchmark.

    Attributes:
        name: of the part.
        title: for people.
        cases: what was measured.
        remark: a sentence to read before them.
        machine: what the figures depend on, as `machine()` tells it.
    """

    name: str
    title: str
    cases: Sequence[Case]
    remark: str = ""
    machine: Mapping[str, Any] = field(default_factory=lambda: machine())


def machine() -> dict[str, Any]:
    """Returns what figures depend on: day, processor, cores, versions."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    return {
        "date": datetime.date.today().isoformat(),
        "cpu": cpu,
        "cores": cores,
        "python": platform.python_version(),
        **{package: version(package) for package in _PACKAGES},
    }


def ratios(rows: Iterable[Row], aims: Mapping[tuple[str, str], float | None]) -> list[Ratio]:
    """Returns the ratios between rows that were measured.

    Args:
        rows: the contestants.
        aims: for each ratio, by the names of the two, what it should be at most, or None.
    """
    spreads = {row.name: row.ms for row in rows if row.ms is not None}
    return [
        ratio(spreads[of], spreads[to], of, to, aim)
        for (of, to), aim in aims.items()
        if of in spreads and to in spreads
    ]


def ratio(ms: Spread, other: Spread, of: str, to: str, aim: float | None = None) -> Ratio:
    """Returns the ratio of two times, with the range that their quartiles leave it."""
    return Ratio(of, to, ms.median / other.median, ms.low / other.high, ms.high / other.low, aim)


def write_section(folder: Path, section: Section) -> list[str]:
    """Writes a section into bench.json in a folder, and bench.md anew from all that is there.

    Returns:
        Notes for the user.

    Raises:
        UserError: the folder is a file.
    """
    path, notes = folder / JSON_NAME, []
    sections: dict[str, Section] = {}
    if path.exists():
        try:
            sections = read_sections(path)
        except UserError as error:  # minutes of measuring are not thrown away for it
            notes.append(f"note: what was there is replaced: {error}")
    sections[section.name] = section
    write_texts(folder, {JSON_NAME: as_json(sections), MARKDOWN_NAME: as_markdown(sections)})
    return notes


def as_json(sections: Mapping[str, Section]) -> str:
    """Returns sections as the text of bench.json."""
    every = {name: dataclasses.asdict(section) for name, section in sections.items()}
    for section in every.values():
        del section["name"]
    return json.dumps({"schema": SCHEMA, "sections": _rounded(every)}, indent=1) + "\n"


def read_sections(path: Path) -> dict[str, Section]:
    """Returns the sections of a bench.json by their names.

    Raises:
        UserError: it is not there, no JSON, or no benchmark of this version.
    """
    again = "make it with: make bench"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path}: is not there; {again}") from None
    except IsADirectoryError:
        raise UserError(f"{path}: is a folder; give the {JSON_NAME} in it") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: is no text; {again}") from None
    except json.JSONDecodeError as error:
        raise UserError(f"{path}:{error.lineno}: is no JSON ({error.msg}); {again}") from None
    schema = content.get("schema") if isinstance(content, dict) else None
    if schema != SCHEMA:
        said = f"schema {one_line(schema, 20)}" if schema is not None else "no schema"
        raise UserError(f"{path}: has {said} where {SCHEMA} is wanted; {again}")
    try:
        return {name: _section(name, value) for name, value in content["sections"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserError(
            f"{path}: is no benchmark ({type(error).__name__}: {one_line(error, 80)}); {again}"
        ) from None


def _section(name: str, value: Mapping[str, Any]) -> Section:
    cases = [
        Case(
            **{
                **case,
                "rows": [_row(row) for row in case["rows"]],
                "ratios": [_ratio(one) for one in case["ratios"]],
            }
        )
        for case in value["cases"]
    ]
    return Section(**{**value, "name": name, "cases": cases, "machine": dict(value["machine"])})


def _row(value: Mapping[str, Any]) -> Row:
    ms = value["ms"]
    return Row(**{**value, "ms": None if ms is None else Spread(*(float(x) for x in ms))})


def _ratio(value: Mapping[str, Any]) -> Ratio:
    numbers = {key: float(value[key]) for key in ("value", "low", "high")}
    if min(numbers.values()) <= 0:
        raise ValueError(f"a ratio of times that is not positive: {dict(value)}")
    return Ratio(**{**value, **numbers})


def _rounded(value: Any) -> Any:
    """Six digits say more than a clock knows."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, Mapping):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, (list, tuple)) else value


def as_markdown(sections: Mapping[str, Section]) -> str:
    """Returns sections as the text of bench.md."""
    lines = [
        "# Benchmarks",
        "",
        "Made by `make bench`. Times are medians with the 25th and 75th percentile, of contestants "
        "that were timed in turn in one run. A ratio is one of times, ours to the other's, with "
        "what it can be within these percentiles.",
    ]
    told: Mapping[str, Any] = {}
    for section in sections.values():
        lines += [*([] if lines[-1] == "" else [""]), f"## {section.title}", ""]
        if section.machine != told:
            told = section.machine
            lines += ["On " + ", ".join(f"{k} {v}" for k, v in told.items()) + ".", ""]
        if section.remark:
            lines += [section.remark, ""]
        for case in section.cases:
            lines += [f"**{case.name}**", ""]
            lines += [case.remark, ""] if case.remark else []
            lines += [*_row_table(case.rows), ""]
            lines += [*_ratio_table(case.ratios), ""] if case.ratios else []
    return "\n".join(lines).rstrip("\n") + "\n"


def _row_table(rows: Sequence[Row]) -> list[str]:
    columns = list(dict.fromkeys(name for row in rows for name in row.figures))
    lines = [
        "| | ms |" + "".join(f" {name} |" for name in columns),
        "|---|---|" + "---|" * len(columns),
    ]
    for row in rows:
        time = row.missing if row.ms is None else _digits(*row.ms)
        cells = [_number(row.figures[name]) if name in row.figures else "" for name in columns]
        lines.append(f"| {row.name} | {time} |" + "".join(f" {cell} |" for cell in cells))
    return lines


def _ratio_table(found: Sequence[Ratio]) -> list[str]:
    lines = ["| | takes, of its time | aim |", "|---|---|---|"]
    for one in found:
        aim = "" if one.aim is None else f"at most {one.aim:g}"
        if one.aim is not None and one.value > one.aim:
            aim += ", missed"
        lines.append(f"| {one.of} / {one.to} | {_digits(one.value, one.low, one.high)} | {aim} |")
    return lines


def _digits(value: float, low: float, high: float) -> str:
    places = 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:.{places}f} ({low:.{places}f}-{high:.{places}f})"


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.2g}"
