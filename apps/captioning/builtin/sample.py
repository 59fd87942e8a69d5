"""`python -m apps.captioning.builtin.sample [FILE]`: a sheet of pictures of the corpus."""

import textwrap
from pathlib import Path

import click
import numpy as np
from matplotlib.figure import Figure

from .corpus import SPLITS, Drawn, generate

FILE = Path("exported/captioning-samples.png")
_COLUMNS = 6
_WIDTH = 34  # characters of a line below a picture


def _shown(rows: int) -> list[Drawn]:
    """As many of each split, as far as that is possible."""
    splits = generate()
    numbers = range(rows * _COLUMNS)
    names = np.array_split(numbers, len(SPLITS))
    return [
        drawn
        for split, part in zip(splits, names, strict=True)
        for drawn in splits[split][: len(part)]
    ]


def write_sheet(file: Path, rows: int = 4, captions: int = 2) -> None:
    """Writes pictures of all splits with their first captions, as one PNG.

    Args:
        file: replaced if it is there; its folder is made if it is missing.
        rows: of pictures, at least one.
        captions: below each picture.

    Raises:
        OSError: the file cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    figure = Figure(figsize=(2.6 * _COLUMNS, (2.3 + 0.36 * captions) * rows), layout="constrained")
    axes = figure.subplots(rows, _COLUMNS, squeeze=False)
    for axis, drawn in zip(axes.flat, _shown(rows), strict=True):
        axis.imshow(drawn.array(), interpolation="nearest")
        axis.set_title(drawn.name, fontsize=7, color="grey")
        lines = [textwrap.fill(f"· {caption}", _WIDTH) for caption in drawn.captions[:captions]]
        axis.set_xlabel("\n".join(lines), fontsize=7.5, loc="left")
        axis.set(xticks=[], yticks=[])
    figure.savefig(file, dpi=110, format="png")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=FILE)
@click.option("--rows", type=click.IntRange(1, 20), default=4, show_default=True)
def main(file: Path, rows: int) -> None:
    """Write a sheet of pictures to FILE, by default exported/captioning-samples.png."""
    try:
        write_sheet(file, rows)
    except OSError as error:
        reason = error.strerror or str(error)
        click.echo(f"error: {error.filename or file}: {reason}; choose another file", err=True)
        raise click.exceptions.Exit(2) from None
    click.echo(file)


if __name__ == "__main__":
    main()
