"""Write folders and files so that a failure leaves what was there before."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from common.errors import UserError


@contextlib.contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """Gives a new folder beside `folder`, which takes its place when the block ends well.

    If the block raises, the new folder is removed and the old one stays as it was.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        new.chmod(0o755)
        yield new
        if folder.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old.", dir=folder.parent))
            try:
                folder.rename(old / "was")
                new.rename(folder)
            except BaseException:
                if (old / "was").exists():
                    (old / "was").rename(folder)
                old.rmdir()
                raise
            shutil.rmtree(old, ignore_errors=True)
        else:
            new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def write_texts(folder: Path, files: Mapping[str, str]) -> list[Path]:
    """Writes texts into a folder, each beside its place first; what else is in it stays.

    Args:
        folder: made if it is not there.
        files: texts by their paths in the folder.

    Returns:
        The paths.

    Raises:
        UserError: the folder is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder}: is a file; give --output a folder")
    paths = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # So that a full disk leaves no half of a file.
        new = path.with_name(f".{path.name}.new")
        try:
            new.write_text(text, encoding="utf-8")
            paths.append(new.replace(path))
        finally:
            new.unlink(missing_ok=True)
    return paths


def file_bytes(path: Path) -> int:
    """Returns the size of a file, or of all files in a folder."""
    if path.is_dir():
        return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
    return path.stat().st_size
