"""What `predict` answers: the same from every artefact, a line for a line, nothing in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from common.generation.evaluation import BEAM, GREEDY
from tests.apps.translation.artefacts import EVERY, EXACT, LEARNED, STRANGE, opened
from tests.apps.translation.command import error_of, rows, run
from tests.apps.translation.conftest import MAX_PIECES, Trained
from tests.apps.translation.sentences import pairs

# What is asked, and what the notes about it say.
AWKWARD: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ()),
    ("   ", ()),
    ("...", ()),
    ("¿?¡!,;:", ("not known",)),
    ("\u200b\u200d\ufeff", ()),
    ("中文 Русский 😀", ("中文, Русский, 😀",)),
    ("\u200f\u202bمرحبا\u202c Tom ve la casa verde.", ("مرحبا",)),
    ("Tom\u200b ve la ca\u00adsa verde.", ()),
    ("Tom ve la casa &amp; el tren&nbsp;azul.", ("HTML", "not known")),
    ("Tom ve\0 la casa verde.", ("15 characters behind a NUL",)),
    ("Ana\tve\vla\fflor\u2028azul\u0085.", ()),
    ("--help", ("not known",)),
    ("Tom ve la casa verde. " * 1000, ()),  # 5,000 words
    ("tom ve la casa " * 1250, ("1 of 1, divided",)),  # and not one full stop
    ("x" * 10_000, ("not known",)),
    ("casa" * 2500, ("1 of 1, divided",)),
)


@pytest.fixture(scope="module")
def answers(trained: Trained) -> dict[str, list[dict[str, Any]]]:
    """What every artefact says to sentences that are in doubt and to those that are not."""
    asked = (*LEARNED, *STRANGE)
    command = ("predict", "--bundle", trained.bundle, "--artefact", "all", "--json")
    result = run(*command, "--", *asked)
    assert result.exit_code == 0, result.output
    found: dict[str, list[dict[str, Any]]] = {artefact: [] for artefact in EVERY}
    for line in rows(result.stdout):
        found[line["artefact"]].append(line)
    for lines in found.values():
        assert [line["input"] for line in lines] == list(asked)
    return found


def test_a_line_of_predict(answers: dict[str, list[dict[str, Any]]]) -> None:
    for lines in answers.values():
        for line in lines:
            keys = [key for key in line if key not in ("unknown", "notes")]
            assert keys == ["artefact", "input", "answer", "score"]
            assert 0 < line["score"] <= 1
        (strange,) = (line for line in lines if "ñandúes" in line["input"])
        assert "ñandúes" in strange["unknown"]
        assert any("ñandúes" in note for note in strange["notes"])


def test_it_has_learned_to_translate(answers: dict[str, list[dict[str, Any]]]) -> None:
    expected = [target for _, target in pairs({"train": 20})["train"]]
    for artefact in EVERY:
        assert [line["answer"] for line in answers[artefact][: len(LEARNED)]] == expected


def test_exact_artefacts_answer_alike(answers: dict[str, list[dict[str, Any]]]) -> None:
    first = answers[EXACT[0]]
    for artefact in EXACT[1:]:
        for one, other in zip(first, answers[artefact], strict=True):
            assert one["answer"] == other["answer"]
            assert one["score"] == pytest.approx(other["score"], rel=1e-4)
    assert len({line["answer"] for line in first}) > 20
    assert min(line["score"] for line in first) < 0.8 < max(line["score"] for line in first)


@pytest.mark.parametrize("artefact", EXACT)
def test_an_answer_does_not_depend_on_its_neighbours(trained: Trained, artefact: str) -> None:
    scorer = opened(trained.bundle, artefact, BEAM)
    together = scorer.answer_all(["Tom ve la casa verde. " * 9, "", *STRANGE])[2:]
    for text, answer in zip(STRANGE, together, strict=True):
        (alone,) = scorer.answer_all([text])
        assert alone.ids == answer.ids
        assert alone.score == pytest.approx(answer.score, rel=1e-5)


def test_the_steps_answer_as_the_network_greedily(trained: Trained) -> None:
    step, network = (
        opened(trained.bundle, artefact, GREEDY).answer_all([*LEARNED, *STRANGE])
        for artefact in ("step", "keras")
    )
    assert [answer.ids for answer in step] == [answer.ids for answer in network]


# ------------------------------------------------------------------------ awkward texts


@pytest.mark.parametrize("artefact", ["float32", "saved_model"])
def test_awkward_texts(trained: Trained, artefact: str) -> None:
    asked = [text for text, _ in AWKWARD]
    command = ("predict", "--bundle", trained.bundle, "--artefact", artefact, "--json")
    result = run(*command, "--", *asked)
    assert result.exit_code == 0, result.output
    found = rows(result.stdout)
    assert [row["input"] for row in found] == asked
    for row, (text, notes) in zip(found, AWKWARD, strict=True):
        said = row.get("notes", [])
        assert len(said) == len(notes), (text[:40], said)
        for note, part in zip(said, notes, strict=True):
            assert part in note
    by_text = {row["input"]: row for row in found}
    for nothing in ("", "   ", "\u200b\u200d\ufeff"):
        assert (by_text[nothing]["answer"], by_text[nothing]["score"]) == ("", 1)
    # Characters that are not seen change nothing.
    plain = "Tom sees the green house."
    assert by_text["Tom\u200b ve la ca\u00adsa verde."]["answer"] == plain
    assert by_text[AWKWARD[10][0]]["answer"] == "Ana sees the blue flower."
    # Sentence by sentence, all of them.
    assert by_text[AWKWARD[12][0]]["answer"] == " ".join([plain] * 1000)
    # Each part has an answer of its own.
    assert len(by_text[AWKWARD[13][0]]["answer"].split()) > 5000 / MAX_PIECES


def test_what_may_be_lost_is_said_beside_plain_answers(trained: Trained) -> None:
    result = run("predict", "--bundle", trained.bundle, "--", "Tom ve la casa 😀.", LEARNED[0])
    assert len(result.stdout.splitlines()) == 2
    (note,) = (line for line in result.stderr.splitlines() if line.startswith("note: "))
    assert note.endswith("may be lost: 😀")
    answer, score, asked = result.stdout.splitlines()[1].split("\t")
    assert (asked, answer) == (LEARNED[0], pairs({"train": 1})["train"][0][1])
    assert 0.5 < float(score) <= 1


# ------------------------------------------------------------------------ lines


def test_lines_keep_their_order_and_their_number(trained: Trained, tmp_path: Path) -> None:
    lines = [*LEARNED[:2], "", "?!", "  ", "", LEARNED[3], "", *[LEARNED[4]] * 100, ""]
    file = tmp_path / "mis frases.txt"
    command = ("predict", "--bundle", trained.bundle, "--json")
    named = run(*command, "--", *lines)
    for end in ("\n", "\r\n"):
        file.write_bytes((end.join(lines) + end).encode())
        piped = run(*command, input=file.read_bytes())
        read = run(*command, "--input-file", file)
        assert read.exit_code == 0, read.output
        assert named.stdout == piped.stdout == read.stdout
    assert [row["input"] for row in rows(read.stdout)] == lines
    plain = run(*command[:-1], "--input-file", file)
    assert len(plain.stdout.splitlines()) == len(lines)
    assert f"{len(lines)} sentences, " in plain.stderr
    for given in ((), ("--input-file", file)):
        every = run(*command, "--artefact", "all", *given, input=file.read_bytes())
        assert [row["input"] for row in rows(every.stdout)] == lines * len(EVERY)


def test_no_lines_have_no_answers(trained: Trained) -> None:
    result = run("predict", "--bundle", trained.bundle, input="")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize("artefact", ["float32", "all"])
def test_text_that_is_not_utf8(trained: Trained, tmp_path: Path, artefact: str) -> None:
    command = ("predict", "--bundle", trained.bundle, "--artefact", artefact, "--json")
    result = run(*command, "casa", "caf\udce9")  # as Python decodes the bytes of an argument
    assert (result.exit_code, result.stdout) == (2, "")
    assert "input 2: the text is not UTF-8" in error_of(result.stderr)
    result = run(*command, input=b"casa\ncaf\xe9\n")
    assert result.exit_code == 2, result.output
    assert "standard input:2: is not UTF-8 (byte 4)" in error_of(result.stderr)
    file = tmp_path / "latin.txt"
    file.write_bytes(b"casa\ncaf\xe9\n")
    result = run(*command, "--input-file", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{file}:2: the text is not UTF-8" in error_of(result.stderr)


def test_an_input_file_that_is_not_there(trained: Trained, tmp_path: Path) -> None:
    result = run("predict", "--bundle", trained.bundle, "--input-file", tmp_path / "none.txt")
    assert result.exit_code == 2
    assert "none.txt: there is no such file" in error_of(result.stderr)
