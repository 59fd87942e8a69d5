"""The golden examples of a bundle: a few inputs with the answers they must get, to check a port."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common.errors import UserError, one_line

FILE = Path("golden") / "examples.npz"
# What numpy and its reader of archives raise at other contents than were written.
UNREADABLE = (OSError, EOFError, ValueError, KeyError, IndexError, zipfile.BadZipFile)


def write_examples(bundle: Path, **arrays: Any) -> None:
    """Writes the examples into the folder of a bundle that has none, arrays by name."""
    path = bundle / FILE
    path.parent.mkdir()
    np.savez_compressed(path, **arrays)


def read_examples(bundle: Path) -> dict[str, NDArray[Any]]:
    """Returns the arrays by name.

    Raises:
        UserError: they are missing or damaged.
    """
    path = bundle / FILE
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except FileNotFoundError as error:
        raise UserError(f"{path}: no such file; train the bundle again") from error
    except UNREADABLE as error:
        raise damaged(bundle, error) from error


def damaged(bundle: Path, error: Exception) -> UserError:
    """Returns what to say of examples in which something is wrong."""
    return UserError(
        f"{bundle / FILE}: cannot be read, so the bundle is damaged ({one_line(error)}); copy it "
        "again, or train again"
    )
