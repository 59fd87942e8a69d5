"""The blocks of code in the README of an application, so that tests run what users copy."""

from __future__ import annotations

import re

from tests.apps.command import ROOT

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def section(app: str, title: str) -> str:
    """Returns the text below a heading of the second level."""
    text = (ROOT / "apps" / app / "README.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    return found[title]


def blocks(app: str, title: str) -> dict[str, str]:
    """Returns the blocks of a section by their language; each language stands there once."""
    found = blocks_in(section(app, title))
    assert len({language for language, _ in found}) == len(found), found
    return dict(found)


def blocks_in(text: str) -> list[tuple[str, str]]:
    """Returns the blocks of a text, each with its language, which may be none."""
    return _BLOCK.findall(text)
