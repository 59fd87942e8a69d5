"""The folder that is written, and what the command says."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path

from tests.apps.command import content, error_of
from tests.common.serving.command import serve


def test_the_command_says_how_to_start_and_what_to_ask(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small, tmp_path / "all")
    result = serve("--bundles", tmp_path / "all", "--app", "texts", "--app", "poems")
    assert result.exit_code == 0, result.output
    folder = tmp_path / "all" / "serving"
    assert f"make train-poems OUT={tmp_path / 'all' / 'poems'}" in result.stderr
    assert "train-texts" not in result.stderr
    status, predict = (line for line in result.stdout.splitlines() if line.startswith("  curl"))
    assert shlex.split(status)[1] == "http://localhost:8501/v1/models/texts"
    _, option, body, address = shlex.split(predict)
    assert (option, address) == ("-d", "http://localhost:8501/v1/models/texts:predict")
    assert json.loads(body) == {"signature_name": "serving_default", "instances": ["a"]}
    written = content(folder)
    assert set(written) == {
        *("README.md", "batching.config", "compose.yaml", "models.config", "requests"),
        *(f"requests/{name}.json" for name in ("pictures", "sounds", "texts")),
    }
    # Written again, it is the same, and what somebody put beside stays.
    (folder / "compose.override.yaml").write_text("services: {}")
    assert serve("--bundles", tmp_path / "all").exit_code == 0
    assert content(folder) == {**written, "compose.override.yaml": b"services: {}"}


def test_a_request_that_is_long_is_named_as_a_file(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small / "pictures", tmp_path / "all" / "pictures")
    result = serve("--bundles", tmp_path / "all")
    predict = [line for line in result.stdout.splitlines() if line.startswith("  curl")][1]
    given = shlex.split(predict)[2]
    assert given == f"@{tmp_path / 'all' / 'serving' / 'requests' / 'pictures.json'}"
    assert set(json.loads(Path(given[1:]).read_text())["instances"][0]) == {"b64"}


def test_a_bundle_without_examples_is_served_all_the_same(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small / "texts", tmp_path / "all" / "texts")
    (tmp_path / "all" / "texts" / "golden" / "examples.npz").unlink()
    result = serve("--bundles", tmp_path / "all")
    assert result.exit_code == 0, result.output
    assert "no example of a request to texts" in result.stderr
    assert result.stdout.count("curl") == 1


def test_files_of_somebodys_own_are_left_alone(small: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "README.md").write_text("mine")
    result = serve("--bundles", small, "--output", own)
    assert result.exit_code == 2
    assert "holds other files" in error_of(result.stderr)
    assert content(own) == {"README.md": b"mine"}
    result = serve("--bundles", small, "--output", own / "README.md")
    assert result.exit_code == 2
    assert "is a file" in error_of(result.stderr)


def test_without_a_bundle_the_command_that_makes_one_is_named(tmp_path: Path) -> None:
    result = serve("--bundles", tmp_path, "--app", "voice")
    assert result.exit_code == 2
    assert error_of(result.stderr) == (
        f"error: {tmp_path}: holds no bundle that can be served; make one with: "
        f"make train-voice OUT={tmp_path / 'voice'}"
    )
    assert list(tmp_path.iterdir()) == []
