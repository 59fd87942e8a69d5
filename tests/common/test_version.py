"""The digest of code: every byte of every file counts, and nothing else."""

from __future__ import annotations

from pathlib import Path

from common.version import code_digest


def test_what_changes_a_digest(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    inner = tmp_path / "below" / "b.py"
    (tmp_path / "a.py").write_text("x = 1\n")
    inner.write_text("y = 2\n")
    first = code_digest([tmp_path])
    (tmp_path / "notes.txt").write_text("no code")
    assert code_digest([tmp_path]) == first
    inner.write_text("y = 3\n")
    assert code_digest([tmp_path]) != first
    assert code_digest([tmp_path / "a.py"]) not in (first, code_digest([inner]))
