"""Microphone and camera on the demo page: from files, refused, not there."""

from __future__ import annotations

from pathlib import Path

from tests.clients.agreement import Agreement
from tests.clients.asked import Asked
from tests.clients.conftest import Bundles
from tests.clients.demo_page import Visit, client, visiting

_FAKE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
_STEPS = {"float32": "step", "int8": "step_int8"}


def _clearest(asked: Asked, label: str) -> str:
    """Returns the clip that has most certainly this class."""
    clips = zip(asked.scores, asked.raw, strict=True)
    return max((one[label], raw) for one, raw in clips if isinstance(one, dict))[1]


def _live(visit: Visit, label: str) -> None:
    """Listens until the answer is a class, and a moment longer."""
    from playwright.sync_api import expect

    button = visit.find("voice", ".record")
    button.click()
    visit.settled("voice")
    assert visit.message("voice") == ""
    assert button.inner_text() == "Stop"
    expect(visit.find("voice", ".answer")).to_have_text(label, timeout=30_000)
    visit.page.wait_for_timeout(2000)
    button.click()
    visit.settled("voice")
    assert button.inner_text() == "Listen"


def test_live_sounds_have_the_classes_of_their_files(
    bundles: Path, trained: Bundles, agreement: Agreement
) -> None:
    asked = trained.asked("voice", "float32")
    labels = sorted(set(asked.answers))
    assert len(labels) == 2  # each is the other's control
    for label in labels:
        # Played again and again.
        option = f"--use-file-for-fake-audio-capture={_clearest(asked, label)}"
        with visiting(bundles, *_FAKE, option) as visit:
            for form, step in _STEPS.items():
                visit.choose("voice", form)
                _live(visit, label)
                assert visit.file("voice") == f"{step}.tflite"
                assert visit.answer("voice") == label
                assert visit.find("voice", ".lines polyline").count() >= 1
            visit.check()
    for step in _STEPS.values():
        agreement.agrees("voice", step, client(), "a live sound of each class has it")


def test_a_microphone_and_a_camera_that_are_refused(bundles: Path) -> None:
    with visiting(bundles, "--use-fake-device-for-media-stream", "--deny-permission-prompts") as v:
        v.find("voice", ".record").click()
        assert v.message("voice").startswith("The microphone was refused.")
        assert v.find("voice", ".record").inner_text() == "Listen"
        v.find("captioning", "text=Use the camera").click()
        assert v.message("captioning").startswith("The camera was refused.")
        v.find("voice", ".example").first.click()
        assert v.answer("voice")
        assert v.message("voice") == ""
        v.check()


def test_without_a_microphone_and_a_camera(bundles: Path) -> None:
    with visiting(bundles, "--use-fake-ui-for-media-stream") as visit:
        visit.find("voice", ".record").click()
        assert visit.message("voice").startswith("There is no microphone here.")
        visit.find("captioning", "text=Use the camera").click()
        assert visit.message("captioning").startswith("There is no camera here.")
        visit.check()


def test_a_photograph_from_the_camera(bundles: Path) -> None:
    with visiting(bundles, *_FAKE) as visit:
        button = visit.find("captioning", ".actions button")
        button.click()
        visit.settled("captioning")
        assert visit.find("captioning", "video").is_visible()
        assert button.inner_text() == "Take the photograph"
        button.click()
        assert visit.answer("captioning")
        assert button.inner_text() == "Use the camera"
        # A file that is chosen meanwhile ends the camera.
        button.click()
        visit.settled("captioning")
        visit.find("captioning", ".thumbnail").first.click()
        assert visit.answer("captioning")
        assert button.inner_text() == "Use the camera"
        visit.check()
