"""LiteRT.js in Chromium, driven as the model cards say: every file, every signature, by value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.agreement import Agreement
from tests.clients.answers import AS_KERAS, Answer, difference, expected
from tests.clients.asked import apps
from tests.clients.browser import HERE
from tests.clients.browser.chromium import Page, chromium_page
from tests.clients.browser.litert import answers
from tests.clients.browser.packages import node_modules, version
from tests.clients.browser.server import serving
from tests.clients.conftest import Bundles
from tests.clients.spoiling import without_weights

FILES = [
    *[
        (app, artefact)
        for app in ("sentiment", "voice")
        for artefact in ("float32", "float16", "dynamic", "int8", "loop", "step", "step_int8")
    ],
    *[("translation", artefact) for artefact in ("float32", "float16", "dynamic")],
    *[("captioning", artefact) for artefact in ("float32", "float16", "dynamic", "int8")],
]
TOLERANCE = 1e-4
# What goes into a layer is rounded to 8 bits there, and not quite so by every build of the kernels;
# a generator takes many steps, in which that adds up.
ROUGH = {("translation", "dynamic"): 1e-2, ("captioning", "dynamic"): 1e-2}


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for files that answer wrongly."""
    return tmp_path_factory.mktemp("spoiled")


@pytest.fixture(scope="module")
def address(bundles: Path, inputs_folder: Path, spoiled: Path) -> Iterator[str]:
    """Where the page is."""
    folders = {"bundles": bundles, "inputs": inputs_folder, "spoiled": spoiled}
    with serving({"pages": HERE, "modules": node_modules(), **folders}) as site:
        yield f"{site}/pages/litert.html"


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Page]:
    """A page that runs files."""
    with chromium_page() as page:
        page.open(address)
        yield page


def client() -> str:
    """Returns the name of the client in the table."""
    return f"LiteRT.js {version('@litertjs/core')}, Chromium"


def asked(page: Page, trained: Bundles, app: str, artefact: str) -> dict[str, list[Answer]]:
    """Returns the answers of a file, by signature."""
    path = trained.path(app) / "tflite" / f"{artefact}.tflite"
    url = f"/bundles/{app}/tflite/{path.name}"
    return answers(page, app, path, url, trained.asked(app).raw)


def agree(trained: Bundles, app: str, artefact: str, found: dict[str, list[Answer]]) -> str:
    """Checks the answers of a file; returns what was found, for the table."""
    allowed = ROUGH.get((app, artefact), TOLERANCE)
    apart = {
        signature: difference(some, expected(trained, app, artefact, signature))
        for signature, some in found.items()
    }
    assert max(apart.values()) <= allowed, apart
    other = "Keras" if artefact in AS_KERAS else "LiteRT"
    count = len(trained.asked(app).raw)
    return f"{count} inputs, {', '.join(sorted(found))}: {max(apart.values()):.0e} from {other}"


@pytest.mark.parametrize(("app", "artefact"), FILES)
def test_file(page: Page, trained: Bundles, agreement: Agreement, app: str, artefact: str) -> None:
    said = agree(trained, app, artefact, asked(page, trained, app, artefact))
    agreement.agrees(app, artefact, client(), said)


def test_no_file_is_left_out(trained: Bundles) -> None:
    for app in apps():
        there = {path.stem for path in (trained.path(app) / "tflite").glob("*.tflite")}
        assert there == {artefact for name, artefact in FILES if name == app}


def test_two_threads_give_the_same(address: str, trained: Bundles, agreement: Agreement) -> None:
    with chromium_page() as page:
        page.open(f"{address}?threads=2")
        for app in apps():
            said = agree(trained, app, "float32", asked(page, trained, app, "float32"))
            agreement.agrees(app, "float32", f"{client()}, two threads", said)


@pytest.mark.parametrize("app", apps())
def test_a_file_without_weights_is_found_out(
    page: Page, trained: Bundles, spoiled: Path, app: str
) -> None:
    """That the tests above would see a difference: the page itself tells of none."""
    whole = trained.path(app) / "tflite" / "float32.tflite"
    (spoiled / f"{app}.tflite").write_bytes(without_weights(whole.read_bytes()))
    found = answers(page, app, whole, f"/spoiled/{app}.tflite", trained.asked(app).raw)
    for signature, some in found.items():
        assert difference(some, expected(trained, app, "float32", signature)) > 0.1


@pytest.mark.parametrize(
    ("function", "told"),
    [("console.error", "console: of no avail"), ("fetch", "404: http://.*/of%20no%20avail")],
)
def test_what_goes_wrong_in_the_page_is_an_error(address: str, function: str, told: str) -> None:
    with chromium_page() as page:
        page.open(address)
        with pytest.raises(AssertionError, match=told):
            page.call(function, "of no avail")
