"""`python -m common.explain`: pictures of what a recurrent network remembers, and a short page."""

from __future__ import annotations

from pathlib import Path

import click

from common.command_line import Command, bundles_option
from common.errors import UserError
from common.explain.page import DEFAULT_FOLDER, check_folder, write_page, write_part
from common.explain.parts import LONGEST, PARTS, Wish, explain
from common.progress import Progress

_HELP = """Draw what a recurrent network remembers, with the code that ships, and write a page
about it for a student.

\b
""" + "\n".join(f"{part:10} {what}" for part, what in PARTS.items())

_EPILOG = (
    "Each part writes its pictures and its figures (JSON) as soon as it is done, and the page "
    "shows all parts that are in the folder. The part memory keeps the result of every network "
    "that it trains, so an interrupted run goes on where it was. Parts about trained applications "
    "look at the bundles that are there and say which command makes the others."
)


@click.command(cls=Command, help=_HELP, epilog=_EPILOG)
@click.option(
    "--part",
    "parts",
    multiple=True,
    type=click.Choice(list(PARTS)),
    help="A part to make; may be given several times.  [default: all of them]",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Folder for pictures, figures and page.",
)
@bundles_option("Folder with the trained applications.")
@click.option("--app", "apps", multiple=True, help="Application to miss if it has no bundle.")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Of all that is drawn."
)
@click.option(
    "--quick", is_flag=True, help="Shorter lags, fewer steps and inputs: minutes, not an hour."
)
@click.option(
    "--longest",
    type=click.IntRange(min=10),
    default=LONGEST,
    show_default=True,
    help="Longest lag of the part memory, steps; the longest take most of the time.",
)
def main(
    parts: tuple[str, ...],
    output: Path,
    bundles: Path,
    apps: tuple[str, ...],
    seed: int,
    quick: bool,
    longest: int,
) -> None:
    given = click.get_current_context().get_parameter_source("bundles")
    if given != click.core.ParameterSource.DEFAULT and not bundles.is_dir():
        raise UserError(f"{bundles}: no such folder; give --bundles the one with the bundles")
    check_folder(output)
    progress = Progress()
    wish = Wish(output, seed, quick, bundles, apps, progress, longest)
    for part in PARTS:
        if parts and part not in parts:
            continue
        progress.say(f"{part}: {PARTS[part]}")
        explanation = explain(part, wish)
        for note in explanation.notes:
            progress.say(f"note: {note}")
        write_part(part, explanation, wish)
        page = write_page(output)
    print(page)


if __name__ == "__main__":
    main(prog_name="python -m common.explain")
