"""From data to a bundle and its answers, once, with a generator that learns in seconds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from common.errors import UserError
from common.export.errors import ExportError
from common.generation import commands
from common.generation.application import Answer
from common.generation.artefacts import ModelScorer
from common.progress import Progress
from tests.common.generation.reversal import Reversal, ReversalSettings

APPLICATION = Reversal()
SETTINGS = ReversalSettings(epochs=8, beam=2)
EVERY = ["keras", "saved_model", "float32", "float16", "dynamic", "step"]


@dataclass(frozen=True)
class _Trained:
    path: Path
    rows: list[dict[str, Any]]

    @property
    def metrics(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((self.path / "metrics.json").read_text())
        return loaded

    @property
    def card(self) -> str:
        return (self.path / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> _Trained:
    path = tmp_path_factory.mktemp("bundle") / "tiny"
    rows = commands.train(APPLICATION, "", path, SETTINGS, {}, False, Progress(quiet=True))
    return _Trained(path, rows)


def test_a_row_for_each_artefact_and_search(trained: _Trained) -> None:
    found = [(row["artefact"], row["search"]) for row in trained.rows]
    both = [(artefact, search) for artefact in EVERY[:-1] for search in ("greedy", "beam")]
    assert found == [*both, ("step", "greedy")]
    for row in trained.rows:
        assert (row["app"], row["data"], row["split"], row["examples"]) == (
            "tiny",
            "reversal",
            "test",
            40,
        )
        assert list(row["metrics"]) == ["bleu", "chrf"]
        assert row["bytes"] > 10_000 and row["latency_ms"] > 0
        assert row["sentences_per_second"] > 0
    # Another graph of the same network, which may round a sum in another order.
    assert trained.rows[0]["max_abs_diff"] < 1e-6 and trained.rows[0]["equal_answers"] == 1
    assert trained.metrics["rows"] == trained.rows


def test_a_bundle_can_be_opened_again(trained: _Trained) -> None:
    config = json.loads((trained.path / "config.json").read_text())
    assert (config["app"], config["labels"], config["max_timesteps"]) == ("tiny", [], 10)
    assert config["settings"]["beam"] == 2
    rows = list(
        commands.evaluate(
            APPLICATION, trained.path, ["step", "float16"], None, None, {}, Progress(True)
        )
    )
    measured = ("latency_ms", "sentences_per_second", "encode_ms")
    for row in (*rows, *trained.rows):
        assert ("encode_ms" in row) == (row["artefact"] == "step")
        for name in measured:
            assert row.get(name, 1) > 0
    fixed = [{k: v for k, v in row.items() if k not in measured} for row in trained.rows]
    assert len(rows) == 3
    for row in rows:
        assert {k: v for k, v in row.items() if k not in measured} in fixed


def test_golden_examples_are_the_answers_of_the_network(trained: _Trained) -> None:
    with np.load(trained.path / "golden" / "examples.npz") as golden:
        raw, text, ids = golden["raw"].tolist(), golden["text"].tolist(), golden["ids"]
    found = [a["answer"] for a in commands.predict(APPLICATION, trained.path, "step", raw)]
    assert found == text
    assert len(raw) == len(ids) == 16


def test_answers_keep_their_order_and_their_number(trained: _Trained) -> None:
    asked = ["a b c", "", "f e d a", "a q q b", "a b c"]
    for artefact in (None, "keras", "step"):
        found = list(commands.predict(APPLICATION, trained.path, artefact, asked))
        assert [one["input"] for one in found] == asked
        assert found[0] == found[4]
        assert found[1] == {"input": "", "answer": "", "score": 1.0}
        assert [one.get("unknown") for one in found] == [None, None, None, ["q"], None]
        assert all(0 < one["score"] <= 1 for one in found)


def test_the_pace_is_said_where_there_is_one(
    trained: _Trained, capsys: pytest.CaptureFixture[str]
) -> None:
    list(commands.predict(APPLICATION, trained.path, None, ["a b"]))
    assert "a second" not in capsys.readouterr().err
    list(commands.predict(APPLICATION, trained.path, None, ["a b"] * 150))
    assert "150 sentences, " in capsys.readouterr().err


def test_what_comes_before_a_bad_input_is_answered(trained: _Trained) -> None:
    found = []
    with pytest.raises(UserError, match="divide the sentence"):
        for answer in commands.predict(
            APPLICATION, trained.path, None, ["a b", "b c", " ".join("abc" * 9), "c d"]
        ):
            found.append(answer["input"])
    assert found == ["a b", "b c"]


def test_an_artefact_that_is_not_there(trained: _Trained) -> None:
    with pytest.raises(UserError, match="has no artefact int8"):
        list(commands.predict(APPLICATION, trained.path, "int8", ["a"]))
    with pytest.raises(UserError, match="has no artefact int8"):
        list(commands.evaluate(APPLICATION, trained.path, ["int8"], None, None, {}, Progress(True)))


def test_the_card_has_every_section(trained: _Trained) -> None:
    card, metrics = trained.card, trained.metrics
    titles = [line for line in card.splitlines() if line.startswith("#")]
    assert titles == [
        "# tiny",
        "## Scores",
        "## By length",
        "## Data",
        "## Training",
        "## What it writes",
        "## How to call it",
    ]
    for line in commands.format_rows(trained.rows):
        assert line in card
    for signature in metrics["signatures"].values():
        assert f"`{signature}`" in card
    assert f"For comparison, copy: BLEU {metrics['baseline']['metrics']['bleu']:.2f}" in card
    assert r"- letters \| made up" in card
    assert "600 train (600 sentences)" in card
    assert f"{metrics['training']['parameters']:,} parameters; 8 epochs" in card
    assert "label_smoothing 0.1" in card
    assert "| worst | " in card


def test_every_picture_of_the_card_is_there(trained: _Trained) -> None:
    names = re.findall(r"\]\(plots/(.+?)\)", trained.card)
    assert {"learning_curve.png", "bleu_by_length.png", "attention_1.png"} <= set(names)
    assert {path.name for path in (trained.path / "plots").iterdir()} == set(names)
    for name in names:
        assert (trained.path / "plots" / name).read_bytes().startswith(b"\x89PNG")


def test_nothing_is_left_beside_the_bundle(trained: _Trained) -> None:
    assert [path.name for path in trained.path.parent.iterdir()] == ["tiny"]


class _Liar(ModelScorer):
    """A network in memory that answers otherwise than its file."""

    def answers(self, raw: Sequence[Any]) -> Iterator[tuple[int, Answer]]:
        for index, answer in super().answers(raw):
            yield index, replace(answer, ids=(*answer.ids, 6))


def test_a_file_that_is_not_the_network_is_not_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "ModelScorer", _Liar)
    # A network of Keras's layers is not exported, which is soon done.
    short = replace(SETTINGS, epochs=1, layer="gru", beam=1)
    with pytest.raises(ExportError, match=r"keras \(greedy\): 40 of 40 answers differ, 0 may"):
        commands.train(APPLICATION, "", tmp_path / "b", short, {}, False, Progress(quiet=True))
    assert not (tmp_path / "b").exists()
    # What was trained is kept, to go on with.
    assert {path.name for path in tmp_path.iterdir()} == {".b.training", ".b.training.logs"}
