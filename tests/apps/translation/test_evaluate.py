"""Scoring a bundle again, on other data; and the gate that no wrong file passes."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import sacrebleu

from apps.translation.application import APPLICATION
from common.bundle import artefact_path
from tests.apps.retraining import and_then, network, take_network_and_files_of
from tests.apps.translation.artefacts import EVERY, LEARNED
from tests.apps.translation.command import content, error_of, rows, run
from tests.apps.translation.conftest import MAX_PIECES, SETTINGS, Trained
from tests.apps.translation.sentences import table

Retrained = tuple[Path, tuple[object, ...]]


def test_scores_of_a_file_of_ones_own(trained: Trained, tmp_path: Path) -> None:
    file = tmp_path / "mis frases.tsv"
    pairs = [
        ("Ana ve la casa verde.", "Ana sees the green house."),
        ("Ana ve la casa verde.", "Ana is seeing the green house."),  # right as well
        ("El gato no ve el tren azul.", "The cat does not see the blue train."),
        ("Mi madre busca un libro grande.", "My mother is looking for a big book, I think."),
    ]
    file.write_text(
        "id\tespañol\tenglish\n" + "".join(f"{i}\t{s}\t{t}\n" for i, (s, t) in enumerate(pairs)),
        encoding="utf-8",
    )
    columns = ("--source-column", "español", "--target-column", "english")
    result = run(
        *("evaluate", "--bundle", trained.bundle, "--artefact", "float32", "--json"),
        *("--data", file, "--split", "all", *columns),
    )
    assert result.exit_code == 0, result.output
    sources = list(dict.fromkeys(source for source, _ in pairs))
    command = ("predict", "--bundle", trained.bundle, "--json", "--", *sources)
    answers = [row["answer"] for row in rows(run(*command).stdout)]
    streams = [[t for _, t in pairs if t != pairs[1][1]], [pairs[1][1], "", ""]]
    streams[1][1:] = streams[0][1:]
    greedy, beam = rows(result.stdout)
    assert (greedy["search"], beam["search"]) == ("greedy", "beam")
    for row in (greedy, beam):
        assert (row["split"], row["examples"], row["data"]) == ("all", 3, str(file))
        assert row["equal_answers"] == 1
    bleu = sacrebleu.corpus_bleu(answers, streams).score
    assert beam["metrics"]["bleu"] == pytest.approx(bleu)
    assert 40 < bleu < 95


def test_a_split_needs_no_other(trained: Trained, tmp_path: Path) -> None:
    (tmp_path / "dev.tsv").write_text(table([(LEARNED[0], "x"), (LEARNED[1], "y")]))
    command = ("evaluate", "--bundle", trained.bundle, "--artefact", "step", "--json")
    result = run(*command, "--data", tmp_path, "--split", "dev")
    assert result.exit_code == 0, result.output
    (row,) = rows(result.stdout)
    assert (row["split"], row["examples"]) == ("dev", 2)
    result = run(*command, "--data", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no test split" in error_of(result.stderr)


def test_what_is_wrong_with_data_is_said(trained: Trained, tmp_path: Path) -> None:
    """Sentences too long for a call, columns the wrong way around, pairs without a side."""
    good = [
        (f"The house is green, {n} of them.", f"La casa es verde, {n} de ellas.") for n in range(30)
    ]
    long = ("the house " * MAX_PIECES + ".", "la casa " * MAX_PIECES)
    file = tmp_path / "all.tsv"
    file.write_text(table([*good, long, good[0], ("only one side", "")]), encoding="utf-8")
    command = ("evaluate", "--bundle", trained.bundle, "--artefact", "float16", "--split", "all")
    result = run(*command, "--data", file, "--json")
    assert result.exit_code == 0, result.output
    assert {row["examples"] for row in rows(result.stdout)} == {31}
    for said in (
        "source and target look exchanged",
        f"the source or the target is empty, 1 of 33 pairs, the first at {file}:34",
        "the same pair stands before, 1 of 33 pairs",
        "of 31 inputs of the all split are too long for one call and are answered in parts",
    ):
        assert result.stderr.count(said) == 1, result.stderr


# ------------------------------------------------------------------------ the gate


@pytest.fixture
def retrained(trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Retrained:
    """A copy of the bundle, and the command to train it anew, which takes the network as it is."""
    take_network_and_files_of(APPLICATION, trained.bundle, monkeypatch)
    output = tmp_path / "exported" / "mine"
    shutil.copytree(trained.bundle, output)
    return output, ("train", "--data", trained.data, "--output", output, *SETTINGS, "--beam", 1)


def test_the_gate_lets_equal_artefacts_through(retrained: Retrained) -> None:
    output, command = retrained
    (output / "notes of mine.txt").write_text("keep")
    result = run(*command)
    assert result.exit_code == 0, result.output
    assert (output / "notes of mine.txt").read_text() == "keep"
    assert list(output.parent.iterdir()) == [output]


def test_the_gate_names_a_file_with_other_weights(
    retrained: Retrained, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, command = retrained
    weights = network().decoder.embeddings.numpy()

    def spoil(folder: Path) -> None:
        path = artefact_path(folder, "float32")
        content, pieces = path.read_bytes(), weights.tobytes()
        assert content.count(pieces) == 1
        path.write_bytes(content.replace(pieces, np.roll(weights, 1, axis=0).tobytes()))

    and_then(spoil, monkeypatch)
    before = content(output)
    result = run(*command)
    assert result.exit_code == 1
    assert result.stdout == ""
    (error,) = (line for line in result.stderr.splitlines() if line.startswith("error: "))
    named = {artefact for artefact in EVERY if f"{artefact} (greedy): " in error}
    assert named == {"float32", "step"}  # the file of both
    assert content(output) == before
    assert list(output.parent.iterdir()) == [output]
