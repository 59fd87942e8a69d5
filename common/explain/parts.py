"""The parts of the page: what each needs, and what each leaves."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from common.progress import Progress

PARTS = {
    "unfolding": "one cell, unfolded over time; every way to compute it gives the same numbers",
    "gradients": "what is left of a gradient k steps back: it vanishes, explodes, or lasts",
    "memory": "two tasks at lags of 10 to 1,000 steps: where each cell stops learning",
    "order": "the trained applications with their inputs shuffled in time",
    "states": "the state of the trained classifiers over time, and the score after each step",
}
"""Each part and what it shows, in the order of the page."""

LONGEST = 1000
"""Steps of the longest lag in the part memory, unless it is said otherwise."""


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Attributes:
        folder: for the files.
        seed: of all that is drawn.
        quick: smaller sizes, for minutes instead of an hour.
        bundles: folder with the trained applications.
        apps: applications to miss if they have no bundle.
        progress: told about everything.
        longest: lag of the part memory.
    """

    folder: Path
    seed: int
    quick: bool
    bundles: Path
    apps: Sequence[str]
    progress: Progress
    longest: int = LONGEST


@dataclass(frozen=True)
class Picture:
    """A picture of a part.

    Attributes:
        file: its name in the folder.
        shows: what is seen on it, in a few words.
    """

    file: str
    shows: str


@dataclass(frozen=True)
class Explanation:
    """What a part leaves.

    Attributes:
        title: of its section.
        paragraphs: its text, Markdown: sentences and tables, every number of which is measured.
        pictures: what was drawn.
        figures: everything that was measured, for JSON.
        notes: what was left out and why.
    """

    title: str
    paragraphs: Sequence[str]
    pictures: Sequence[Picture]
    figures: Mapping[str, Any]
    notes: Sequence[str] = field(default=())


def explain(part: str, wish: Wish) -> Explanation:
    """Measures and draws a part.

    Args:
        part: one of `PARTS`, which is the name of its module too.
        wish: what is asked for; pictures are written to its folder.
    """
    module = importlib.import_module(f"common.explain.{part}")
    return module.explain(wish)
