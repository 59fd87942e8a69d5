"""Every `.tflite` file in LiteRT.js, in Chromium: each of its signatures, by value."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from common.bundle import artefact_path, open_bundle
from common.generation.application import Answer
from common.generation.artefacts import Scorer, open_artefact
from tests.clients.agreement import Agreement
from tests.clients.asked import application
from tests.clients.browser import HERE
from tests.clients.browser.chromium import Page, chromium_page
from tests.clients.browser.packages import node_modules, version
from tests.clients.browser.server import serving
from tests.clients.conftest import Bundles
from tests.clients.spoiling import without_weights

# What computes as the network does that was evaluated; the rest is compared with the same file in
# the interpreter.
EXACT = ("float32", "loop", "step")
INPUTS = {"sentiment": ("ids", "id"), "voice": ("waveform", "hop")}
HOP = 512
SEARCHES = {
    "translation": {"translate": "greedy", "translate_beam": "beam"},
    "captioning": {"caption": "greedy", "caption_beam": "beam", "caption_float": "greedy"},
}
GENERATORS = [
    ("translation", "float32"),
    ("translation", "float16"),
    ("translation", "dynamic"),
    ("captioning", "float32"),
    ("captioning", "float16"),
    ("captioning", "dynamic"),
    ("captioning", "int8"),
]
TOLERANCE = 1e-4
# What goes into a layer is rounded to 8 bits there, and not quite so by every build of the kernels.
ROUGH = {"dynamic": 1e-2}


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


@cache
def client() -> str:
    """Returns the name of the client in the table."""
    return f"LiteRT.js {version('@litertjs/core')} in Chromium"


def compared(found: Any, expected: Any, artefact: str) -> str:
    """Returns what was compared with what, for the table."""
    other = "Keras" if artefact in EXACT else "LiteRT"
    difference = np.max(np.abs(np.subtract(found, expected)))
    return f"scores within {difference:.0e} of {other}'s"


def url(app: str, artefact: str) -> str:
    """Returns where the page finds a file."""
    return f"/bundles/{app}/tflite/{artefact}.tflite"


def addresses(trained: Bundles, app: str) -> list[dict[str, Any]]:
    """Returns the inputs that are files, as the page reads them by itself."""
    kind = {"voice": "wav", "captioning": "png"}[app]
    return [{kind: f"/inputs/{Path(path).name}"} for path in trained.asked(app).raw]


def class_scores(trained: Bundles, app: str, artefact: str) -> list[list[float]]:
    """Returns the scores `(inputs, classes)` that a classifier must give."""
    asked = trained.asked(app, "keras" if artefact in EXACT else artefact)
    labels = open_bundle(trained.path(app), app).labels
    return [[row[label] for label in labels] for row in asked.scores if isinstance(row, dict)]


def texts_as_ids(trained: Bundles) -> list[list[int]]:
    """Returns the texts for the classifier as it reads them."""
    front_end = open_bundle(trained.path("sentiment"), "sentiment").front_end(
        application("sentiment")
    )
    return [front_end.encode(text).tolist() for text in trained.asked("sentiment").raw]


def classified(page: Page, trained: Bundles, app: str, file: str) -> list[list[float]]:
    """Returns the scores of all inputs, one call for each."""
    name, _ = INPUTS[app]
    given = addresses(trained, app) if app == "voice" else texts_as_ids(trained)
    outputs = page.call("run", file, "classify", [{name: one} for one in given])
    return [one["scores"] for one in outputs]


def walked(page: Page, trained: Bundles, app: str, file: str) -> list[list[float]]:
    """Returns the scores of all inputs, one call for each step."""
    _, name = INPUTS[app]
    if app == "voice":
        steps: list[Any] = [{**one, "hop": HOP} for one in addresses(trained, app)]
    else:
        steps = [[[i] for i in ids] for ids in texts_as_ids(trained)]
    found: list[list[float]] = page.call("walk", file, name, steps)
    return found


@pytest.mark.parametrize("app", INPUTS)
@pytest.mark.parametrize("artefact", ["float32", "float16", "dynamic", "int8", "loop"])
def test_classifier(
    page: Page, trained: Bundles, agreement: Agreement, app: str, artefact: str
) -> None:
    expected = class_scores(trained, app, artefact)
    found = classified(page, trained, app, url(app, artefact))
    np.testing.assert_allclose(found, expected, atol=TOLERANCE, rtol=0)
    agreement.agrees(app, artefact, client(), compared(found, expected, artefact))


@pytest.mark.parametrize("app", INPUTS)
@pytest.mark.parametrize("artefact", ["step", "step_int8"])
def test_classifier_step_by_step(
    page: Page, trained: Bundles, agreement: Agreement, app: str, artefact: str
) -> None:
    expected = class_scores(trained, app, artefact)
    found = walked(page, trained, app, url(app, artefact))
    np.testing.assert_allclose(found, expected, atol=TOLERANCE, rtol=0)
    agreement.agrees(app, artefact, client(), compared(found, expected, artefact))


@cache
def scorer(app: str, bundle: Path, artefact: str) -> Scorer:
    """Returns what answers as a file of a generator must, greedily."""
    return open_artefact(application(app), open_bundle(bundle, app), artefact)


@cache
def greedy_answers(app: str, bundle: Path, raw: tuple[str, ...], artefact: str) -> list[Answer]:
    """Returns the answers of an artefact of a generator by greedy search."""
    inputs = [one for _, one in application(app).read_inputs(raw)]
    return scorer(app, bundle, artefact).answer_all(inputs)


def expected_answers(
    trained: Bundles, app: str, artefact: str, search: str = "greedy"
) -> tuple[list[str], list[Any]]:
    """Returns texts and scores that a file of a generator must give."""
    own = "keras" if artefact in EXACT else artefact
    if search == "beam":
        asked = trained.asked(app, own)
        return list(asked.answers), list(asked.scores)
    found = greedy_answers(app, trained.path(app), trained.asked(app).raw, own)
    return [one.text for one in found], [one.score for one in found]


def requests(trained: Bundles, app: str) -> tuple[list[dict[str, Any]], list[int]]:
    """Returns the inputs of a generator's call, and the most tokens of each answer."""
    front_end = scorer(app, trained.path(app), "float32").front_end
    raw = [one for _, one in application(app).read_inputs(trained.asked(app).raw)]
    encoded = [front_end.encode(one) for one in raw]
    limits = [front_end.limit(one) for one in encoded]
    if app == "captioning":
        return [{"image": one} for one in addresses(trained, app)], limits
    return [{"ids": ids.tolist()} for ids in encoded], limits


def text_of(trained: Bundles, app: str, ids: list[int]) -> str:
    """Returns the text of ids."""
    return scorer(app, trained.path(app), "float32").front_end.vocabulary.decode(ids)


@pytest.mark.parametrize(("app", "artefact"), GENERATORS)
def test_generator(
    page: Page, trained: Bundles, agreement: Agreement, app: str, artefact: str
) -> None:
    given, _ = requests(trained, app)
    searches = {"caption": "greedy"} if artefact == "int8" else SEARCHES[app]
    scores, expected_scores = [], []
    for signature, search in searches.items():
        texts, some = expected_answers(trained, app, artefact, search)
        found = page.call("run", url(app, artefact), signature, given)
        assert [text_of(trained, app, one["ids"]) for one in found] == texts, signature
        scores.append([one["score"][0] for one in found])
        expected_scores.append(some)
    tolerance = ROUGH.get(artefact, TOLERANCE)
    np.testing.assert_allclose(scores, expected_scores, atol=tolerance, rtol=0)
    said = f"{', '.join(searches)}: texts equal, {compared(scores, expected_scores, artefact)}"
    agreement.agrees(app, artefact, client(), said)


@pytest.mark.parametrize("app", SEARCHES)
def test_generator_step_by_step(
    page: Page, trained: Bundles, agreement: Agreement, app: str
) -> None:
    given, limits = requests(trained, app)
    expected, _ = expected_answers(trained, app, "step")
    found = page.call("search", url(app, "float32"), given, limits)
    assert [text_of(trained, app, ids) for ids in found] == expected
    said = "encode, step: texts equal to those of Keras"
    agreement.agrees(app, "step", client(), said)


def test_two_threads_give_the_same(address: str, trained: Bundles, agreement: Agreement) -> None:
    with chromium_page() as page:
        page.open(f"{address}?threads=2")
        for app in INPUTS:
            expected = class_scores(trained, app, "float32")
            found = classified(page, trained, app, url(app, "float32"))
            np.testing.assert_allclose(found, expected, atol=TOLERANCE, rtol=0)
            said = compared(found, expected, "float32")
            agreement.agrees(app, "float32", f"{client()}, two threads", said)


@pytest.mark.parametrize("app", [*INPUTS, *SEARCHES])
def test_a_file_without_weights_is_found_out(
    page: Page, trained: Bundles, spoiled: Path, app: str
) -> None:
    """That the tests above would see a difference: the page itself tells of none."""
    model = artefact_path(trained.path(app), "float32").read_bytes()
    (spoiled / f"{app}.tflite").write_bytes(without_weights(model))
    file = f"/spoiled/{app}.tflite"
    if app in INPUTS:
        found = classified(page, trained, app, file)
        assert np.max(np.abs(np.subtract(found, class_scores(trained, app, "float32")))) > 0.1
        return
    given, _ = requests(trained, app)
    (signature, *_) = SEARCHES[app]
    texts = [text_of(trained, app, one["ids"]) for one in page.call("run", file, signature, given)]
    expected, _ = expected_answers(trained, app, "float32")
    assert not {*texts} & {*expected}


@pytest.mark.parametrize(
    ("function", "told"),
    [("console.error", "console: of no avail"), ("fetch", "404: http://.*/of%20no%20avail")],
)
def test_what_goes_wrong_in_the_page_is_an_error(address: str, function: str, told: str) -> None:
    with chromium_page() as page:
        page.open(address)
        with pytest.raises(AssertionError, match=told):
            page.call(function, "of no avail")
