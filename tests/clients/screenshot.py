"""`python -m tests.clients.screenshot`: a picture of the demo page, every panel with an answer."""

from __future__ import annotations

import io
from pathlib import Path

import click
from PIL import Image

from tests.clients.demo_page import Visit, visiting

_WORD = 3


def _answered(visit: Visit) -> None:
    """Has every panel answer one of its examples."""
    visit.find("captioning", ".thumbnail").nth(2).click()
    visit.find("sentiment", ".example").nth(0).click()
    visit.find("translation", ".example").nth(1).click()
    visit.find("voice", ".example").nth(0).click()
    for app in ("captioning", "sentiment", "translation", "voice"):
        visit.answer(app)
    # Once more: nobody wants to know how long the first call takes.
    visit.find("translation", ".primary").click()
    visit.settled("translation")
    visit.find("captioning", ".word").nth(_WORD).click()
    visit.page.mouse.move(0, 0)
    visit.page.evaluate("document.activeElement.blur()")
    visit.page.wait_for_timeout(500)


@click.command()
@click.option("--bundles", type=click.Path(path_type=Path), default="exported", show_default=True)
@click.option(
    "--output", type=click.Path(path_type=Path), default="exported/demo.png", show_default=True
)
@click.option("--width", default=1160, show_default=True, help="Of the page, in pixels.")
@click.option("--dark", is_flag=True, help="By night.")
def main(bundles: Path, output: Path, width: int, dark: bool) -> None:
    """Take a picture of the demo page."""
    with visiting(bundles.resolve()) as visit:
        visit.page.set_viewport_size({"width": width, "height": 800})
        scheme = "dark" if dark else "light"
        visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        _answered(visit)
        taken = Image.open(io.BytesIO(visit.page.screenshot(full_page=True)))
    output.parent.mkdir(parents=True, exist_ok=True)
    # A palette: no eye sees the difference, and the file is a third.
    taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(output, optimize=True)
    print(output)


if __name__ == "__main__":
    main()
