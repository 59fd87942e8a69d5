"""Which bundles are found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from common.errors import UserError
from common.serving.models import find_models, missing


def test_bundles_are_found_by_their_folders(small: Path) -> None:
    models, notes = find_models(small)
    assert [(m.name, m.app) for m in models] == [(n, n) for n in ("pictures", "sounds", "texts")]
    assert notes == []


def test_what_cannot_be_served_is_told(small: Path, tmp_path: Path) -> None:
    for name in ("good", "other", "a b", "bare", "broken", ".hidden"):
        shutil.copytree(small / "texts", tmp_path / name)
    (tmp_path / "no bundle").mkdir()
    shutil.rmtree(tmp_path / "bare" / "saved_model")
    (tmp_path / "broken" / "config.json").write_text("{")
    config = json.loads((tmp_path / "other" / "config.json").read_text())
    (tmp_path / "other" / "config.json").write_text(json.dumps({**config, "format": 0}))
    models, notes = find_models(tmp_path)
    assert [model.name for model in models] == ["good"]
    assert [note.split(": ")[1] for note in notes] == [
        str(tmp_path / "a b"),
        str(tmp_path / "bare"),
        str(tmp_path / "broken" / "config.json"),
        str(tmp_path / "other"),
    ]


def test_two_bundles_of_one_application_are_two_models(small: Path, tmp_path: Path) -> None:
    for name in ("texts", "texts-2"):
        shutil.copytree(small / "texts", tmp_path / name)
    models, _ = find_models(tmp_path)
    assert [(m.name, m.app) for m in models] == [("texts", "texts"), ("texts-2", "texts")]
    assert missing(models, ["texts", "voice"], Path("a b")) == {
        "voice": "make train-voice OUT='a b/voice'"
    }


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such folder"):
        find_models(tmp_path / "nothing")
