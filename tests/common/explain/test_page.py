"""The page: what it names is there, and nothing of somebody's own is written over."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from common.errors import UserError
from common.explain.page import check_folder, command, write_page, write_part
from common.explain.parts import PARTS, Explanation, Picture
from tests.common.explain.wishes import wish


def _explanation(title: str, *files: str) -> Explanation:
    pictures = [Picture(file, f"what {file} shows") for file in files]
    return Explanation(title, [f"text of {title}"], pictures, {"x": 1}, ["a note"])


def test_it_shows_parts_in_order_and_names_only_pictures_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "there.png").write_bytes(b"")
    write_part("order", _explanation("Second", "there.png", "missing.png"), wish(tmp_path))
    write_part("unfolding", _explanation("First"), wish(tmp_path))
    page = write_page(tmp_path).read_text()
    assert re.findall(r"^## (.*)", page, re.M) == ["First", "Second"]
    assert re.findall(r"!\[.*\]\((.*)\)", page) == ["there.png"]
    assert "missing" not in page
    assert page.count("- a note") == 2
    assert "Not made yet: gradients, memory, states" in page


def test_every_part_is_a_module() -> None:
    folder = Path(__file__).resolve().parents[3] / "common" / "explain"
    assert all((folder / f"{part}.py").is_file() for part in PARTS)


def test_the_command_makes_the_part_again(tmp_path: Path) -> None:
    said = command("memory", wish(tmp_path / "a b", tmp_path, seed=3))
    assert said == (
        f"make explain OUT='{tmp_path}/a b' ARGS='--part memory --seed 3 --quick --bundles "
        f"{tmp_path}'"
    )


def test_a_page_of_somebody_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    with pytest.raises(UserError, match=r"README\.md: was not made by this command"):
        check_folder(tmp_path)
    write_part("order", _explanation("Ours"), wish(tmp_path))
    check_folder(tmp_path)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="is a file; give --output a folder"):
        check_folder(tmp_path / "file")


@pytest.mark.parametrize("values", [{"format": 0}, {"format": 1}, [1]])
def test_a_part_of_another_version_is_refused(tmp_path: Path, values: object) -> None:
    (tmp_path / "order.json").write_text(json.dumps(values))
    with pytest.raises(UserError, match=r"order\.json"):
        write_page(tmp_path)
