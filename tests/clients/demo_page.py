"""The demo page in Chromium, used as a visitor uses it."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from common.demo.server import DemoServer
from common.demo.site import Site
from tests.apps.command import ROOT
from tests.clients.browser.chromium import Page, chromium_page

READY = "Ready, also without a network"
_MINUTE_MS = 60_000
_RUNTIME = "common/demo/node_modules/.installed"
_AS_JSON = """async (call, text) => {
  const given = JSON.parse(text).map((one) => one?.bytes === undefined
    ? one : Uint8Array.from(atob(one.bytes), (byte) => byte.charCodeAt(0)));
  return JSON.stringify(await call(...given)) ?? null;
}"""


def client() -> str:
    """Returns the name of the client in the table."""
    manifest = ROOT / "common/demo/node_modules/@litertjs/core/package.json"
    return f"demo page, LiteRT.js {json.loads(manifest.read_text())['version']} in Chromium"


@contextmanager
def serving(bundles: Path) -> Iterator[DemoServer]:
    """Serves the page with some bundles; the test is skipped where npm cannot get the runtime."""
    made = subprocess.run(
        ["make", "--no-print-directory", _RUNTIME],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"no LiteRT.js for the demo page: {' '.join(made.stderr.split())[:200]}")
    with DemoServer(Site(bundles)) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class Visit:
    """The page, open.

    Args:
        page: that the page is opened in.
        server: of the page.
    """

    def __init__(self, page: Page, server: DemoServer) -> None:
        self.guarded, self.page = page, page.page
        self.address = f"http://127.0.0.1:{server.server_address[1]}/"

    def open(self) -> None:
        """Opens the page and waits until everything is there."""
        self.page.goto(self.address)
        self._expect("#state").to_have_text(READY, timeout=_MINUTE_MS)
        self.check()

    def open_again(self) -> None:
        """Opens the page once more, whether its server is still there or not."""
        self.page.reload()
        self._expect("#state").to_have_text(READY, timeout=_MINUTE_MS)

    def check(self) -> None:
        """Raises an AssertionError if something went wrong in the page since the last look."""
        self.guarded.check()

    def find(self, app: str, selector: str) -> Any:
        """Returns an element of a panel."""
        return self.page.locator(f"#{app}").locator(selector)

    def settled(self, app: str) -> None:
        """Waits until a panel has nothing to do any more."""
        self._expect(f"#{app}").to_have_attribute("aria-busy", "false", timeout=_MINUTE_MS)

    def answer(self, app: str) -> str:
        """Returns the answer of a panel."""
        self.settled(app)
        return str(self.find(app, ".answer").inner_text())

    def message(self, app: str) -> str:
        """Returns what a panel says besides."""
        self.settled(app)
        return str(self.find(app, ".message").inner_text())

    def score(self, app: str) -> float:
        """Returns the score that a panel of a generator shows, from 0 to 1."""
        self.settled(app)
        return _share(self.find(app, ".score").inner_text().removeprefix("score ").split()[0])

    def scores(self, app: str) -> list[float]:
        """Returns the score of each class that a panel shows, from 0 to 1."""
        self.settled(app)
        return [_share(text) for text in self.find(app, ".bars .value").all_inner_texts()]

    def file(self, app: str) -> str:
        """Returns which file a panel says that it runs."""
        return str(self.find(app, ".file code").inner_text())

    def choose(self, app: str, form: str) -> None:
        """Switches a panel to a form of its file."""
        self.find(app, f".forms input[value={form}]").check(force=True)
        self.settled(app)

    def read(self, text: str) -> None:
        """Types a text into the panel for sentiment."""
        self.page.fill("#sentiment-text", text)
        self.settled("sentiment")

    def translate(self, text: str) -> None:
        """Has a text translated."""
        self.page.fill("#translation-text", text)
        self.find("translation", ".primary").click()
        self.settled("translation")

    def give(self, app: str, *files: Any) -> None:
        """Chooses a file in a panel."""
        self.find(app, "input[type=file]").set_input_files(list(files))
        self.settled(app)

    def call(self, function: str, *given: Any) -> Any:
        """Calls a function, written as JavaScript, in the page; it may import modules.

        Values go there and back as JSON, which keeps half characters; bytes become a Uint8Array.
        """
        arguments = [
            {"bytes": base64.b64encode(one).decode()} if isinstance(one, bytes) else one
            for one in given
        ]
        found = self.page.evaluate(
            f"given => ({_AS_JSON})({function}, given)", json.dumps(arguments)
        )
        return None if found is None else json.loads(found)

    def _expect(self, selector: str) -> Any:
        from playwright.sync_api import expect

        return expect(self.page.locator(selector))


def _share(text: str) -> float:
    return float(text.removesuffix("%")) / 100


@contextmanager
def visiting(bundles: Path, *options: str) -> Iterator[Visit]:
    """Serves the page with some bundles and opens it.

    Args:
        bundles: folder with a bundle for each application.
        options: of Chromium.
    """
    with serving(bundles) as server, chromium_page(*options) as page:
        visit = Visit(page, server)
        visit.open()
        yield visit
