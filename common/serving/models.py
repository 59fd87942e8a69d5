"""Which bundles there are to serve, and under which names."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from common.bundle import CONFIG_FILE, Bundle, open_bundle
from common.errors import UserError
from common.settings import read_json

# What a model's name may be in an address, a path and a configuration without any quoting.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Model:
    """A bundle to serve.

    Attributes:
        name: of the model for the server: that of the bundle's folder.
        bundle: of it.
    """

    name: str
    bundle: Bundle

    @property
    def app(self) -> str:
        """The name of its application."""
        return str(self.bundle.config["app"])

    @property
    def base_path(self) -> Path:
        """The folder with the numbered versions."""
        return self.bundle.path / "saved_model"


def find_models(folder: Path) -> tuple[list[Model], list[str]]:
    """Finds the bundles in a folder.

    Returns:
        The models, by name, and a note for every bundle that cannot be served.

    Raises:
        UserError: there is no such folder.
    """
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; give --bundles the one with the bundles")
    models, notes = [], []
    for path in sorted(p for p in folder.iterdir() if not p.name.startswith(".")):
        if not (path / CONFIG_FILE).is_file():
            continue
        try:
            models.append(_opened(path))
        except UserError as error:
            notes.append(f"left out: {error}")
    return models, notes


def _opened(path: Path) -> Model:
    bundle = open_bundle(path, str(read_json(path / CONFIG_FILE).get("app")))
    if not _NAME.fullmatch(path.name):
        raise UserError(
            f"{path}: a model cannot have this name; rename the folder to letters, digits, dots, "
            "- and _"
        )
    bundle.require("saved_model")
    return Model(path.name, bundle)


def missing(models: Sequence[Model], apps: Sequence[str], folder: Path) -> dict[str, str]:
    """Returns for each application without a model the command that makes one."""
    there = {model.app for model in models}
    return {
        app: f"make train-{app} OUT={shlex.quote(str(folder / app))}"
        for app in apps
        if app not in there
    }
