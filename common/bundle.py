"""A bundle: the folder that training leaves, and how it is put in place without losing anything."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from common.errors import UserError, listed, one_line
from common.files import replaced
from common.settings import read_json, to_json
from common.version import VERSION

T = TypeVar("T")

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
        return application.load_front_end(self.front_end_files(), self.max_timesteps)

    def front_end_files(self) -> dict[str, bytes]:
        """Returns the files from which the front end is made again."""
        return {name: (self.path / name).read_bytes() for name in self.config["front_end_files"]}

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

    def opened(self, artefact: str, open_it: Callable[[], T]) -> T:
        """Returns what `open_it` makes of an artefact that came from outside.

        Raises:
            UserError: it cannot be opened, which is the user's to mend.
        """
        try:
            return open_it()
        except UserError:
            raise
        except Exception as error:  # every runtime has errors of its own
            raise UserError(
                f"{artefact_path(self.path, artefact)}: cannot be opened, so the bundle is damaged "
                f"({one_line(error)}); copy it again, or train again"
            ) from error

    def scored_split(self) -> str | None:
        """Returns the split on which it was scored when it was made."""
        path = self.path / METRICS_FILE
        if not path.exists():
            return None
        rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
        return str(rows[0]["split"]) if rows else None

    def data_options(
        self, application: Any, data: str, options: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Returns with which options data are loaded to score it again.

        What was said of the data when the network was trained holds for them, unless said
        otherwise; the seed, which divides them, is that of training.

        Args:
            application: whose bundle it is; its options have defaults.
            data: as the user names them.
            options: what he says of them now; None where he says nothing.
        """
        defaults = {option.name: option.default for option in application.data_options}
        said = self.config["options"] if data == self.config["data"] else {}
        given = {k: v for k, v in options.items() if v is not None}
        return {**defaults, **self.config["settings"], **said, **given}


def write_config(
    folder: Path,
    application: Any,
    data: str,
    front_end: Any,
    labels: Sequence[str],
    settings: Any,
    options: Mapping[str, Any],
) -> None:
    """Writes the files of a front end, and what is needed to open the bundle again.

    Args:
        folder: of the bundle.
        application: whose bundle it is.
        data: what it was trained on, as the user named it.
        front_end: with `files()` and `max_timesteps`.
        labels: the classes in the order of the scores; none where there are no classes.
        settings: of the run.
        options: of the command line; those of the data are kept.
    """
    files = front_end.files()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    config = {
        "app": application.name,
        "format": FORMAT,
        "version": VERSION,
        "labels": list(labels),
        "max_timesteps": front_end.max_timesteps,
        "front_end_files": sorted(files),
        "data": data,
        "settings": to_json(settings),
        "options": {option.name: options[option.name] for option in application.data_options},
    }
    _write_json(folder / CONFIG_FILE, config)


def write_metrics(folder: Path, metrics: Mapping[str, Any]) -> None:
    """Writes what was measured of a bundle."""
    _write_json(folder / METRICS_FILE, metrics)


def _write_json(path: Path, values: Mapping[str, Any]) -> None:
    text = json.dumps(values, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


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
