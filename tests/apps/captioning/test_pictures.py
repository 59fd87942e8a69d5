"""Pictures of the model card: which are shown, pieces joined to words, colour where it looked."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from apps.captioning import pictures
from apps.captioning.front_end import PictureFrontEnd
from apps.captioning.pictures import attention, coloured, contact_sheet, draw, of_words, spread
from common.generation.application import Answer, GenerationData
from common.generation.artefacts import ModelScorer
from common.text.pieces import PieceVocabulary
from tests.apps.captioning.tiny import Captioner, captioner, halves, two_colours
from tests.common.image.pictures import encoded, picture


def test_best_middling_and_worst() -> None:
    assert spread(range(100)) == [[0, 1, 2, 3], [48, 49, 50, 51], [96, 97, 98, 99]]
    assert spread(range(12)) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    # Few are shown once.
    assert spread(range(5)) == [[0, 1], [2, 3], [4]]
    assert spread(range(1)) == [[0]]


def test_words_have_the_mean_of_their_pieces() -> None:
    vocabulary = PieceVocabulary(
        ("<PAD>", "<UNKNOWN>", "<START>", "<END>", "⇧", "▁", "▁a", "▁do", "g", ",", "s")
    )
    front_end = PictureFrontEnd(vocabulary, 8, 9)
    ids = [6, 7, 8, 9, 5, 10]  # ▁a ▁do g , ▁ s
    weights = np.eye(7)[:, :6]  # each piece looked at its own place; END at none of these
    words, maps = of_words(weights, ids, front_end)
    assert words == ["a", "dog,", "s"]
    third, half = 1 / 3, 1 / 2
    expected: list[list[float]] = [
        [1, 0, 0, 0, 0, 0],
        [0, third, third, third, 0, 0],
        [0, 0, 0, 0, half, half],
    ]
    np.testing.assert_allclose(maps, expected)
    words, maps = of_words(weights[:1], [], front_end)
    assert (words, maps.shape) == ([], (0, 6))


def test_the_more_a_place_was_looked_at_the_redder_it_is() -> None:
    pixels = np.full((40, 40, 3), (200, 180, 40), np.uint8)
    grey = round(0.299 * 200 + 0.587 * 180 + 0.114 * 40)
    looked = np.zeros((2, 2))
    looked[1, 0] = 0.3
    shown = coloured(pixels, looked).astype(int)
    # 65 % of what lies on it at most, whatever the greatest weight is.
    most = [0.35 * grey + 0.65 * part for part in (255, 40, 0)]
    np.testing.assert_allclose(shown[39, 0], most, atol=1.5)
    np.testing.assert_allclose(shown[0, 39], [grey] * 3, atol=4)
    redness = shown[..., 0] - shown[..., 2]
    assert redness[39, 0] == redness.max()
    assert 20 < redness[20, 20] < redness.max() - 20
    alike = coloured(pixels, np.full((2, 2), 0.25))
    assert len(np.unique(alike.reshape(-1, 3), axis=0)) == 1
    np.testing.assert_array_equal(alike[0, 0], shown[39, 0])


@pytest.fixture(scope="module")
def made() -> Captioner:
    return captioner()


def test_what_is_drawn(made: Captioner, tmp_path: Path) -> None:
    data = two_colours()
    answers = ModelScorer(made.model, made.front_end).answer_all(data.inputs["dev"])
    drawn = draw(made.model, made.front_end, data, "dev", answers, tmp_path / "plots")
    names = [name for _, name in drawn]
    assert names == ["contact_sheet.png", "attention_1.png", "attention_2.png"]
    assert sorted(path.name for path in (tmp_path / "plots").iterdir()) == sorted(names)
    sheet = Image.open(tmp_path / "plots" / names[0])
    assert sheet.width > sheet.height / 2 > 300
    for title, _ in drawn:
        assert not re.search(r"[\[\]()]", title)  # it stands in a link of the card


def test_attention_is_that_of_the_picture_and_the_answer(
    made: Captioner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr(pictures, "attention", lambda *drawn: seen.append(drawn))
    vocabulary = made.front_end.vocabulary
    texts = ["red above green", "blue below red"]
    answers = [Answer(text, 0.5, tuple(vocabulary.encode(text))) for text in texts]
    some = [halves("red", "green"), halves("green", "blue")]
    data = GenerationData("", {"dev": some}, {"dev": [(texts[0],), ("nothing",)]})
    draw(made.model, made.front_end, data, "dev", answers, tmp_path)
    for (pixels, words, maps, path), given, text in zip(seen, some, texts, strict=True):
        np.testing.assert_array_equal(pixels, made.front_end.encode(given))
        assert words == text.split()
        assert maps.shape == (3, *made.model.encoder.grid)
        np.testing.assert_allclose(maps.sum((1, 2)), 1, rtol=1e-5)
        assert path.parent == tmp_path
    assert not np.allclose(seen[0][2], seen[1][2])


def test_awkward_texts_and_shapes(made: Captioner, tmp_path: Path) -> None:
    wide, high = (np.zeros((3, 900, 3), np.uint8), np.zeros((900, 3, 3), np.uint8))
    some = [picture(encoded(one, "PNG"), str(i)) for i, one in enumerate((wide, high))]
    texts = ["it costs $5 or $x^", ""]
    answers = [Answer(text, 0.5) for text in texts]
    references = [("a [b] $c", "x" * 300), ("one",)]
    data = GenerationData("", {"dev": some}, {"dev": references})
    drawn = draw(made.model, made.front_end, data, "dev", answers, tmp_path)
    # Without a piece there is nothing to look for.
    assert [name for _, name in drawn] == ["contact_sheet.png"]
    contact_sheet([[(some[0], "a", ("b",))]], tmp_path / "one.png")
    attention(wide[:3, :3], ["$x^"], np.ones((1, 2, 3)), tmp_path / "word.png")
    for path in tmp_path.iterdir():
        assert path.read_bytes().startswith(b"\x89PNG")
