"""Captions in the one way the network learns them; pictures to pixels; the front end's files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apps.captioning.application import APPLICATION
from apps.captioning.front_end import PictureFrontEnd, plain_caption
from common.errors import UserError
from common.generation.application import GenerationData
from common.image.decoding import decode
from common.image.resizing import resize
from common.text.pieces import PieceVocabulary
from tests.common.image.pictures import encoded, picture, scene

CAPTIONS = ["a dog runs", "a dog sits", "two dogs run in the snow"]


@pytest.mark.parametrize(
    "text, plain",
    [
        ("A dog runs .", "a dog runs"),
        ("A dog runs.", "a dog runs"),
        ("a dog runs . . .", "a dog runs"),
        ("  A  Dog ,\ta man's one , runs", "a dog, a man's one, runs"),
        ("A man 's dog isn 't here !", "a man's dog isn't here!"),
        ("a boy in a ' devil ' outfit .", "a boy in a ' devil ' outfit"),
        ("a boy under 'devil' and 'santa'", "a boy under 'devil' and 'santa'"),
        ("ÉTÉ à 3.5 km .", "été à 3.5 km"),
        (" . ", ""),
        ("", ""),
    ],
)
def test_a_caption_as_it_is_learned(text: str, plain: str) -> None:
    assert plain_caption(text) == plain
    assert plain_caption(plain) == plain


@pytest.fixture
def front_end() -> PictureFrontEnd:
    return PictureFrontEnd(PieceVocabulary.build(CAPTIONS * 2, 60), 24, 9)


def test_it_comes_back_from_its_files(front_end: PictureFrontEnd) -> None:
    again = PictureFrontEnd.from_files(front_end.files())
    assert again.vocabulary == front_end.vocabulary
    assert (again.size, again.max_tokens, again.max_timesteps) == (24, 9, 0)
    assert APPLICATION.load_front_end(front_end.files()).files() == front_end.files()


@pytest.mark.parametrize("height, width", [(24, 24), (40, 30), (7, 90), (1, 1)])
def test_pixels_are_those_of_the_picture_resized(
    front_end: PictureFrontEnd, height: int, width: int
) -> None:
    given = picture(encoded(scene(height, width), "PNG"))
    pixels = front_end.encode(given)
    assert (pixels.shape, str(pixels.dtype)) == ((24, 24, 3), "uint8")
    np.testing.assert_array_equal(pixels, resize(decode(given), 24))
    np.testing.assert_array_equal(front_end.pad([pixels, pixels], 0)[1], pixels)


def test_a_picture_of_its_size_is_left_alone(front_end: PictureFrontEnd) -> None:
    pixels = scene(24, 24)
    np.testing.assert_array_equal(front_end.encode(picture(encoded(pixels, "PNG"))), pixels)


def test_what_is_no_picture_is_refused_by_name(front_end: PictureFrontEnd) -> None:
    with pytest.raises(UserError, match="letter"):
        front_end.encode(picture(b"Dear Sir or Madam", "letter.jpg"))


def test_every_answer_may_be_as_long(front_end: PictureFrontEnd) -> None:
    assert front_end.limit(np.zeros((24, 24, 3))) == front_end.max_tokens == 9


def test_what_is_said_of_the_training_split(front_end: PictureFrontEnd) -> None:
    # Each word is known whole: 3, 3 and 6 pieces.
    data = GenerationData("", {"train": [0, 1]}, {"train": [tuple(CAPTIONS[:2]), (CAPTIONS[2],)]})
    assert [len(front_end.vocabulary.encode(text)) for text in CAPTIONS] == [3, 3, 6]
    (said,) = front_end.describe(data)
    assert "4 on average, 6 at most" in said
    assert "24 x 24" in said


def _table(folder: Path, rows: list[tuple[str, str, str]]) -> str:
    for name in {row[0] for row in rows}:
        (folder / name).write_bytes(encoded(scene(9 + len(name), 8), "PNG") + name.encode())
    lines = ["image\tcaption\tsplit", *("\t".join(row) for row in rows)]
    (folder / "captions.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(folder)


def _load(data: str, splits: set[str]) -> Any:
    options = {"image_column": "image", "caption_column": "caption"}
    return APPLICATION.load_data(data, splits, options)


def test_captions_without_a_word_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [("a.png", "A dog .", "dev"), ("a.png", "a dog", "dev"), ("a.png", ".", "dev")]
    data = _load(_table(tmp_path, [*rows, ("b.png", " . .", "dev")]), {"dev"})
    assert data.references["dev"] == [("a dog",)]
    assert len(data.inputs["dev"]) == 1
    assert any("1 of 2 dev images" in note for note in data.notes)


def test_data_without_a_word_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no image of the dev split has a caption with a word"):
        _load(_table(tmp_path, [("a.png", ".", "dev")]), {"dev"})
