"""The trained applications that a part looks at."""

from __future__ import annotations

import importlib
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from common.bundle import CONFIG_FILE, Bundle, open_bundle
from common.errors import UserError
from common.settings import read_json


@dataclass(frozen=True)
class Trained:
    """A bundle and its application.

    Attributes:
        application: `common.classification.application.ClassifierApplication`, or that of
            generators; what it can tell of time (`shuffled`, `moments`) is found by name.
        bundle: of it.
    """

    application: Any
    bundle: Bundle

    @property
    def name(self) -> str:
        """What to call it: the name of the bundle's folder."""
        return self.bundle.path.name

    def data(self) -> tuple[Any, str]:
        """Returns the data on which it was scored when it was made, and the split of them.

        Raises:
            UserError: they cannot be had.
        """
        name = self.bundle.config["data"]
        split = self.bundle.scored_split() or "dev"
        options = self.bundle.data_options(self.application, name, {})
        if self.bundle.labels:
            return self.application.load_data(name, {split}, self.bundle.labels, options), split
        return self.application.load_data(name, {split}, options), split


def load_application(name: str) -> Any:
    """Returns the application of that name.

    Raises:
        UserError: there is none.
    """
    module = f"apps.{name}.application"
    try:
        return importlib.import_module(module).APPLICATION
    except (ModuleNotFoundError, TypeError) as error:
        if isinstance(error, ModuleNotFoundError) and not module.startswith(str(error.name)):
            raise  # something that it needs
        raise UserError(f"there is no application {name!r} here; give --app another") from error


def find(
    folder: Path, apps: Sequence[str], wanted: Callable[[Any], bool] = lambda application: True
) -> tuple[list[Trained], list[str]]:
    """Finds the bundles in a folder.

    Args:
        folder: with the bundles; it need not be there.
        apps: applications to miss if they have no bundle.
        wanted: whether an application is looked for.

    Returns:
        The bundles, by name, and a note for every one that cannot be opened or is missing, which
        says the command that makes it.

    Raises:
        UserError: one of `apps` is no application.
    """
    found, notes = [], []
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    for path in paths:
        if path.name.startswith(".") or not (path / CONFIG_FILE).is_file():
            continue
        try:
            app = str(read_json(path / CONFIG_FILE).get("app"))
            found.append(Trained(load_application(app), open_bundle(path, app)))
        except UserError as error:
            notes.append(f"{path.name} is left out: {error}")
    there = {one.application.name for one in found}
    found = [one for one in found if wanted(one.application)]
    for app in apps:
        if wanted(load_application(app)) and app not in there:
            command = f"make train-{app}"
            if folder != Path("exported"):
                command += f" OUT={shlex.quote(str(folder / app))}"
            notes.append(f"no bundle of {app} in {folder}; make one with: {command}")
    return found, notes


def spread(count: int, wanted: int) -> Iterator[int]:
    """Yields places all over `count` things, `wanted` of them at most, each once."""
    yield from dict.fromkeys(np.linspace(0, count - 1, min(count, wanted)).round().astype(int))
