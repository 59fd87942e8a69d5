"""What tests ask for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from common.explain.parts import Wish
from common.progress import Progress


def wish(
    folder: Path, bundles: Path | None = None, apps: Sequence[str] = (), seed: int = 0
) -> Wish:
    """Returns a quick wish that says nothing; without a folder of bundles there are none."""
    return Wish(folder, seed, True, bundles or folder / "none", apps, Progress(quiet=True))
