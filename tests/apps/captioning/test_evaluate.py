"""Scoring a bundle again, on other data; and the gate that no wrong file passes."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import sacrebleu

from apps.captioning.application import APPLICATION
from common.bundle import artefact_path
from tests.apps.captioning.artefacts import EVERY
from tests.apps.captioning.command import content, error_of, rows, run
from tests.apps.captioning.conftest import SETTINGS, Trained
from tests.apps.captioning.drawings import KINDS, captions, draw, drawings, saved, write
from tests.apps.retraining import and_then, network, take_network_and_files_of

Retrained = tuple[Path, tuple[object, ...]]


def words(text: str) -> str:
    """Returns a caption as it is scored."""
    return " ".join(re.findall(r"[a-z']+", text.lower()))


def test_scores_of_pictures_of_ones_own(trained: Trained, tmp_path: Path) -> None:
    folder = tmp_path / "mis fotos"
    (folder / "images").mkdir(parents=True)
    references = [
        captions(*KINDS[0])[:1],
        captions(*KINDS[7]),  # either is right
        ("Somebody painted a red disc on the left side.",),
        ("No disc at all.", "There is a blue bar, I think."),
    ]
    drawn = [KINDS[0], KINDS[7], KINDS[0], KINDS[10]]
    paths = [folder / "images" / f"{number}.png" for number in range(len(drawn))]
    for number, (path, kind) in enumerate(zip(paths, drawn, strict=True)):
        path.write_bytes(saved(draw(*kind, seed=9_100 + number)))
    table = folder / "todo.csv"
    table.write_text(
        "foto,leyenda\n"
        + "".join(
            f'{path.name},"{text}"\n'
            for path, some in zip(paths, references, strict=True)
            for text in some
        )
    )
    columns = ("--image-column", "foto", "--caption-column", "leyenda")
    result = run(
        *("evaluate", "--bundle", trained.bundle, "--artefact", "float32", "--json"),
        *("--data", table, "--split", "all", *columns),
    )
    assert result.exit_code == 0, result.output
    command = ("predict", "--bundle", trained.bundle, "--json", "--", *paths)
    answers = [words(row["answer"]) for row in rows(run(*command).stdout)]
    greedy, beam = rows(result.stdout)
    assert (greedy["search"], beam["search"]) == ("greedy", "beam")
    for row in (greedy, beam):
        assert (row["split"], row["examples"], row["data"]) == ("all", 4, str(table))
        assert row["equal_answers"] == 1
        # What is new cannot be told without the training split.
        assert list(row["metrics"]) == ["bleu1", "bleu2", "bleu3", "bleu4", "chrf", "distinct"]
    streams = [[words(some[min(n, len(some) - 1)]) for some in references] for n in range(2)]
    bleu = sacrebleu.corpus_bleu(answers, streams, tokenize="none", force=True).score
    assert beam["metrics"]["bleu4"] == pytest.approx(bleu)
    assert 20 < bleu < 95
    assert beam["metrics"]["distinct"] == len(set(answers)) / 4 == 0.75


def test_a_split_needs_no_other(trained: Trained, tmp_path: Path) -> None:
    write(tmp_path / "data", drawings({"dev": 3}))
    command = ("evaluate", "--bundle", trained.bundle, "--artefact", "step", "--json")
    result = run(*command, "--data", tmp_path / "data", "--split", "dev")
    assert result.exit_code == 0, result.output
    (row,) = rows(result.stdout)
    assert (row["split"], row["examples"]) == ("dev", 3)
    assert row["metrics"]["bleu4"] == pytest.approx(100)
    result = run(*command, "--data", tmp_path / "data")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no test split" in error_of(result.stderr)


def test_the_split_of_training_by_default(trained: Trained) -> None:
    command = ("evaluate", "--bundle", trained.bundle, "--artefact", "int8", "--json")
    (row,) = rows(run(*command).stdout)
    (before,) = (one for one in rows(trained.result.stdout) if one["artefact"] == "int8")
    same = ("app", "artefact", "search", "data", "split", "examples", "bytes", "equal_answers")
    assert [row[key] for key in same] == [before[key] for key in same]
    assert row["metrics"].items() <= before["metrics"].items()
    (row,) = rows(run(*command, "--split", "dev").stdout)
    assert (row["split"], row["examples"]) == ("dev", 32)


def test_pictures_that_cannot_be_read_are_counted(trained: Trained, tmp_path: Path) -> None:
    data = tmp_path / "data"
    write(data, drawings({"test": 6}))
    (data / "images" / "test-000.png").unlink()
    (data / "images" / "test-001.jpg").write_bytes(b"Dear Sir or Madam")
    command = ("evaluate", "--bundle", trained.bundle, "--artefact", "float16", "--data", data)
    result = run(*command, "--json")
    assert result.exit_code == 0, result.output
    assert {row["examples"] for row in rows(result.stdout)} == {4}
    for said in (
        "left out, because the image is missing, 1 of 6 test images, the first at ",
        "1 of 5 pictures of the test split cannot be read and are left out: "
        f"{data}/images/test-001.jpg: this is no JPEG, ",
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
    written = json.loads((output / "metrics.json").read_text())["rows"]
    assert [row["artefact"] for row in written] == list(EVERY)


def test_the_gate_names_files_with_other_weights(
    retrained: Retrained, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, command = retrained
    weights = network().decoder.embeddings.numpy()

    def spoil(folder: Path) -> None:
        for artefact, others in (("float32", np.roll(weights, 1, axis=0)), ("int8", -weights)):
            path = artefact_path(folder, artefact)
            content, pieces = path.read_bytes(), weights.tobytes()
            assert content.count(pieces) == 1
            path.write_bytes(content.replace(pieces, others.tobytes()))

    and_then(spoil, monkeypatch)
    before = content(output)
    result = run(*command)
    assert result.exit_code == 1
    assert result.stdout == ""
    (error,) = (line for line in result.stderr.splitlines() if line.startswith("error: "))
    named = {artefact for artefact in EVERY if f"{artefact} (greedy): " in error}
    assert named == {"float32", "int8", "step"}  # float32 is the file of step as well
    assert "--resume --without NAME" in error
    assert content(output) == before
    assert list(output.parent.iterdir()) == [output]
