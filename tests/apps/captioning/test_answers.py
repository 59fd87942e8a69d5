"""What `predict` answers: the same from every artefact, a line for a picture, in their order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from common.generation.evaluation import BEAM, GREEDY
from tests.apps.captioning.artefacts import (
    EVERY,
    EXACT,
    GREEDY_ONLY,
    NEW,
    RIGHT,
    opened,
    right,
)
from tests.apps.captioning.command import rows, run
from tests.apps.captioning.conftest import Trained
from tests.apps.captioning.drawings import HEIGHT, KINDS, WIDTH, captions, draw, saved
from tests.common.image.pictures import exif, noise, png_of_16_bits, with_segment

# Where a picture must be turned to, so that it lies as its EXIF orientation says.
_TURNED = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


def predict(trained: Trained, artefact: str, *asked: object) -> list[dict[str, Any]]:
    """Returns the lines of a command that must succeed."""
    command = ("predict", "--bundle", trained.bundle, "--artefact", artefact, "--json")
    result = run(*command, "--", *asked)
    assert result.exit_code == 0, result.output
    return rows(result.stdout)


@pytest.fixture(scope="module")
def answers(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What every artefact says of pictures that are new to it."""
    folder = tmp_path_factory.mktemp("new pictures")
    paths = [folder / f"{number:02} {one.name}" for number, one in enumerate(NEW)]
    for path, one in zip(paths, NEW, strict=True):
        path.write_bytes(one.read())
    found: dict[str, list[Any]] = {artefact: [] for artefact in EVERY}
    for line in predict(trained, "all", *paths):
        found[line["artefact"]].append(line)
    for lines in found.values():
        assert [line["input"] for line in lines] == list(map(str, paths))
    return found


def test_a_line_of_predict(answers: dict[str, list[Any]]) -> None:
    for lines in answers.values():
        for line in lines:
            assert list(line) == ["artefact", "input", "answer", "score"]
            assert 0 < line["score"] <= 1


def test_it_has_learned_to_caption(answers: dict[str, list[Any]]) -> None:
    for artefact in EVERY:
        said = [line["answer"] for line in answers[artefact]]
        both = zip(said, [*KINDS, *KINDS], strict=True)
        wrong = [pair for pair in both if pair[0] not in map(_plain, captions(*pair[1]))]
        assert len(wrong) <= (0 if artefact in EXACT else 1), (artefact, wrong)


def _plain(caption: str) -> str:
    return caption.lower().rstrip(". ")


def test_exact_artefacts_answer_alike(answers: dict[str, list[Any]]) -> None:
    first = answers[EXACT[0]]
    for artefact in EXACT[1:]:
        for one, other in zip(first, answers[artefact], strict=True):
            assert one["answer"] == other["answer"]
            assert one["score"] == pytest.approx(other["score"], rel=1e-4)
    assert len({line["answer"] for line in first}) == len(KINDS)


@pytest.mark.parametrize("artefact", EXACT)
def test_an_answer_does_not_depend_on_its_neighbours(trained: Trained, artefact: str) -> None:
    scorer = opened(trained.bundle, artefact, BEAM)
    together = scorer.answer_all(NEW)
    for index in (0, 7, 20):
        (alone,) = scorer.answer_all([NEW[index]])
        assert alone.ids == together[index].ids
        assert alone.score == pytest.approx(together[index].score, rel=1e-5)


def test_the_steps_answer_as_the_network_greedily(trained: Trained) -> None:
    step, network = (
        opened(trained.bundle, artefact, GREEDY).answer_all(NEW) for artefact in ("step", "keras")
    )
    assert [answer.ids for answer in step] == [answer.ids for answer in network]


@pytest.mark.parametrize("artefact", GREEDY_ONLY)
def test_some_artefacts_follow_one_hypothesis(trained: Trained, artefact: str) -> None:
    from common.errors import UserError

    with pytest.raises(UserError, match="searches greedily"):
        opened(trained.bundle, artefact, BEAM)


# ------------------------------------------------------------------------ where they come from


def test_files_and_standard_input_keep_their_order(trained: Trained) -> None:
    some = trained.drawings["dev"]
    paths = [str(trained.path(one)) for one in (*some[5:9], *some[:3], some[6])]
    named = run("predict", "--bundle", trained.bundle, "--json", "--", *paths)
    assert named.exit_code == 0, named.output
    assert [row["input"] for row in rows(named.stdout)] == paths
    for end in ("\n", "\r\n"):
        given = (end.join(paths) + end).encode()
        piped = run("predict", "--bundle", trained.bundle, "--json", input=given)
        assert piped.stdout == named.stdout
    command = ("predict", "--bundle", trained.bundle, "--artefact", "all", "--json")
    every = run(*command, input=given)
    assert [row["input"] for row in rows(every.stdout)] == paths * len(EVERY)
    plain = run("predict", "--bundle", trained.bundle, *paths)
    answer, score, asked = plain.stdout.splitlines()[0].split("\t")
    first = rows(named.stdout)[0]
    assert (asked, answer) == (paths[0], first["answer"])
    assert float(score) == pytest.approx(first["score"], abs=1e-4)
    assert f"{len(paths)} sentences, " in plain.stderr


def test_nothing_asked_has_no_answer(trained: Trained) -> None:
    result = run("predict", "--bundle", trained.bundle, input="")
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_folder_with_files_that_are_no_pictures(trained: Trained, tmp_path: Path) -> None:
    good = saved(draw(*KINDS[3], seed=9_001), "JPEG")
    contents = {
        "b.jpg": good,
        "a, torn.jpg": good[: len(good) // 2],
        "below/más/c.PNG": saved(draw(*KINDS[6], seed=9_001)),
        "below/letter.png": b"Dear Sir or Madam",
        "empty.gif": b"",
        "notes.txt": b"about pictures",
    }
    for name, content in contents.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    first = trained.path(trained.drawings["dev"][0])
    command = ("predict", "--bundle", trained.bundle, "--json", "--")
    result = run(*command, first, tmp_path, first)
    assert result.exit_code == 0, result.output
    found = rows(result.stdout)
    inside = [str(tmp_path / name) for name in ("b.jpg", "below/más/c.PNG")]
    assert [row["input"] for row in found] == [str(first), *inside, str(first)]
    assert [row["answer"] for row in found[1:3]] == [RIGHT[3], RIGHT[6]]
    said = [line for line in result.stderr.splitlines() if line.startswith("passed over: ")]
    passed_over = ("a, torn.jpg", "below/letter.png", "empty.gif")
    for line, name in zip(said, passed_over, strict=True):
        assert str(tmp_path / name) in line
    assert f"{tmp_path}: 3 of 5 files passed over" in result.stderr
    assert "notes.txt" not in result.stderr


# ------------------------------------------------------------------------ pictures of all kinds


@pytest.mark.parametrize("artefact", ["float32", "int8", "saved_model"])
def test_pictures_of_all_kinds(trained: Trained, tmp_path: Path, artefact: str) -> None:
    colour, shape, side = kind = KINDS[4]
    drawn = draw(*kind, seed=9_001)
    alpha = drawn.copy()
    alpha.putalpha(255)
    deep = np.asarray(drawn).astype(np.uint16) * 257
    other = draw(*KINDS[-1], seed=9_001)
    alike = {
        "alpha.png": saved(alpha),
        "cmyk.jpg": saved(drawn.convert("CMYK"), "JPEG"),
        "animation.gif": saved(drawn, "GIF", save_all=True, append_images=[other], loop=0),
        "lossless.webp": saved(drawn, "WEBP", lossless=True),
        "16 bits.png": png_of_16_bits(deep),
        "progressive.jpg": saved(drawn, "JPEG", progressive=True),
        "palette.bmp": saved(drawn.quantize(64), "BMP"),
        "wide.png": saved(drawn.resize((WIDTH * 20, HEIGHT))),
        **{
            f"orientation {n}.jpg": with_segment(
                saved(drawn.transpose(how), "JPEG"), 0xFFE1, exif(n)
            )
            for n, how in _TURNED.items()
        },
    }
    strange = {
        "one pixel.png": saved(drawn.crop((0, 0, 1, 1))),
        "grey.jpg": saved(drawn.convert("L"), "JPEG"),
        "grey, 16 bits.png": png_of_16_bits(deep[..., :1]),
        "one bit.png": saved(drawn.convert("1")),
        "noise.png": saved(Image.fromarray(noise(50, 40))),
        "a line.png": saved(drawn.crop((0, 20, WIDTH, 21))),
        "head.png": saved(drawn.transpose(Image.Transpose.ROTATE_180)),
    }
    paths = [tmp_path / name for name in (*alike, *strange)]
    for path, content in zip(paths, (*alike.values(), *strange.values()), strict=True):
        path.write_bytes(content)
    found = predict(trained, artefact, *paths)
    said = {Path(row["input"]).name: row["answer"] for row in found}
    assert list(said) == [path.name for path in paths]
    assert {name: said[name] for name in alike} == dict.fromkeys(alike, right(*kind))
    assert all(said[name] for name in strange)
    # What stands on its head, and no EXIF says so, is on the other side.
    assert said["head.png"] == right(colour, shape, "right" if side == "left" else "left")


def test_names_that_are_no_plain_words(trained: Trained, tmp_path: Path) -> None:
    names = ("-dash.png", "año nuevo ✓.png", "a\tb.png", "caf\udce9.png", "line\u2028end.png")
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.write_bytes(NEW[0].read())
    command = ("predict", "--bundle", trained.bundle)
    result = run(*command, "--json", "--", *paths)
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.split("\n") if line]
    assert [row["answer"] for row in lines] == [RIGHT[0]] * len(names)
    assert [row["input"] for row in lines] == list(map(str, paths))
    plain = run(*command, "--", *paths)
    assert plain.exit_code == 0, plain.output
    assert len(plain.stdout.splitlines()) == len(names)
