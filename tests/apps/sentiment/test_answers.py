"""What every artefact answers: the same, whatever the text and whatever stands beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from common.bundle import ARTEFACTS, open_bundle
from tests.apps.sentiment.artefacts import ASKED, EXACT, scores_of
from tests.apps.sentiment.command import rows, run
from tests.apps.sentiment.conftest import Trained
from tests.common.text.awkward import BROKEN_TEXTS


@pytest.fixture(scope="module")
def answers(trained: Trained) -> dict[str, list[dict[str, Any]]]:
    """What `predict` says to the awkward texts, by artefact."""
    result = run("predict", "--bundle", trained.bundle, "--artefact", "all", "--json", "--", *ASKED)
    assert result.exit_code == 0, result.output
    found: dict[str, list[dict[str, Any]]] = {artefact: [] for artefact in ARTEFACTS}
    for line in rows(result.stdout):
        found[line["artefact"]].append(line)
    return found


def test_a_line_of_predict(answers: dict[str, list[dict[str, Any]]]) -> None:
    for lines in answers.values():
        assert len(lines) == len(ASKED)
        for line, text in zip(lines, ASKED, strict=True):
            keys = ["artefact", "input", "answer", "score", "scores"]
            assert [key for key in line if key != "notes"] == keys
            assert line["input"] == text
            assert line["score"] == max(line["scores"].values())
            assert line["answer"] == max(line["scores"], key=line["scores"].__getitem__)
            assert list(line["scores"]) == ["negative", "positive"]
            assert sum(line["scores"].values()) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("artefact", EXACT[1:])
def test_every_exact_artefact_gives_the_same_scores(
    answers: dict[str, list[dict[str, Any]]], artefact: str
) -> None:
    def scores(name: str) -> NDArray[np.float64]:
        return np.array([list(line["scores"].values()) for line in answers[name]])

    np.testing.assert_allclose(scores(artefact), scores("keras"), atol=1e-4)
    assert np.ptp(scores("keras")[:, 0]) > 0.3  # the texts do get different scores


@pytest.mark.parametrize("artefact", ["float16", "dynamic", "int8", "step_int8"])
def test_smaller_artefacts_stay_near(
    answers: dict[str, list[dict[str, Any]]], artefact: str
) -> None:
    for exact, line in zip(answers["keras"], answers[artefact], strict=True):
        if exact["score"] > 0.75:
            assert line["answer"] == exact["answer"], exact["input"]


def test_only_the_beginning_of_a_long_text_is_read_and_by_all(trained: Trained) -> None:
    limit = open_bundle(trained.bundle, "sentiment").max_timesteps
    assert limit == 32
    start = " ".join(["film"] * (limit - 1))
    texts = [f"{start} {end}" for end in ("recommended", "recommended not not", "not recommended")]
    for artefact in EXACT:
        scores = scores_of(trained.bundle, artefact, texts)
        np.testing.assert_allclose(scores[0], scores[1], atol=1e-6)
        assert abs(scores[0] - scores[2]).max() > 1e-3


def test_lines_of_standard_input(trained: Trained) -> None:
    lines = ["Warmly recommended!", "", "not recommended 😀", " été "]
    arguments = ("predict", "--bundle", trained.bundle, "--json")
    for artefact in ("float32", "all"):
        named = run(*arguments, "--artefact", artefact, "--", *lines)
        piped = run(*arguments, "--artefact", artefact, input="\r\n".join(lines) + "\n")
        assert piped.exit_code == 0, piped.output
        assert piped.stdout == named.stdout
        assert named.stdout.count("\n") == len(lines) * (1 if artefact == "float32" else 9)


@pytest.mark.parametrize("artefact", ["keras", "saved_model"])
def test_a_score_does_not_depend_on_the_rest_of_the_batch(trained: Trained, artefact: str) -> None:
    short = ["", "not recommended", "😀"]
    long = ["warmly recommended " * 30, "the film " * 16, "not " * 200]
    together = scores_of(trained.bundle, artefact, [*short, *long])[: len(short)]
    alone = [scores_of(trained.bundle, artefact, [text])[0] for text in short]
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_half_characters_do_not_stop_a_server(trained: Trained) -> None:
    exact = scores_of(trained.bundle, "float32", BROKEN_TEXTS)
    np.testing.assert_allclose(
        scores_of(trained.bundle, "saved_model", BROKEN_TEXTS), exact, atol=1e-4
    )


def test_what_was_not_read_is_said(trained: Trained) -> None:
    limit = open_bundle(trained.bundle, "sentiment").max_timesteps
    known = "good " * (limit + 3)
    for text, said in ((known, f"3 of {limit + 3} words were not read"), ("qwzx", "no word of it")):
        result = run("predict", "--bundle", trained.bundle, "--json", "--", text)
        (note,) = rows(result.stdout)[0]["notes"]
        assert said in note
        result = run("predict", "--bundle", trained.bundle, "--", text)
        assert said in result.stderr
        assert len(result.stdout.splitlines()) == 1
    result = run("predict", "--bundle", trained.bundle, "--json", "--", known[: 5 * limit])
    assert "notes" not in rows(result.stdout)[0]
