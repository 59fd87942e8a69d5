"""A client of `.tflite` files in a page, of all applications, that does what model cards say.

The page reads sounds and pictures; words and pieces of words are looked up here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from common.export.metadata import read_associated_files
from tests.apps.device import END, Device
from tests.apps.translation.device import Translator
from tests.clients.answers import Answer, of_scores
from tests.clients.browser.chromium import Page
from tests.clients.card import WALK, word_ids

_HOP = 512
_MOST_OF_A_CAPTION = 32


def answers(
    page: Page, app: str, path: Path, url: str, raw: Sequence[str]
) -> dict[str, list[Answer]]:
    """Asks a file in every way that it has.

    Args:
        page: `litert.html`, open.
        app: name of the application.
        path: of the file, from which labels and vocabularies are read.
        url: of the same file.
        raw: texts, or paths of files whose names the page finds in `/inputs`.

    Returns:
        The answers by signature; those that a client finds by many calls under `step`.
    """
    if app in ("voice", "sentiment"):
        return _classified(page, app, path, url, raw)
    return _generated(page, app, path, url, raw)


def _address(path: str) -> str:
    return f"/inputs/{Path(path).name}"


def _classified(
    page: Page, app: str, path: Path, url: str, raw: Sequence[str]
) -> dict[str, list[Answer]]:
    packed = {name: one.decode() for name, one in read_associated_files(path).items()}
    labels = packed["labels.txt"].splitlines()
    (signature,) = page.call("signatures", url)
    whole: list[Any]
    steps: list[Any]
    if app == "voice":
        sounds = [{"wav": _address(one)} for one in raw]
        whole = [{"waveform": sound} for sound in sounds]
        step, steps = "hop", [{**sound, "hop": _HOP} for sound in sounds]
    else:
        texts = [word_ids(packed["vocab.txt"], text) for text in raw]
        whole = [{"ids": ids} for ids in texts]
        step, steps = "id", [[[one] for one in ids] for ids in texts]
    if signature == WALK:
        scores = page.call("walk", url, step, steps)
    else:
        scores = [one["scores"] for one in page.call("run", url, signature, whole)]
    return {signature: [of_scores(labels, row) for row in scores]}


def _generated(
    page: Page, app: str, path: Path, url: str, raw: Sequence[str]
) -> dict[str, list[Answer]]:
    given: list[Any]
    if app == "translation":
        device: Device = (translator := Translator(path))
        texts = [translator.ids(text) for text in raw]
        given = [{"ids": ids} for ids in texts]
        limits = [len(ids) + len(ids) // 2 + 10 for ids in texts]
    else:
        device = Device(path, "vocab.txt", "caption")
        given = [{"image": {"png": _address(one)}} for one in raw]
        limits = [_MOST_OF_A_CAPTION] * len(raw)
    there = page.call("signatures", url)
    found = {}
    for signature in there:
        if signature not in ("encode", WALK):
            outputs = page.call("run", url, signature, given)
            found[signature] = [Answer(device.text(o["ids"]), o["score"][0]) for o in outputs]
    if WALK in there:
        walks = page.call("search", url, given, limits)
        found[WALK] = [Answer(device.text([i for i in ids if i != END]), None) for ids in walks]
    return found
