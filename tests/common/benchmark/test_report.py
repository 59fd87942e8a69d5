"""The report of the benchmark: sections come back as written, and join those of others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from common.benchmark.report import (
    Case,
    Ratio,
    Row,
    Section,
    as_json,
    as_markdown,
    machine,
    ratio,
    ratios,
    read_sections,
    write_section,
)
from common.benchmark.timing import Spread
from common.errors import UserError

OURS, THEIRS = Row("ours", Spread(2.0, 1.0, 3.0), {"bytes": 1234}), Row("theirs", Spread(4, 2, 8))
ABSENT = Row("absent", missing="could not be had")


def section(name: str = "latency", aim: float | None = 0.4) -> Section:
    rows = [OURS, THEIRS, ABSENT]
    aims = {("ours", "theirs"): aim, ("ours", "absent"): None}
    case = Case("T 3", rows, ratios(rows, aims), "A remark.")
    return Section(name, "Latency", [case], "Another.", {"cpu": "one", "cores": 2})


def test_range_of_a_ratio_by_hand() -> None:
    # 2 / 4; at least 1 / 8, at most 3 / 2.
    assert ratio(Spread(2, 1, 3), Spread(4, 2, 8), "a", "b") == Ratio("a", "b", 0.5, 0.125, 1.5)


def test_a_contestant_that_is_missing_has_no_ratio() -> None:
    assert [(one.of, one.to) for one in section().cases[0].ratios] == [("ours", "theirs")]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert write_section(tmp_path, section()) == []
    assert read_sections(tmp_path / "bench.json") == {"latency": section()}


def test_a_section_replaces_its_own_and_leaves_the_others(tmp_path: Path) -> None:
    for one in (section("training"), section("latency"), section("training", aim=0.6)):
        write_section(tmp_path, one)
    found = read_sections(tmp_path / "bench.json")
    assert found == {"training": section("training", aim=0.6), "latency": section()}
    assert list(found) == ["training", "latency"]
    assert (tmp_path / "bench.md").read_text() == as_markdown(found)


def test_what_cannot_be_read_is_replaced_and_said(tmp_path: Path) -> None:
    (tmp_path / "bench.json").write_text('{"layers": []}')
    (note,) = write_section(tmp_path, section())
    assert "replaced" in note and "no schema" in note
    assert read_sections(tmp_path / "bench.json") == {"latency": section()}


def test_markdown_by_hand() -> None:
    lines = as_markdown({"latency": section()}).splitlines()
    for line in (
        "## Latency",
        "On cpu one, cores 2.",
        "Another.",
        "**T 3**",
        "A remark.",
        "| | ms | bytes |",
        "| ours | 2.00 (1.00-3.00) | 1,234 |",
        "| theirs | 4.00 (2.00-8.00) |  |",
        "| absent | could not be had |  |",
        "| ours / theirs | 0.500 (0.125-1.500) | at most 0.4, missed |",
    ):
        assert line in lines
    met = as_markdown({"latency": section(aim=0.5)}).splitlines()
    assert "| ours / theirs | 0.500 (0.125-1.500) | at most 0.5 |" in met


def test_the_machine_is_told_once_while_it_is_the_same() -> None:
    same = as_markdown({"a": section("a"), "b": section("b")})
    assert same.count("On cpu one") == 1
    other = Section("b", "B", [], machine={"cpu": "two"})
    assert "On cpu two." in as_markdown({"a": section("a"), "b": other})


def test_machine_names_processor_and_versions() -> None:
    assert {"cpu", "cores", "python", "tensorflow", "keras", "ai-edge-litert"} <= set(machine())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "is not there; make it with: make bench"),
        (b"\xff", "is no text"),
        (b'{\n "schema": 1,\n', ":3: is no JSON"),
        (b"[]", "no schema"),
        (b'{"schema": 7}', "schema 7 where 1 is wanted"),
        (b'{"schema": 1}', "is no benchmark"),
        (b'{"schema": 1, "sections": {"a": {"title": "A"}}}', "is no benchmark"),
        (b'{"schema": 1, "sections": [1]}', "is no benchmark"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "bench.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UserError) as error:
        read_sections(path)
    assert str(path) in str(error.value) and said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("value", [0, -1.0, "fast", None])
def test_a_ratio_is_a_positive_number(tmp_path: Path, value: object) -> None:
    content = json.loads(as_json({"latency": section()}))
    content["sections"]["latency"]["cases"][0]["ratios"][0]["low"] = value
    path = tmp_path / "bench.json"
    path.write_text(json.dumps(content))
    with pytest.raises(UserError, match="is no benchmark"):
        read_sections(path)
