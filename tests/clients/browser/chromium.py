"""A page in headless Chromium, and everything that goes wrong in it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name is looked up: what a page wants from elsewhere fails, here as without a network.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
# Runtimes in WebAssembly say everything on their standard error, which is the console's.
_HARMLESS = r"console: (INFO|WARNING|[IW]\d{4})\b"
_MINUTE_MS = 60_000
_RUNNING: list[Any] = []


class Page:
    """A page whose errors are errors of the test.

    Args:
        page: of Playwright.
        harmless: pattern of what may go wrong.
    """

    def __init__(self, page: Any, harmless: str = "") -> None:
        self.page = page
        self.problems: list[str] = []
        self._harmless = re.compile("|".join(filter(None, (_HARMLESS, harmless))))
        page.set_default_timeout(_MINUTE_MS)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._note(f"page error: {error}"))
        page.on("requestfailed", lambda one: self._note(f"request failed: {one.url}"))
        page.on("response", self._on_response)

    def open(self, url: str) -> None:
        """Opens an address and waits until the page says `window.ready`."""
        self.page.goto(url)
        try:
            self.page.wait_for_function("window.ready === true")
        except Exception as error:
            raise AssertionError(f"{url} is not ready: {self.problems}") from error
        self.check()

    def call(self, function: str, *arguments: Any) -> Any:
        """Calls a function of the page and returns what it returns, as JSON has it.

        Raises:
            AssertionError: something went wrong in the page, if only by its console.
        """
        answer = self.attempt(function, *arguments)
        self.check()
        return answer

    def attempt(self, function: str, *arguments: Any) -> Any:
        """Does as `call` but looks at nothing; what went wrong is in `problems`.

        Raises:
            playwright.sync_api.Error: the function raised an error.
        """
        return self.page.evaluate(f"given => {function}(...given)", list(arguments))

    def check(self) -> None:
        """Raises an AssertionError if something went wrong since the last look."""
        problems = self.taken()
        assert not problems, f"in the page: {'; '.join(problems)}"

    def taken(self) -> list[str]:
        """Returns what went wrong since the last look."""
        problems, self.problems = self.problems, []
        return problems

    def _note(self, problem: str) -> None:
        if not self._harmless.search(problem):
            self.problems.append(problem)

    def _on_console(self, message: Any) -> None:
        if message.type == "error":
            self._note(f"console: {message.text}")

    def _on_response(self, response: Any) -> None:
        if response.status >= 400:
            self._note(f"{response.status}: {response.url}")


def executable() -> str:
    """Returns the path of Chromium; the test is skipped where there is none."""
    named = os.environ.get("CHROMIUM")
    names = (named,) if named else ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no {names[0]}: install the package chromium, or name it in CHROMIUM")
    return found


@contextmanager
def _playwright() -> Iterator[Any]:
    """Gives Playwright, of which a process has one at a time."""
    if _RUNNING:
        yield _RUNNING[0]
        return
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="no playwright: pip install -r requirements-clients.txt"
    )
    with sync_api.sync_playwright() as playwright:
        _RUNNING.append(playwright)
        try:
            yield playwright
        finally:
            _RUNNING.clear()


@contextmanager
def chromium_page(*options: str, harmless: str = "") -> Iterator[Page]:
    """Starts Chromium with an empty profile and gives a page of it; needs `playwright`.

    Args:
        options: of Chromium, besides those that keep it from the network.
        harmless: pattern of what may go wrong in the page.
    """
    path = executable()
    with _playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*_OPTIONS, *options])
        try:
            yield Page(browser.new_page(), harmless)
        finally:
            browser.close()
