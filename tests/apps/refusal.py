"""Commands that must be refused, and leave everything as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from click.testing import Result

from common.bundle import artefact_path
from tests.apps.command import content, error_of, run_code


def unreadable_bundle(folder: Path, app: str, **config: Any) -> Path:
    """Makes something that looks like a bundle, and returns its folder.

    No artefact in it can be read, so none may be opened.
    """
    (folder / "tflite").mkdir(parents=True)
    every = {
        "app": app,
        "format": 1,
        "labels": [],
        "max_timesteps": 8,
        "front_end_files": [],
        "data": "builtin",
        "settings": {"seed": 0, "beam": 1},
        "options": {},
        **config,
    }
    (folder / "config.json").write_text(json.dumps(every))
    for artefact in ("keras", "float32"):
        artefact_path(folder, artefact).write_bytes(b"no artefact at all")
    return folder


def refused(run: Callable[..., Result], bundle: Path, *arguments: object) -> str:
    """Runs a command that must be refused and change nothing; returns the sentence.

    Args:
        run: the command line.
        bundle: nothing in it and beside it may change.
        arguments: of the command.
    """
    before, beside = content(bundle), sorted(bundle.parent.iterdir())
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert content(bundle) == before
    assert sorted(bundle.parent.iterdir()) == beside
    return error_of(result.stderr)


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Makes a folder with files, texts as UTF-8, and returns it."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def refused_without_frameworks(app: str, output: Path, *data: Path) -> None:
    """Checks that bad data are refused before anything is imported that takes seconds.

    Args:
        app: the application.
        output: folder for a bundle, which must not be made.
        data: what is given to `train`, one after the other.
    """
    code = f"""
import sys
from tests.apps.{app}.command import run
for data in sys.argv[2:]:
    result = run("train", "--data", data, "--output", sys.argv[1])
    assert result.exit_code == 2, result.output
heavy = {{"tensorflow", "keras", "sklearn", "sacrebleu", "matplotlib"}}
print(sorted(heavy & set(sys.modules)))
"""
    process = run_code(code, output, *data)
    assert process.stdout == "[]\n", process.stderr
    assert not output.exists()
