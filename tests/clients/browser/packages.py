"""The runtimes for browsers, at the versions that `package-lock.json` pins."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.browser import HERE

_LOCK = HERE / "package-lock.json"


def node_modules() -> Path:
    """Returns the folder with the packages; they are installed once for each lock file.

    The test is skipped where npm is missing or cannot reach its registry.
    """
    folder = HERE / "node_modules"
    stamp = folder / ".installed"
    wanted = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return folder
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm, which installs the runtimes for browsers: install Node.js 20")
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
    command = [npm, "ci", *options, "--fetch-retries=1"]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = " ".join(done.stderr.split())[:200]
        pytest.skip(f"npm ci failed in tests/clients/browser, which wants a registry: {reason}")
    stamp.write_text(wanted)
    return folder


def version(package: str) -> str:
    """Returns the version of a package that is installed, as `@litertjs/core`."""
    manifest = node_modules() / package / "package.json"
    return str(json.loads(manifest.read_text(encoding="utf-8"))["version"])
