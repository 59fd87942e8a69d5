"""The command of the benchmark: its parts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from common.benchmark import __main__ as benchmark
from common.benchmark.report import Section, read_sections, write_section


def call(*arguments: str) -> int:
    return CliRunner().invoke(benchmark.main, arguments).exit_code


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    parts: list[str] = []

    def measure(part: str, rounds: int, sounds: object) -> Section:
        parts.append(part)
        return Section(part, part, [])

    monkeypatch.setattr(benchmark, "measure", measure)
    return parts


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """What is started; a program named `fails` does."""
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        assert command[:2] == [sys.executable, "-m"]
        commands.append(command[2:])
        write_section(tmp_path, Section(" ".join(command[2:]), "Some", []))
        return subprocess.CompletedProcess(command, 3 if "fails" in command[2] else 0)

    monkeypatch.setattr(subprocess, "run", run)
    return commands


def test_one_part_is_measured_and_the_others_stay(tmp_path: Path, measured: list[str]) -> None:
    for part in ("mfcc", "latency", "mfcc"):
        assert call("--output", str(tmp_path), "--only", part) == 0
    assert measured == ["mfcc", "latency", "mfcc"]
    assert list(read_sections(tmp_path / "bench.json")) == ["mfcc", "latency"]


def test_several_parts_have_a_process_each(
    tmp_path: Path, measured: list[str], started: list[list[str]]
) -> None:
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    given = ["--output", str(tmp_path), "--rounds", "3"]
    assert call(*given, "--sounds", str(sounds), "--app", "mine") == 0
    assert started == [
        *(
            ["common.benchmark", *given, "--only", part, "--sounds", str(sounds)]
            for part in benchmark.PARTS
        ),
        ["apps.mine.benchmark", *given],
    ]
    assert not measured


def test_an_application_is_a_program_of_its_own(
    tmp_path: Path, measured: list[str], started: list[list[str]]
) -> None:
    given = ("--output", str(tmp_path), "--app", "mine", "--app", "fails")
    assert call(*given, "--only", "mine") == 0
    assert [command[0] for command in started] == ["apps.mine.benchmark"]
    assert call(*given, "--only", "fails", "--only", "mine") == 3
    assert [command[0] for command in started[1:]] == ["apps.fails.benchmark"]
    assert not measured


def test_a_part_that_is_none_is_named(tmp_path: Path, measured: list[str]) -> None:
    result = CliRunner().invoke(benchmark.main, ["--output", str(tmp_path), "--only", "speed"])
    assert result.exit_code == 2
    assert "--only speed: is no part; give one of training" in result.stderr
    assert not measured and not (tmp_path / "bench.json").exists()


@pytest.mark.parametrize("module", ["common.benchmark", "common.benchmark.compare"])
def test_help_needs_no_tensorflow(module: str) -> None:
    code = (
        "import runpy, sys; sys.argv = ['x', '--help']\n"
        f"try: runpy.run_module({module!r}, run_name='__main__')\n"
        "except SystemExit: pass\n"
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout
