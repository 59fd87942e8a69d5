"""`python -m common.serving`: write what TF Serving is started with, for every bundle there is."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from common.command_line import Command, bundles_option
from common.errors import UserError


@click.command(cls=Command)
@bundles_option("Folder with the bundles.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Folder to write.  [default: serving, beside the bundles]",
)
@click.option("--app", "apps", multiple=True, help="Application to miss if it has no bundle.")
def main(bundles: Path, output: Path | None, apps: tuple[str, ...]) -> None:
    """Write what the official image of TF Serving is started with, for every bundle there is."""
    from common.serving.folder import curl_commands, write_folder
    from common.serving.models import find_models, missing

    models, notes = find_models(bundles)
    absent = missing(models, apps, bundles)
    for note in notes:
        print(note, file=sys.stderr)
    if not models:
        command = next(iter(absent.values()), "make train-<app>")
        raise UserError(f"{bundles}: holds no bundle that can be served; make one with: {command}")
    for app, command in absent.items():
        print(f"no bundle of {app} in {bundles}; make one with: {command}", file=sys.stderr)
    folder = output if output is not None else bundles / "serving"
    for note in write_folder(folder, models):
        print(note, file=sys.stderr)
    print(f"{folder} serves {', '.join(model.name for model in models)}; start it with")
    print(f"  docker compose --file {folder / 'compose.yaml'} up")
    print("and ask it with")
    for command in curl_commands(folder, models):
        print(f"  {command}")


if __name__ == "__main__":
    main()
