"""Runs the command line of captioning, in this process or in one of its own."""

from __future__ import annotations

from click.testing import Result

from apps.captioning.application import APPLICATION
from tests.apps.command import content, error_of, rows, run_code, run_command

__all__ = ["content", "error_of", "rows", "run", "run_code"]


def run(*arguments: object, input: str | bytes | None = None) -> Result:
    """Runs a command in this process."""
    return run_command(APPLICATION, *arguments, input=input)
