"""Runs the command line of an application, in this process or in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from common.command_line import make_commands

ROOT = Path(__file__).resolve().parents[2]


def run_command(application: Any, *arguments: object, input: str | bytes | None = None) -> Result:
    """Runs a command of an application in this process."""
    commands = make_commands(application)
    return CliRunner().invoke(commands, [str(a) for a in arguments], input=input)


def run_code(
    code: str, *arguments: object, input: bytes | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs Python code in a fresh process; `sys.argv[1:]` are the arguments."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=input,
        capture_output=True,
        timeout=300,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def rows(output: str) -> list[dict[str, Any]]:
    """Reads one JSON object a line; any other line is an error."""
    return [json.loads(line) for line in output.splitlines()]


def content(folder: Path) -> dict[str, bytes | None]:
    """Returns everything in a folder, byte for byte; a folder has no content."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def error_of(stderr: str) -> str:
    """Returns the one sentence that is told; no traceback may stand beside it."""
    assert "Traceback" not in stderr, stderr
    lines = [line for line in stderr.splitlines() if line.lower().startswith("error: ")]
    assert len(lines) == 1, stderr
    assert stderr.endswith(lines[0] + "\n")
    return lines[0]


def helps_without_frameworks(app: str) -> None:
    """Checks that every `--help` answers without anything that takes seconds to import."""
    code = f"""
import sys
from tests.apps.{app}.command import run
for arguments in ((), ("train",), ("evaluate",), ("predict",), ("compare",)):
    result = run(*arguments, "--help")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Usage:"), result.stdout
heavy = {{
    "tensorflow", "keras", "matplotlib", "sklearn", "sacrebleu", "ai_edge_litert",
    "tensorflow_datasets",
}}
print(sorted(heavy & set(sys.modules)))
"""
    process = run_code(code)
    assert process.stdout == "[]\n", process.stderr
