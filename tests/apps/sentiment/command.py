"""Runs the command line of sentiment, in this process or in one of its own."""

from __future__ import annotations

from click.testing import Result

from apps.sentiment.application import APPLICATION
from tests.apps.command import ROOT, content, rows, run_code, run_command

__all__ = ["ROOT", "content", "rows", "run", "run_code"]


def run(*arguments: object, input: str | bytes | None = None) -> Result:
    """Runs a command in this process."""
    return run_command(APPLICATION, *arguments, input=input)
