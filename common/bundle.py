"""A bundle: the folder that training leaves, and how it is put in place without losing anything."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.errors import UserError, listed
from common.files import replaced
from common.settings import read_json

TFLITE_ARTEFACTS = ("float32", "float16", "dynamic", "int8", "loop", "step", "step_int8")
ARTEFACTS = ("keras", "saved_model", *TFLITE_ARTEFACTS)

CONFIG_FILE = "config.json"
METRICS_FILE = "metrics.json"
FORMAT = 1


def artefact_path(bundle: Path, artefact: str) -> Path:
    """Returns where an artefact lies in a bundle."""
    if artefact == "keras":
        return bundle / "model.keras"
    if artefact == "saved_model":
        return bundle / "saved_model" / "1"
    return bundle / "tflite" / f"{artefact}.tflite"


@dataclass(frozen=True)
class Bundle:
    """A bundle on disk.

    Attributes:
        path: its folder.
        config: what was written to `config.json` when it was made.
    """

    path: Path
    config: Mapping[str, Any]

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes in the order of the scores."""
        return tuple(self.config["labels"])

    @property
    def max_timesteps(self) -> int:
        """The most time steps that are read of one input."""
        return int(self.config["max_timesteps"])

    def front_end(self, application: Any) -> Any:
        """Returns the front end with which the network was trained."""
        files = {name: (self.path / name).read_bytes() for name in self.config["front_end_files"]}
        return application.load_front_end(files, self.max_timesteps)

    def artefacts(self) -> list[str]:
        """Returns the artefacts that are there."""
        return [a for a in ARTEFACTS if artefact_path(self.path, a).exists()]

    def require(self, artefact: str) -> Path:
        """Returns the path of an artefact.

        Raises:
            UserError: it is not there.
        """
        path = artefact_path(self.path, artefact)
        if not path.exists():
            raise UserError(
                f"{self.path}: has no artefact {artefact}; it has {listed(self.artefacts())}"
            )
        return path


def open_bundle(path: Path, application: str) -> Bundle:
    """Opens the bundle of an application.

    Raises:
        UserError: there is no bundle, or it is one of another application.
    """
    if not path.exists():
        raise UserError(
            f"{path}: no such bundle; make one with: make train-{application} OUT={path}"
        )
    if not (path / CONFIG_FILE).is_file():
        raise UserError(
            f"{path}: is no bundle, it holds no {CONFIG_FILE}; give the folder that "
            f"make train-{application} wrote"
        )
    config = read_json(path / CONFIG_FILE)
    if config.get("app") != application:
        raise UserError(
            f"{path}: is a bundle of the application {config.get('app')!r}, not of "
            f"{application!r}; give --bundle another folder"
        )
    if config.get("format") != FORMAT:
        raise UserError(
            f"{path}: was made by another version (bundle format {config.get('format')!r}, this "
            f"one reads {FORMAT}); train it again"
        )
    return Bundle(path, config)


def check_output(path: Path) -> None:
    """Refuses, before any work is done, a folder that a bundle cannot be written to.

    Raises:
        UserError: it is a file, cannot be written, or holds files of the user's own with the names
            of a bundle's.
    """
    if path.exists() and not path.is_dir():
        raise UserError(f"{path}: is a file; give --output a folder")
    if path.is_mount():
        raise UserError(f"{path}: is a mount point; give --output a folder in it")
    parent = path
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir():
        raise UserError(f"{parent}: is a file; give --output a folder")
    for folder in {parent, path.parent if path.parent.exists() else parent}:
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UserError(f"{folder}: no permission to write here; give --output another folder")
    if path.exists() and not (path / CONFIG_FILE).exists():
        ours = {"README.md", METRICS_FILE, "model.keras", "saved_model", "tflite", "labels.txt"}
        there = sorted(ours & {entry.name for entry in path.iterdir()})
        if there:
            raise UserError(
                f"{path}: holds {listed(there)} but is no bundle, so they are somebody's own; give "
                "--output another folder"
            )


class _Manifest:
    """The names of the files of a bundle, so that files of the user's own can be told apart."""

    FILE = "files.json"

    @staticmethod
    def write(folder: Path) -> None:
        names = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
        text = json.dumps([*names, _Manifest.FILE], indent=1)
        (folder / _Manifest.FILE).write_text(text + "\n", encoding="utf-8")

    @staticmethod
    def foreign(folder: Path) -> list[Path]:
        """Returns the files in a folder that no export has made."""
        try:
            made = set(json.loads((folder / _Manifest.FILE).read_text(encoding="utf-8")))
        except (OSError, ValueError):
            made = set()
        there = [p.relative_to(folder) for p in folder.rglob("*") if not p.is_dir()]
        return [p for p in there if str(p) not in made]


@contextlib.contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Gives an empty folder for a new bundle; at the end it takes the place of the one at `path`.

    A file in the old folder that no export made is moved over, so it is still there afterwards. If
    the block raises, the old bundle stays as it was.
    """
    with replaced(path) as new:
        yield new
        _Manifest.write(new)
        if path.exists():
            for name in _Manifest.foreign(path):
                target = new / name
                if not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(path / name, target, follow_symlinks=False)
