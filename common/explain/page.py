"""The page for a student: what every part in a folder found, with its pictures."""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from common.errors import UserError, listed
from common.explain.parts import LONGEST, PARTS, Explanation, Wish
from common.files import write_texts
from common.settings import read_json

FORMAT = 1
PAGE = "README.md"
DEFAULT_FOLDER, DEFAULT_BUNDLES = Path("exported/explain"), Path("exported")


def check_folder(folder: Path) -> None:
    """Refuses, before any work is done, a folder that the page cannot be written to.

    Raises:
        UserError: it is a file, or holds a page of somebody's own.
    """
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder}: is a file; give --output a folder")
    ours = any((folder / f"{part}.json").is_file() for part in PARTS)
    if (folder / PAGE).exists() and not ours:
        raise UserError(
            f"{folder / PAGE}: was not made by this command; give --output another folder"
        )


def command(part: str, wish: Wish) -> str:
    """Returns the command that makes a part again."""
    arguments = ["--part", part, "--seed", str(wish.seed)]
    if wish.quick:
        arguments.append("--quick")
    if wish.longest != LONGEST:
        arguments += ["--longest", str(wish.longest)]
    if wish.bundles != DEFAULT_BUNDLES:
        arguments += ["--bundles", str(wish.bundles)]
    out = "" if wish.folder == DEFAULT_FOLDER else f"OUT={shlex.quote(str(wish.folder))} "
    return f"make explain {out}ARGS={shlex.quote(shlex.join(arguments))}"


def write_part(part: str, explanation: Explanation, wish: Wish) -> None:
    """Writes what a part found as JSON, its pictures being there already."""
    values = {
        "format": FORMAT,
        "part": part,
        "seed": wish.seed,
        "quick": wish.quick,
        "command": command(part, wish),
        **dataclasses.asdict(explanation),
    }
    text = json.dumps(values, indent=1, ensure_ascii=False)
    write_texts(wish.folder, {f"{part}.json": text + "\n"})


def write_page(folder: Path) -> Path:
    """Writes the page of all parts that were found so far, and returns its path.

    Raises:
        UserError: what was left of a part cannot be read.
    """
    found = [(folder / f"{part}.json") for part in PARTS]
    parts = [_read(path) for path in found if path.is_file()]
    (path,) = write_texts(folder, {PAGE: "\n".join(_lines(folder, parts))})
    return path


def _read(path: Path) -> dict[str, Any]:
    values = read_json(path)
    wanted = {"title", "paragraphs", "pictures", "notes", "command"}
    if values.get("format") != FORMAT or not wanted <= set(values):
        raise UserError(f"{path}: was made by another version; make that part again, or delete it")
    return values


def _lines(folder: Path, parts: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = [
        "# What a recurrent network remembers",
        "",
        "Pictures of the cell and the layer of this project, and of the applications trained with "
        "them. Every picture and every number was computed by the command under it; the same seed "
        "gives the same on the same machine.",
        "",
    ]
    missing = [part for part in PARTS if part not in [one["part"] for one in parts]]
    for one in parts:
        lines += [f"## {one['title']}", ""]
        for paragraph in one["paragraphs"]:
            lines += [paragraph, ""]
        for picture in one["pictures"]:
            if (folder / picture["file"]).is_file():
                lines += [f"![{picture['shows']}]({picture['file']})", ""]
        if one["notes"]:
            lines += [*(f"- {note}" for note in one["notes"]), ""]
        lines += [f"`{one['command']}` (figures: `{one['part']}.json`)", ""]
    if missing:
        lines += [
            f"Not made yet: {listed(missing)} (`make explain ARGS='--part {missing[0]}'`).",
            "",
        ]
    return lines
