"""The folder that TF Serving is started from."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from common.errors import UserError
from common.files import write_texts
from common.serving.configuration import (
    BATCHING_FILE,
    COMPOSE_FILE,
    MAX_ROWS,
    MODELS_FILE,
    REST_PORT,
    batching_config,
    compose_file,
    models_config,
)
from common.serving.golden import read_golden
from common.serving.models import Model

REQUESTS = "requests"

# Bodies up to this long are shown as they are.
_SHORT = 200


def write_folder(folder: Path, models: Sequence[Model]) -> list[str]:
    """Writes the folder; what else is in it stays.

    Returns:
        A note for every model without an example of a request.

    Raises:
        UserError: it is a file, or holds files of somebody's own.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MODELS_FILE).is_file():
        raise UserError(f"{folder}: holds other files; give --output a new folder")
    files = {
        MODELS_FILE: models_config(models),
        BATCHING_FILE: batching_config(),
        COMPOSE_FILE: compose_file(models, folder),
        "README.md": _readme(models),
    }
    notes = []
    for model in models:
        try:
            files[_request(model)] = read_golden(model.bundle).body(1) + "\n"
        except UserError as error:
            notes.append(f"no example of a request to {model.name}: {error}")
    write_texts(folder, files)
    return notes


def curl_commands(folder: Path, models: Sequence[Model]) -> list[str]:
    """Returns two commands: for the status of a model, and one that asks it a golden input.

    Of the model with the shortest input, which is a text where one reads texts.

    Args:
        folder: as written.
        models: of it; at least one.
    """
    files = {m.name: folder / _request(m) for m in models if (folder / _request(m)).is_file()}
    bodies = {name: path.read_text(encoding="utf-8").strip() for name, path in files.items()}
    name = min(bodies, key=lambda name: len(bodies[name]), default=models[0].name)
    address = f"http://localhost:{REST_PORT}/v1/models/{name}"
    commands = [f"curl {address}"]
    if name in bodies:
        body = bodies[name]
        given = shlex.quote(body if len(body) < _SHORT else f"@{files[name]}")
        commands.append(f"curl -d {given} {address}:predict")
    return commands


def _request(model: Model) -> str:
    return f"{REQUESTS}/{model.name}.json"


def _readme(models: Sequence[Model]) -> str:
    return (
        Path(__file__)
        .with_suffix(".md")
        .read_text(encoding="utf-8")
        .format(
            models=", ".join(model.name for model in models),
            compose=COMPOSE_FILE,
            config=MODELS_FILE,
            batching=BATCHING_FILE,
            rows=MAX_ROWS,
        )
    )
