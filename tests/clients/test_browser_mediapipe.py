"""The files for phones in MediaPipe Tasks for browsers, as they are, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.agreement import Agreement
from tests.clients.answers import Answer, difference, expected
from tests.clients.browser import HERE
from tests.clients.browser.chromium import Page, chromium_page
from tests.clients.browser.packages import node_modules, version
from tests.clients.browser.server import serving
from tests.clients.conftest import Bundles
from tests.clients.mediapipe_files import ONE_CALL, REFUSED, agree, answer
from tests.clients.spoiling import without_weights

TASKS = {
    "sentiment": ("tasks-text", "TextClassifier"),
    "translation": ("tasks-text", "TextClassifier"),
    "voice": ("tasks-audio", "AudioClassifier"),
}
RATE = 16000
# Where MediaPipe reports its use; the page forbids it, and the browser says so.
REPORTS = r"odml\.pa\.googleapis\.com/v1/log"


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for files that answer wrongly."""
    return tmp_path_factory.mktemp("spoiled")


@pytest.fixture(scope="module")
def page(bundles: Path, inputs_folder: Path, spoiled: Path) -> Iterator[Page]:
    """A page that runs files."""
    folders = {"bundles": bundles, "inputs": inputs_folder, "spoiled": spoiled}
    with (
        serving({"pages": HERE, "modules": node_modules(), **folders}) as site,
        chromium_page(harmless=REPORTS) as page,
    ):
        page.open(f"{site}/pages/mediapipe.html")
        yield page


def client(app: str) -> str:
    """Returns the name of the client in the table."""
    package, task = TASKS[app]
    return f"MediaPipe {version(f'@mediapipe/{package}')} {task}, Chromium"


def url(app: str, artefact: str) -> str:
    """Returns where the page finds a file."""
    return f"/bundles/{app}/tflite/{artefact}.tflite"


def classified(page: Page, trained: Bundles, app: str, file: str) -> list[Answer]:
    """Returns the answers to all inputs."""
    raw = trained.asked(app).raw
    if app == "sentiment":
        return [answer(scores) for scores in page.call("classifyTexts", file, raw)]
    sounds = page.call("classifySounds", file, [f"/inputs/{Path(one).name}" for one in raw], RATE)
    assert all(len(windows) == 1 for windows in sounds)
    return [answer(window) for (window,) in sounds]


@pytest.mark.parametrize(("app", "artefact"), ONE_CALL)
def test_file(page: Page, trained: Bundles, agreement: Agreement, app: str, artefact: str) -> None:
    found = classified(page, trained, app, url(app, artefact))
    agreement.agrees(app, artefact, client(app), agree(trained, app, artefact, found))


@pytest.mark.parametrize(("app", "artefact", "reason"), REFUSED)
def test_other_files_are_refused(
    page: Page, trained: Bundles, agreement: Agreement, app: str, artefact: str, reason: str
) -> None:
    from playwright.sync_api import Error

    assert (trained.path(app) / "tflite" / f"{artefact}.tflite").is_file()
    function = "classifySounds" if app == "voice" else "classifyTexts"
    with pytest.raises(Error, match=reason):
        page.attempt(function, url(app, artefact), [], RATE)
    told = page.taken()
    assert told
    assert all(reason in one for one in told)
    agreement.cannot(app, artefact, client(app), f"'{reason}'")


@pytest.mark.parametrize("app", ["sentiment", "voice"])
def test_a_file_without_weights_is_found_out(
    page: Page, trained: Bundles, spoiled: Path, app: str
) -> None:
    model = (trained.path(app) / "tflite" / "float32.tflite").read_bytes()
    (spoiled / f"{app}.tflite").write_bytes(without_weights(model))
    found = classified(page, trained, app, f"/spoiled/{app}.tflite")
    assert difference(found, expected(trained, app, "float32", "classify")) > 0.1
