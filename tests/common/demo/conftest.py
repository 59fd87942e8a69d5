"""A small site: two applications with a panel, one of them with a bundle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from common.demo.site import Site


def written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes files into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.fixture
def site(tmp_path: Path) -> Site:
    apps: dict[str, str | bytes] = {
        "birds/demo/panel.js": "export const title = 'Birds';",
        "birds/demo/examples/b.wav": b"RIFF",
        "birds/demo/examples/a.wav": b"RIFF",
        "birds/application.py": "SECRET = 1",
        "fish/demo/panel.js": "",
        "whales/application.py": "",
    }
    bundles: dict[str, str | bytes] = {
        "birds/config.json": json.dumps({"data": "builtin"}),
        "birds/tflite/float32.tflite": b"model",
        "birds/tflite/step.tflite": b"step",
        "birds/tflite/other.tflite": b"no artefact",
        "birds/model.keras": b"keras",
    }
    page = {"index.html": '<script type="importmap">{}</script>', "a.js": "a", "worker.js": "w"}
    modules = {"@litertjs/core/package.json": "{}", "@litertjs/core/dist/index.js": "r"}
    return Site(
        written(tmp_path / "bundles", bundles),
        written(tmp_path / "apps", apps),
        written(tmp_path / "page", page),
        written(tmp_path / "modules", modules),
    )
