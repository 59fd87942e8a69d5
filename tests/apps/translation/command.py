"""Runs the command line of translation, in this process or in one of its own."""

from __future__ import annotations

from click.testing import Result

from apps.translation.application import APPLICATION
from tests.apps.command import content, rows, run_code, run_command

__all__ = ["content", "error_of", "rows", "run", "run_code"]


def run(*arguments: object, input: str | bytes | None = None) -> Result:
    """Runs a command in this process."""
    return run_command(APPLICATION, *arguments, input=input)


def error_of(stderr: str) -> str:
    """Returns the one sentence that is told; no traceback may stand beside it."""
    assert "Traceback" not in stderr, stderr
    lines = [line for line in stderr.splitlines() if line.lower().startswith("error: ")]
    assert len(lines) == 1, stderr
    assert stderr.endswith(lines[0] + "\n")
    return lines[0]
