"""The demo page: what a visitor sees is what Keras answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest

from common.demo.server import DemoServer
from tests.clients.agreement import Agreement
from tests.clients.asked import Asked
from tests.clients.browser.chromium import Page
from tests.clients.conftest import Bundles
from tests.clients.demo_page import Visit, client, serving, visiting
from tests.clients.spoiling import without_weights

# The page shows tenths of a per cent.
SHOWN = 0.00051
SMALLER = {"captioning": "int8", "sentiment": "int8", "translation": "dynamic", "voice": "int8"}
REFERENCE = {"float32": "keras"}


@pytest.fixture(scope="module")
def visit(bundles: Path) -> Iterator[Visit]:
    with visiting(bundles) as visit:
        yield visit


@pytest.fixture(params=["float32", "smaller"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _asked(trained: Bundles, app: str, artefact: str) -> Asked:
    return trained.asked(app, REFERENCE.get(artefact, artefact))


def _artefact(app: str, form: str) -> str:
    return SMALLER[app] if form == "smaller" else form


def _ask(visit: Visit, app: str, raw: str) -> str:
    """Asks a panel as a visitor does; returns its answer."""
    if app == "sentiment":
        visit.read("")
        assert visit.answer(app) == ""
        visit.read(raw)
    elif app == "translation":
        visit.translate(raw)
    else:
        visit.give(app, raw)
    return visit.answer(app)


@contextmanager
def _another(visit: Visit, server: DemoServer) -> Iterator[Visit]:
    """Opens the page of another server in the same browser, which keeps nothing of the first."""
    context = visit.page.context.browser.new_context()
    other = Visit(Page(context.new_page()), server)
    other.open()
    try:
        yield other
    finally:
        context.close()


@pytest.mark.parametrize("app", ["sentiment", "voice"])
def test_a_classifier_answers_as_predict_does(
    visit: Visit, trained: Bundles, agreement: Agreement, app: str, form: str
) -> None:
    artefact = _artefact(app, form)
    asked = _asked(trained, app, artefact)
    visit.choose(app, artefact)
    for raw, answer, scores in zip(asked.raw, asked.answers, asked.scores, strict=True):
        assert isinstance(scores, dict)
        assert _ask(visit, app, raw) == answer
        assert visit.file(app) == f"{artefact}.tflite"
        np.testing.assert_allclose(visit.scores(app), [*scores.values()], rtol=0, atol=SHOWN)
    visit.check()
    agreement.agrees(app, artefact, client(), f"{len(asked.raw)} answers, scores as shown")


@pytest.mark.parametrize("app", ["captioning", "translation"])
def test_a_generator_answers_as_predict_does(
    visit: Visit, trained: Bundles, agreement: Agreement, app: str, form: str
) -> None:
    artefact = _artefact(app, form)
    # Beam search, as predict has it where a file can do it.
    asked = _asked(trained, app, artefact)
    visit.choose(app, artefact)
    for raw, answer, score in zip(asked.raw, asked.answers, asked.scores, strict=True):
        assert isinstance(score, float)
        assert _ask(visit, app, raw) == answer
        assert visit.file(app) == f"{artefact}.tflite"
        assert visit.score(app) == pytest.approx(score, abs=0.002)
    visit.check()
    agreement.agrees(app, artefact, client(), f"{len(asked.raw)} texts equal")


def test_the_answers_of_other_inputs_are_others(visit: Visit, trained: Bundles) -> None:
    visit.choose("translation", "float32")
    asked = trained.asked("translation", "float32")
    assert _ask(visit, "translation", asked.raw[0]) != asked.answers[1]


def test_a_spoiled_file_is_found_different(
    trained: Bundles, bundles: Path, tmp_path: Path, visit: Visit
) -> None:
    shutil.copytree(bundles / "sentiment", tmp_path / "sentiment")
    path = tmp_path / "sentiment/tflite/float32.tflite"
    path.write_bytes(without_weights(path.read_bytes()))
    asked = _asked(trained, "sentiment", "float32")
    with serving(tmp_path) as server, _another(visit, server) as spoiled:
        spoiled.read(asked.raw[0])
        assert isinstance(asked.scores[0], dict)
        difference = np.abs(np.subtract(spoiled.scores("sentiment"), [*asked.scores[0].values()]))
        assert difference.max() > 10 * SHOWN


def test_what_a_file_shows_besides_its_answer(visit: Visit, trained: Bundles) -> None:
    visit.choose("translation", "float32")
    visit.translate("La mujer come.\nEl hombre bebe.")
    heads = visit.find("translation", ".matrix thead th").all_inner_texts()
    assert heads == "La mujer come. El hombre bebe.".split()
    rows = visit.find("translation", ".matrix tbody th").all_inner_texts()
    assert rows == visit.answer("translation").split()
    cells = visit.find("translation", ".matrix tbody td").all_inner_texts()
    shares = np.array([float(cell.removesuffix("%")) for cell in cells]).reshape(len(rows), -1)
    np.testing.assert_allclose(shares.sum(axis=1), 100, atol=1)

    visit.choose("captioning", "float32")
    visit.give("captioning", trained.asked("captioning", "float32").raw[0])
    words = visit.find("captioning", ".word")
    assert words.all_inner_texts() == visit.answer("captioning").split()
    words.nth(1).click()
    assert words.nth(1).get_attribute("aria-pressed") == "true"
    words.nth(1).click()
    assert words.nth(1).get_attribute("aria-pressed") == "false"
    visit.choose("captioning", "int8")
    assert words.count() == 0
    assert "does not tell" in visit.find("captioning", ".score").inner_text()
    visit.check()


def test_a_switch_answers_again(visit: Visit) -> None:
    visit.choose("sentiment", "float32")
    visit.read("I expected to hate it. I was wrong.")
    before = visit.scores("sentiment")
    visit.choose("sentiment", "int8")
    assert visit.file("sentiment") == "int8.tflite"
    assert visit.answer("sentiment")
    assert visit.scores("sentiment") != before
    assert "ms" in visit.find("sentiment", ".file").inner_text()


def test_remarks(visit: Visit) -> None:
    visit.read("zyxwv qwrtz")
    assert visit.message("sentiment") == "No word of it is known, so the score means nothing."
    visit.read("word " * 200)
    assert visit.message("sentiment") == "The first 64 of 200 words were read."
    visit.translate("Un zyxwv☕ rojo.")
    assert "☕" in visit.message("translation")
    visit.translate("")
    assert visit.answer("translation") == ""
    assert visit.message("translation") == ""
    visit.check()


def test_a_text_that_is_too_long_for_one_call(visit: Visit, trained: Bundles) -> None:
    from tests.apps.command import rows, run_command
    from tests.clients.asked import application

    text = "La mujer come una manzana, y el niño no canta; el perro está aquí. " * 8
    bundle = trained.path("translation")
    result = run_command(
        application("translation"), "predict", "--bundle", bundle, "--json", "--", text
    )
    (row,) = rows(result.stdout)
    visit.choose("translation", "float32")
    visit.translate(text)
    assert visit.answer("translation") == row["answer"]
    assert visit.score("translation") == pytest.approx(row["score"], abs=0.002)
    assert visit.find("translation", ".matrix").count() > 1
    visit.check()


@pytest.mark.parametrize(
    ("app", "said"), [("captioning", "is no picture that"), ("voice", "is no sound that")]
)
def test_a_file_of_another_kind(
    visit: Visit, trained: Bundles, app: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no picture and no sound")
    visit.give(app, path)
    assert visit.message(app).startswith(f"notes.txt {said}")
    visit.give(app, trained.asked(app, "float32").raw[0])
    assert visit.message(app) == ""
    visit.check()


def test_a_file_can_be_dropped(visit: Visit, trained: Bundles) -> None:
    asked = trained.asked("captioning", "float32")
    visit.choose("captioning", "float32")
    visit.call(
        """(bytes) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], 'picture.png'));
          const given = {dataTransfer: transfer, bubbles: true, cancelable: true};
          document.querySelector('#captioning .body').dispatchEvent(new DragEvent('drop', given));
        }""",
        Path(asked.raw[1]).read_bytes(),
    )
    assert visit.answer("captioning") == asked.answers[1]


def test_examples_are_answered(visit: Visit) -> None:
    for app, selector in (
        ("captioning", ".thumbnail"),
        ("sentiment", ".example"),
        ("translation", ".example"),
        ("voice", ".example"),
    ):
        examples = visit.find(app, selector)
        assert examples.count() >= 2
        for i in range(examples.count()):
            examples.nth(i).click()
            assert visit.answer(app)
            assert visit.message(app) == ""
    visit.check()


def test_the_page_by_keys_alone(visit: Visit, trained: Bundles) -> None:
    page = visit.page
    visit.choose("translation", "float32")
    page.evaluate("document.activeElement.blur()")
    wanted = {
        "captioning": ["input[type=file]", "text=Use the camera", ".thumbnail >> nth=0"],
        "sentiment": ["textarea", ".example >> nth=0"],
        "translation": ["textarea", ".primary", ".forms :checked"],
        "voice": ["text=Listen", "input[type=file]", ".forms :checked"],
    }
    left = set()
    for app, some in wanted.items():
        for one in some:
            left.add(f"{app} {one}")
            visit.find(app, one).evaluate("(one, name) => (one.dataset.one = name)", f"{app} {one}")
    for _ in range(80):
        page.keyboard.press("Tab")
        left.discard(page.evaluate("document.activeElement.dataset.one ?? ''"))
        if not left:
            break
    assert not left
    asked = trained.asked("translation", "float32")
    page.focus("#translation-text")
    page.keyboard.press("Control+A")
    page.keyboard.type(asked.raw[1])
    page.keyboard.press("Enter")
    assert visit.answer("translation") == asked.answers[1]
    visit.find("sentiment", ".forms :checked").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    visit.settled("sentiment")
    assert _is_focused(visit, "sentiment", ".forms :checked")


def _is_focused(visit: Visit, app: str, selector: str) -> bool:
    return bool(visit.find(app, selector).evaluate("one => one === document.activeElement"))


def test_everything_is_labelled(visit: Visit) -> None:
    nameless = visit.call(
        """() => {
          const named = (one) => one.labels?.length || one.textContent.trim()
            || one.getAttribute('aria-label') || one.querySelector('img[alt]');
          return [...document.querySelectorAll('button, input, textarea, audio, video, section')]
            .filter((one) => !named(one)).map((one) => one.outerHTML);
        }"""
    )
    assert nameless == []
    for app in SMALLER:
        assert visit.find(app, "[role=status]").count() >= 1


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_the_width(visit: Visit, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 800})
    visit.translate("Carmen lo estaba arreglando deprisa en casa con su primo.")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    visit.page.set_viewport_size({"width": 1280, "height": 800})


def test_without_a_bundle_the_page_says_what_makes_one(
    visit: Visit, bundles: Path, tmp_path: Path
) -> None:
    (tmp_path / "voice").symlink_to(bundles / "voice")
    with serving(tmp_path) as server, _another(visit, server) as other:
        command = f"make train-sentiment OUT={tmp_path / 'sentiment'}"
        assert command in other.find("sentiment", ".empty").inner_text()
        assert other.find("sentiment", "footer").count() == 0
        assert other.find("voice", ".primary").is_visible()
        other.check()


def test_the_page_works_without_its_server(visit: Visit, bundles: Path, trained: Bundles) -> None:
    with ExitStack() as open_pages:
        with serving(bundles) as server:
            alone = open_pages.enter_context(_another(visit, server))
        alone.open_again()
        for app, artefact in SMALLER.items():
            asked = _asked(trained, app, artefact)
            alone.choose(app, artefact)
            assert _ask(alone, app, asked.raw[0]) == asked.answers[0]
