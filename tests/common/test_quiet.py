"""What native code writes to descriptor 2 is hidden, not lost; what Python writes is seen."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from common.quiet import native_noise_hidden

_CODE = """
import os, sys
from common.quiet import native_noise_hidden
before = sys.stderr
try:
    with native_noise_hidden(unless="verbose" in sys.argv) as noise:
        for n in range(30):
            os.write(2, f"noise {n}\\n".encode())
        print("seen", file=sys.stderr)
        if "show" in sys.argv:
            noise.show(last=2)
        if "crash" in sys.argv:
            raise ValueError("crash")
finally:
    assert sys.stderr is before
    os.write(2, b"after\\n")
    print("after", file=sys.stderr)
"""


def _stderr(*arguments: str) -> list[str]:
    """Returns what a process of its own writes to standard error."""
    process = subprocess.run(
        [sys.executable, "-c", _CODE, *arguments],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return process.stderr.splitlines()


def test_noise_is_hidden_and_messages_are_not() -> None:
    assert _stderr() == ["seen", "after", "after"]


def test_noise_can_be_shown() -> None:
    assert _stderr("show") == ["seen", "noise 28", "noise 29", "after", "after"]


def test_verbose_hides_nothing() -> None:
    noise = [f"noise {n}" for n in range(30)]
    assert _stderr("verbose") == [*noise, "seen", "after", "after"]
    assert _stderr("verbose", "show") == [*noise, "seen", "after", "after"]


def test_after_a_crash_everything_is_as_before() -> None:
    lines = _stderr("crash")
    assert lines[:3] == ["seen", "after", "after"]
    assert lines[-1] == "ValueError: crash"


def test_another_standard_error_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """As in a notebook that keeps what Python writes in memory."""
    memory = io.StringIO()
    monkeypatch.setattr(sys, "stderr", memory)
    with native_noise_hidden() as noise:
        print("seen", file=sys.stderr)
        os.write(2, b"noise\n")
        noise.show()
    assert memory.getvalue() == "seen\nnoise\n"
    assert sys.stderr is memory
    assert capfd.readouterr().err == ""


def test_descriptors_are_given_back() -> None:
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("counts the open files as Linux shows them")
    before = len(list(folder.iterdir()))
    for _ in range(3):
        with native_noise_hidden():
            os.write(2, b"noise\n")
    assert len(list(folder.iterdir())) == before
