"""What the READMEs of the applications show for browsers and boards, run as it stands there."""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import subprocess
import sys
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from common.bundle import open_bundle
from tests.clients.asked import Asked, application, apps, ask_about
from tests.clients.browser.chromium import Page, chromium_page
from tests.clients.browser.packages import node_modules
from tests.clients.browser.server import serving
from tests.clients.conftest import Bundles
from tests.clients.examples import blocks, blocks_in
from tests.clients.spoiling import without_weights

BOARD = "On a Raspberry Pi"
PAGE = "In the browser"
TASKS = "In the browser, with MediaPipe"
# Files that a page asks for; in the code of the others stands a text.
FILES = {"voice": "clip.wav", "captioning": "picture.png"}
TEXTS = {"sentiment": "not bad at all", "translation": "¿Dónde está la biblioteca?"}
# A score is shown with four digits.
ROUNDED = 0.5e-4
CLOSE = 1e-4 + ROUNDED
# Seconds; how busy the machine is decides no test.
PATIENCE = 600
# Where MediaPipe reports its use; the page forbids it, and the browser says so.
REPORTS = r"odml\.pa\.googleapis\.com/v1/log"


def assert_shown(lines: Sequence[str], asked: Asked, close: float = CLOSE) -> None:
    """Compares lines of an answer and its score with those that were expected."""
    assert len(lines) == len(asked.raw)
    for line, answer, scores in zip(lines, asked.answers, asked.scores, strict=True):
        text, _, score = line.rpartition(" ")
        assert text == answer
        assert re.fullmatch(r"\d\.\d{4}", score)
        expected = max(scores.values()) if isinstance(scores, dict) else scores
        assert abs(float(score) - expected) <= close, line


def some(asked: Asked, count: int) -> Asked:
    """Returns the first of what was asked."""
    return Asked(asked.raw[:count], asked.answers[:count], asked.scores[:count])


def of_the_readme(app: str, trained: Bundles) -> Asked:
    """Returns what the README asks and what Keras answers, where the README has the input."""
    return ask_about(app, trained.path(app), (TEXTS[app],))


def put(app: str, trained: Bundles, folder: Path, spoiled: bool = False) -> None:
    """Puts the files of a bundle where the README wants them."""
    for path in (trained.path(app) / "tflite").glob("*.tflite"):
        content = path.read_bytes()
        (folder / path.name).write_bytes(without_weights(content) if spoiled else content)


# ------------------------------------------------------------------------ boards


def printed(app: str, folder: Path, given: Sequence[str]) -> list[str]:
    """Runs the script in a process that knows nothing of the project; returns what it prints."""
    (folder / "script.py").write_text(blocks(app, BOARD)["python"], encoding="utf-8")
    command = [sys.executable, "-I", "script.py", *given]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("app", apps())
def test_the_script_for_a_board_answers_as_keras(
    app: str, trained: Bundles, tmp_path: Path
) -> None:
    put(app, trained, tmp_path)
    asked = trained.asked(app)
    assert_shown(printed(app, tmp_path, asked.raw), asked)


@pytest.mark.parametrize("app", apps())
def test_the_script_for_a_board_with_a_spoiled_file_answers_otherwise(
    app: str, trained: Bundles, tmp_path: Path
) -> None:
    put(app, trained, tmp_path, spoiled=True)
    asked = trained.asked(app)
    with pytest.raises(AssertionError):
        assert_shown(printed(app, tmp_path, asked.raw), asked)


@pytest.mark.parametrize("app", apps())
def test_the_script_for_a_board_needs_what_is_installed_before(app: str) -> None:
    found = blocks(app, BOARD)
    installed = {"pillow": "PIL"}
    _, install, run = found["sh"].splitlines()
    wanted = {
        installed.get(n, n.replace("-", "_")) for n in install.partition("install ")[2].split()
    }
    tree = ast.parse(found["python"])
    imported = {
        alias.name for one in ast.walk(tree) if isinstance(one, ast.Import) for alias in one.names
    }
    imported |= {str(one.module) for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    assert {n.partition(".")[0] for n in imported} - {*sys.stdlib_module_names} == wanted
    assert shlex.split(run)[2:] == [FILES.get(app) or TEXTS[app]]


@pytest.mark.parametrize("app", sorted(TEXTS))
def test_the_script_for_a_board_prints_what_the_readme_says(
    app: str, trained: Bundles, tmp_path: Path
) -> None:
    put(app, trained, tmp_path)
    lines = printed(app, tmp_path, [TEXTS[app]])
    assert_shown(lines, of_the_readme(app, trained))
    (line,) = lines
    assert line.rpartition(" ")[0] == blocks(app, BOARD)["text"].rpartition(" ")[0]


def test_the_script_for_a_board_refuses_a_long_text(trained: Bundles, tmp_path: Path) -> None:
    put("translation", trained, tmp_path)
    with pytest.raises(AssertionError, match="120 pieces of words, and one call reads 64"):
        printed("translation", tmp_path, ["el perro " * 60])


@pytest.fixture(scope="module")
def long_clip(trained: Bundles, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """A clip of several windows, and the answer to it."""
    path = tmp_path_factory.mktemp("long") / "clip.wav"
    with wave.open(str(path), "wb") as file:
        for i, name in enumerate(trained.asked("voice").raw):
            with wave.open(name) as clip:
                if not i:
                    file.setparams(clip.getparams())
                file.writeframes(clip.readframes(clip.getnframes()) + bytes(2 * 3000))
    asked = ask_about("voice", trained.path("voice"), (str(path),))
    with wave.open(str(path)) as file:
        assert file.getnframes() > 3 * 48_128
    return asked


def test_the_script_for_a_board_hears_a_long_clip(
    trained: Bundles, tmp_path: Path, long_clip: Asked
) -> None:
    put("voice", trained, tmp_path)
    assert_shown(printed("voice", tmp_path, long_clip.raw), long_clip)


# ------------------------------------------------------------------------ browsers


class Site:
    """A folder with a page, as the README says to make it.

    Args:
        page: of the browser.
        folder: of the site.
        address: of the folder.
    """

    def __init__(self, page: Page, folder: Path, address: str) -> None:
        self._page, self.folder, self._address = page, folder, address

    def make(self, app: str, title: str, trained: Bundles, spoiled: bool = False) -> None:
        """Makes the page of a section."""
        self.app, self._found = app, blocks(app, title)
        put(app, trained, self.folder, spoiled)
        for path in trained.path(app).glob("*.txt"):
            shutil.copy(path, self.folder)
        (self.folder / "index.html").write_text(self._found["html"], encoding="utf-8")

    def shown(self, given: str) -> str:
        """Returns what the page shows.

        Args:
            given: a text, or the path of the file.
        """
        code = self._found["js"]
        if self.app in FILES:
            shutil.copy(given, self.folder / FILES[self.app])
        else:
            assert code.count(f"'{TEXTS[self.app]}'") == 1
            code = code.replace(f"'{TEXTS[self.app]}'", json.dumps(given))
        (self.folder / "page.js").write_text(code, encoding="utf-8")
        self._page.page.goto(f"{self._address}/index.html")
        try:
            self._page.page.wait_for_function("document.body.innerText.trim() !== ''")
        except Exception as error:
            raise AssertionError(f"the page shows nothing: {self._page.taken()}") from error
        self._page.check()
        return str(self._page.page.inner_text("body")).strip()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A folder on a server, and a browser."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "node_modules").symlink_to(node_modules())
    icon = folder / "favicon.ico"  # which a browser wants of every site
    icon.touch()
    folders = {"site": folder, icon.name: icon}
    with serving(folders) as address, chromium_page(harmless=REPORTS) as page:
        yield Site(page, folder, f"{address}/site")


@pytest.mark.parametrize("app", apps())
def test_the_page_answers_as_keras(app: str, trained: Bundles, site: Site) -> None:
    site.make(app, PAGE, trained)
    asked = some(trained.asked(app), 4)
    assert_shown([site.shown(one) for one in asked.raw], asked)


@pytest.mark.parametrize("app", apps())
def test_the_page_with_a_spoiled_file_answers_otherwise(
    app: str, trained: Bundles, site: Site
) -> None:
    site.make(app, PAGE, trained, spoiled=True)
    asked = some(trained.asked(app), 1)
    with pytest.raises(AssertionError):
        assert_shown([site.shown(one) for one in asked.raw], asked)


@pytest.mark.parametrize("app", sorted(TEXTS))
def test_the_page_shows_what_the_readme_says(app: str, trained: Bundles, site: Site) -> None:
    site.make(app, PAGE, trained)
    line = site.shown(TEXTS[app])
    assert_shown([line], of_the_readme(app, trained))
    assert line.rpartition(" ")[0] == blocks(app, PAGE)["text"].rpartition(" ")[0]


def test_the_page_hears_a_long_clip(trained: Bundles, site: Site, long_clip: Asked) -> None:
    site.make("voice", PAGE, trained)
    assert_shown([site.shown(long_clip.raw[0])], long_clip)


@pytest.mark.parametrize("app", ["sentiment", "voice"])
def test_the_page_with_mediapipe_answers_as_the_file(
    app: str, trained: Bundles, site: Site
) -> None:
    site.make(app, TASKS, trained)
    asked = some(trained.asked(app, "int8"), 4)
    lines = [site.shown(one) for one in asked.raw]
    assert_shown(lines, asked, ROUNDED + 1e-5)
    with pytest.raises(AssertionError):
        assert_shown(lines[::-1], asked, ROUNDED + 1e-5)


# ------------------------------------------------------------------------ model cards


def card(app: str, bundle: Path) -> list[tuple[str, str]]:
    """Returns the blocks of a model card, as it is written now, each with its language."""
    opened, chosen = open_bundle(bundle, app), application(app)
    if opened.labels:
        text = chosen.usage(opened.labels, opened.front_end(chosen))
    else:
        text = chosen.usage(chosen.load_front_end(opened.front_end_files()))
    return blocks_in(text)


@pytest.mark.parametrize("app", apps())
def test_the_model_card_has_the_code_that_was_run(app: str, trained: Bundles) -> None:
    found = card(app, trained.path(app))
    page = blocks(app, TASKS if app in ("sentiment", "voice") else PAGE)["js"]
    assert all(code in page for language, code in found if language == "js")
    kotlin = [code for language, code in found if language == "kotlin"]
    assert kotlin in ([], [blocks(app, "On Android")["kotlin"]])
    (server,) = (code for _, code in found if "curl" in code)
    request = "".join(re.findall(r"^(?!docker run).*\n", server, re.MULTILINE))
    assert request == blocks(app, "Behind TF Serving")["sh"]
    languages = {language for language, _ in found}
    assert app == "translation" or languages >= {"js", "kotlin"}
