"""What all pictures of the page share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt

DPI = 110


def subplots(rows: int, columns: int, width: float, height: float, **options: Any) -> Any:
    """Returns a figure and its axes `(rows, columns)`, laid out so that nothing overlaps."""
    return plt.subplots(
        rows, columns, figsize=(width, height), layout="constrained", squeeze=False, **options
    )


def save(figure: Any, path: Path) -> None:
    """Writes a figure as PNG and forgets it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Without the version of matplotlib in it, so that the same numbers give the same file.
    figure.savefig(path, dpi=DPI, metadata={"Software": None})
    plt.close(figure)


def shade(colours: str, place: float) -> Any:
    """Returns the colour at a place, 0 to 1, of one of matplotlib's maps."""
    return matplotlib.colormaps[colours](place)


def plain(text: str) -> str:
    """Returns a text as it is drawn letter by letter: a dollar would begin a formula."""
    return text.replace("$", r"\$")
