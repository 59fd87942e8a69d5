"""The command: its help, its mistakes, and a part from beginning to end."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from common.explain.__main__ import main
from common.explain.parts import PARTS
from tests.apps.command import error_of, run_code


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments])


def test_help_tells_every_part_without_frameworks() -> None:
    code = """
import sys
from click.testing import CliRunner
from common.explain.__main__ import main
result = CliRunner().invoke(main, ["--help"])
assert result.exit_code == 0, result.output
print(result.output)
print(sorted({"tensorflow", "keras", "matplotlib", "sklearn"} & set(sys.modules)))
"""
    process = run_code(code)
    assert process.stdout.endswith("[]\n"), process.stderr
    for part, what in PARTS.items():
        assert part in process.stdout
        assert what in process.stdout


def test_an_unknown_part_is_a_mistake(tmp_path: Path) -> None:
    result = _run("--part", "dreams", "--output", tmp_path)
    assert result.exit_code == 2
    assert "'dreams'" in result.stderr


def test_a_folder_of_bundles_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    result = _run("--part", "order", "--output", tmp_path / "out", "--bundles", tmp_path / "no")
    assert result.exit_code == 2
    assert "no such folder" in error_of(result.stderr)
    assert not (tmp_path / "out").exists()


def test_missing_bundles_are_said_and_the_page_is_written(tmp_path: Path) -> None:
    (tmp_path / "bundles").mkdir()
    out = tmp_path / "out"
    wanted = ("--part", "states", "--part", "order", "--app", "voice", "--bundles")
    result = _run(*wanted, tmp_path / "bundles", "--output", out)
    assert result.exit_code == 0, result.output
    said = f"make one with: make train-voice OUT={tmp_path}/bundles/voice"
    assert result.stderr.count(said) == 2
    page = (out / "README.md").read_text()
    assert page.count(said) == 2
    assert "![" not in page
    assert result.stdout == f"{out / 'README.md'}\n"


def test_an_application_that_is_none_is_a_mistake(tmp_path: Path) -> None:
    for part in ("order", "states"):
        result = _run("--part", part, "--app", "dreams", "--output", tmp_path)
        assert result.exit_code == 2
        assert "there is no application 'dreams' here" in error_of(result.stderr)


def test_states_miss_classifiers_alone(tmp_path: Path) -> None:
    apps = ("--app", "translation", "--app", "sentiment")
    result = _run("--part", "states", *apps, "--output", tmp_path, "--bundles", tmp_path)
    assert result.exit_code == 0, result.output
    assert "no bundle of sentiment" in result.stderr
    assert "translation" not in result.stderr


def test_a_part_from_beginning_to_end(tmp_path: Path) -> None:
    result = _run("--part", "unfolding", "--seed", 7, "--output", tmp_path)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "unfolding.png").read_bytes().startswith(b"\x89PNG")
    values = json.loads((tmp_path / "unfolding.json").read_text())
    assert values["seed"] == 7
    page = (tmp_path / "README.md").read_text()
    assert "![the cell, and the cell unfolded" in page
    for kinds in values["figures"]["differences"].values():
        *ways, control = kinds.values()
        assert max(ways) < 1e-5 < control
