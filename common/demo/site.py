"""What the demo page consists of: its own files, a panel for each application, the models.

An application takes part by a folder `demo` with a module `panel.js`; nothing here knows which
applications there are. Everything is looked up when it is asked for, so that a bundle that is
trained while the page is open is there after a reload.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.bundle import CONFIG_FILE, TFLITE_ARTEFACTS, artefact_path
from common.errors import UserError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

PANEL, EXAMPLES = "panel.js", "examples"
RUNTIME = "@litertjs"

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tflite": "application/octet-stream",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
}
"""The kinds of files that are served, by suffix, with what a browser calls them."""


@dataclass(frozen=True)
class Site:
    """The files of the page by their URL.

    Attributes:
        bundles: folder with a bundle for each application, `exported` as a rule.
        apps: folder with the applications.
        page: folder with what is common to all panels.
        modules: where npm put the runtime.
    """

    bundles: Path
    apps: Path = ROOT / "apps"
    page: Path = HERE / "page"
    modules: Path = HERE / "node_modules"

    def check(self) -> None:
        """Refuses to serve a page that could run nothing.

        Raises:
            UserError: the runtime is not there, or there is no folder with bundles.
        """
        if not (self.modules / RUNTIME / "core" / "package.json").is_file():
            raise UserError(
                f"{self.modules}: LiteRT.js, which runs the models in a browser, is not there; "
                "make demo gets it with npm"
            )
        if self.bundles.exists() and not self.bundles.is_dir():
            raise UserError(f"{self.bundles}: is a file; give the folder that holds the bundles")

    def applications(self) -> list[str]:
        """Returns the names of all applications that have a panel."""
        return sorted(path.parent.parent.name for path in self.apps.glob(f"*/demo/{PANEL}"))

    def manifest(self) -> dict[str, Any]:
        """Returns what the page is told: its panels, and every file that it may need.

        A panel has `app`, `module`, the URLs of `examples`, the `command` that trains it, the
        `data` it was trained on, and `artefacts` by name, each with `url` and `bytes`. Without a
        bundle there are no artefacts.
        """
        panels = [self._panel(app) for app in self.applications()]
        models = [file["url"] for panel in panels for file in panel["artefacts"].values()]
        return {"panels": panels, "files": ["/", *sorted(self._own()), *models]}

    def file(self, url: str) -> Path | None:
        """Returns the file of a URL's path; None where nothing is served."""
        kind, _, rest = url.removeprefix("/").partition("/")
        if url == "/":
            return self._within(self.page, "index.html")
        if kind == "page":
            return self._within(self.page, rest)
        if kind == "runtime":
            return self._within(self.modules / RUNTIME, rest)
        name, _, rest = rest.partition("/")
        if name not in self.applications():
            return None
        if kind == "apps":
            return self._within(self.apps / name / "demo", rest)
        artefact = rest.removesuffix(".tflite")
        if kind == "models" and rest != artefact and artefact in TFLITE_ARTEFACTS:
            path = artefact_path(self.bundles / name, artefact)
            return path if path.is_file() else None
        return None

    def _panel(self, app: str) -> dict[str, Any]:
        bundle, folder = self.bundles / app, self.apps / app / "demo"
        there = {a: artefact_path(bundle, a) for a in TFLITE_ARTEFACTS}
        out = "" if self.bundles.resolve() == ROOT / "exported" else f" OUT={bundle}"
        return {
            "app": app,
            "module": f"/apps/{app}/{PANEL}",
            "examples": [
                f"/apps/{app}/{EXAMPLES}/{path.name}"
                for path in sorted((folder / EXAMPLES).glob("*"))
            ],
            "command": f"make train-{app}{out}",
            "data": _trained_on(bundle),
            "artefacts": {
                artefact: {
                    "url": f"/models/{app}/{path.name}",
                    "bytes": path.stat().st_size,
                }
                for artefact, path in there.items()
                if path.is_file()
            },
        }

    def _own(self) -> Iterator[str]:
        roots = {"/page": self.page}
        roots |= {f"/apps/{app}": self.apps / app / "demo" for app in self.applications()}
        for url, root in roots.items():
            for path in root.rglob("*"):
                if path.is_file() and path.suffix in TYPES and path.name != "index.html":
                    yield f"{url}/{path.relative_to(root).as_posix()}"

    def _within(self, root: Path, relative: str) -> Path | None:
        path = root / relative
        if path.suffix not in TYPES or not path.is_file():
            return None
        return path if path.resolve().is_relative_to(root.resolve()) else None


def _trained_on(bundle: Path) -> str | None:
    try:
        return str(json.loads((bundle / CONFIG_FILE).read_text(encoding="utf-8"))["data"])
    except (OSError, ValueError, KeyError):
        return None
