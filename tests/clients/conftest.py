"""Bundles for the clients, and the table at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.apps.command import ROOT
from tests.clients.agreement import Agreement, as_markdown, write_table
from tests.clients.asked import Asked, ask

_AGREEMENT = Agreement()
TABLE = Path("exported") / "clients.md"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--bundles", default="exported", help="Folder with a bundle for each application."
    )
    parser.addoption(
        "--no-skips", action="store_true", help="A client that cannot be had is a failure."
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.clients)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):  # type: ignore[no-untyped-def]
    """Turns a skip into a failure where none is admitted."""
    outcome = yield
    report = outcome.get_result()
    strict = item.config.getoption("--no-skips", default=False)
    if strict and report.skipped and item.get_closest_marker("clients"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is not admitted here: {report.longrepr}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _AGREEMENT.verdicts:
        terminalreporter.section("clients")
        terminalreporter.write(as_markdown(_AGREEMENT.verdicts))
        write_table(ROOT / TABLE, _AGREEMENT.verdicts)


@pytest.fixture(scope="session")
def agreement() -> Agreement:
    """Where tests note what a client says."""
    return _AGREEMENT


@pytest.fixture(scope="session")
def bundles(pytestconfig: pytest.Config) -> Path:
    """The folder with a bundle for each application."""
    return (ROOT / pytestconfig.getoption("--bundles")).resolve()


@pytest.fixture(scope="session")
def inputs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files of inputs are written."""
    return tmp_path_factory.mktemp("inputs")


class Bundles:
    """The bundles by application, each with what was asked of it."""

    def __init__(self, folder: Path, inputs: Path) -> None:
        self._folder, self._inputs = folder, inputs

    def path(self, app: str) -> Path:
        """Returns the bundle of an application; the test is skipped where there is none."""
        path = self._folder / app
        if not (path / "metrics.json").is_file():
            pytest.skip(f"no bundle {path}: make train-{app} makes it")
        return path

    def asked(self, app: str, artefact: str = "keras") -> Asked:
        """Returns inputs with the answers of an artefact (by our own tools)."""
        return ask(app, self.path(app), self._inputs, artefact)


@pytest.fixture(scope="session")
def trained(bundles: Path, inputs_folder: Path) -> Bundles:
    """The bundles of all applications."""
    return Bundles(bundles, inputs_folder)
