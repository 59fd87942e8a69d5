"""The version of the project, in every bundle, and that of the code that kept figures come from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

VERSION = "0.1.0"


def code_digest(paths: Iterable[Path]) -> str:
    """Returns a digest of source files and of Keras's version.

    Args:
        paths: files, or folders whose Python files count, those in folders below as well.
    """
    from importlib.metadata import version  # its import takes longer than all else here

    digest = hashlib.sha256(version("keras").encode())
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
