"""Settings are fields, options and JSON, and the three agree."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click
import pytest
from click.testing import CliRunner

from apps.sentiment.settings import SentimentSettings
from common.errors import UserError
from common.settings import click_options, from_json, from_options, option, read_json, to_json


@dataclass(frozen=True)
class Some:
    """One field of each kind."""

    count: int = option(3, "How many.", 1)
    share: float = option(0.5, "Part.", 0, 1)
    kind: Literal["one", "two"] = option("one", "Which.")
    both: bool = option(False, "Two ways.")
    name: str = option("x", "Called.")


OTHER = Some(7, 0.25, "two", True, "y")


def _parse(settings: type[Any], *arguments: str) -> Any:
    found: list[Any] = []

    def callback(**options: Any) -> None:
        found.append(from_options(settings, {**options, "another": 1}))

    command = click.Command("c", params=[*click_options(settings)], callback=callback)
    result = CliRunner().invoke(command, arguments)
    return found[0] if result.exit_code == 0 else result.output


def test_defaults() -> None:
    assert _parse(Some) == Some()
    assert _parse(SentimentSettings) == SentimentSettings()


def test_every_field_is_an_option() -> None:
    arguments = ("--count", "7", "--share", "0.25", "--kind", "two", "--both", "--name", "y")
    assert _parse(Some, *arguments) == OTHER
    assert _parse(Some, *arguments, "--no-both") == dataclasses.replace(OTHER, both=False)


def test_types_are_kept() -> None:
    found = _parse(Some, "--share", "1")
    assert type(found.share) is float
    assert type(found.count) is int


@pytest.mark.parametrize(
    ("name", "value"),
    [("count", "0"), ("count", "1.5"), ("share", "1.01"), ("share", "-0.1"), ("kind", "three")],
)
def test_what_is_not_allowed(name: str, value: str) -> None:
    message = _parse(Some, f"--{name}", value)
    assert f"--{name}" in message
    assert value in message


def test_json_round_trip() -> None:
    for settings in (Some(), OTHER, SentimentSettings(units=5, direction="both")):
        text = json.dumps(to_json(settings))
        assert from_json(type(settings), json.loads(text)) == settings


def test_json_of_another_version() -> None:
    assert from_json(Some, {"count": 7, "gone": 1}) == Some(count=7)


def test_reading_json(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"é": 1}', encoding="utf-8")
    assert read_json(path) == {"é": 1}
    for text in (b"", b"{", b"[1]", b"\xff"):
        path.write_bytes(text)
        with pytest.raises(UserError, match=r"a\.json"):
            read_json(path)
    path.unlink()
    with pytest.raises(UserError, match=r"a\.json"):
        read_json(path)
