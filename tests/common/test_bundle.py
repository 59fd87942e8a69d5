"""A bundle is put in place whole, and what is the user's own stays his."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from common.bundle import ARTEFACTS, artefact_path, check_output, open_bundle, writing
from common.errors import UserError


def _write(path: Path, **files: str) -> None:
    with writing(path) as folder:
        config = {"app": "echo", "format": 1, "labels": ["a", "b"], "max_timesteps": 7}
        (folder / "config.json").write_text(json.dumps(config))
        for name, text in files.items():
            (folder / name).write_text(text)


def _names(path: Path) -> set[str]:
    return {str(p.relative_to(path)) for p in path.rglob("*") if not p.is_dir()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "exported" / "echo"
    _write(path, one="1", two="2")
    return path


def test_files_of_an_old_export_go(path: Path) -> None:
    _write(path, two="new", three="3")
    assert _names(path) == {"config.json", "files.json", "two", "three"}
    assert (path / "two").read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


def test_files_of_the_user_stay(path: Path) -> None:
    (path / "notes.txt").write_text("mine")
    (path / "more" / "deep").mkdir(parents=True)
    (path / "more" / "deep" / "x").write_text("mine")
    (path / "link").symlink_to("notes.txt")
    (path / "nowhere").symlink_to("gone")
    for _ in range(2):  # a second time as well
        _write(path, two="new")
        own = {"notes.txt", "more/deep/x", "link", "nowhere"}
        assert _names(path) == {"config.json", "files.json", "two", *own}
        assert (path / "more" / "deep" / "x").read_text() == "mine"
        assert os.readlink(path / "link") == "notes.txt"  # noqa: PTH115


def test_a_file_that_an_export_makes_wins(path: Path) -> None:
    (path / "three").write_text("mine")
    _write(path, three="made")
    assert (path / "three").read_text() == "made"


def test_a_failure_changes_nothing(path: Path) -> None:
    (path / "notes.txt").write_text("mine")
    before = {name: (path / name).read_bytes() for name in _names(path)}
    with pytest.raises(KeyboardInterrupt), writing(path) as folder:
        (folder / "one").write_text("new")
        raise KeyboardInterrupt
    assert {name: (path / name).read_bytes() for name in _names(path)} == before
    assert list(path.parent.iterdir()) == [path]


def test_opening(path: Path) -> None:
    bundle = open_bundle(path, "echo")
    assert (bundle.labels, bundle.max_timesteps) == (("a", "b"), 7)
    assert bundle.artefacts() == []
    for artefact in ("int8", "saved_model"):
        artefact_path(path, artefact).mkdir(parents=True)
    assert bundle.artefacts() == ["saved_model", "int8"]
    assert bundle.require("int8") == path / "tflite" / "int8.tflite"
    with pytest.raises(UserError, match="has no artefact keras; it has saved_model, int8"):
        bundle.require("keras")


def test_no_two_artefacts_lie_in_one_place(path: Path) -> None:
    assert len({artefact_path(path, artefact) for artefact in ARTEFACTS}) == len(ARTEFACTS)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"app": "voice", "format": 1}, "of the application 'voice'"),
        ({"app": "echo", "format": 2}, "another version"),
        ({}, "of the application None"),
    ],
)
def test_bundles_of_others(path: Path, config: dict[str, Any], said: str) -> None:
    (path / "config.json").write_text(json.dumps(config))
    with pytest.raises(UserError, match=said):
        open_bundle(path, "echo")


def test_output(path: Path, tmp_path: Path) -> None:
    check_output(path)
    check_output(tmp_path)  # nothing of a bundle's is there
    check_output(tmp_path / "a" / "b" / "c")
    assert not (tmp_path / "a").exists()
    for file in (path / "one", path / "one" / "below"):
        with pytest.raises(UserError, match="one: is a file"):
            check_output(file)
    (tmp_path / "tflite").mkdir()
    with pytest.raises(UserError, match="holds tflite but is no bundle"):
        check_output(tmp_path)


def test_output_that_cannot_be_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_mount", lambda self: self == path)
    with pytest.raises(UserError, match="is a mount point"):
        check_output(path)
    check_output(path / "below")
