"""The card's words: foreign text, the choice of examples; the pictures; where a network looks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from common.generation import pictures
from common.generation.application import Answer, GenerationData
from common.generation.attention import ReadsText, attention_to
from common.generation.card import _scores, _training, escaped, examples
from tests.common.generation.reversal import Reversal, ReversalSettings


@pytest.mark.parametrize(
    "text, shown",
    [
        ("plain, text!", "plain, text!"),
        ("a | b", r"a \| b"),
        ("*bold* _it_ `code` [x](y)", r"\*bold\* \_it\_ \`code\` \[x\](y)"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("two\nlines\tof it", "two lines of it"),
        ("a\\b $x$", r"a\\b \$x\$"),
    ],
)
def test_foreign_text_is_shown_as_it_is(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_long_text_is_cut() -> None:
    assert len(escaped("x" * 1000)) == 300


def _table(answers: list[str], references: Sequence[tuple[str, ...]]) -> list[list[str]]:
    data = GenerationData(
        "made up", {"test": [f"in {i}" for i in range(len(answers))]}, {"test": references}
    )
    lines = examples(Reversal(), data, "test", [Answer(text, 0.5) for text in answers])
    return [[cell.strip() for cell in line.split(" | ")] for line in lines[2:]]


def test_the_worst_come_first_and_the_longest_of_the_best_last() -> None:
    answers = ["q", "the cat", "the dog sits", *(["a right one"] * 20), "a longer right one"]
    references = [("z",), ("the cow",), ("the dog sat",), *((text,) for text in answers[3:])]
    rows = _table(answers, references)
    assert [row[0].strip("| ") for row in rows] == ["worst"] * 3 + ["any"] * 4 + ["best"] * 4
    assert [row[1] for row in rows[:3]] == ["in 0", "in 1", "in 2"]
    assert rows[-4][1:4] == ["in 23", "a longer right one", "a longer right one"]
    assert rows[0][4:] == ["0.500", "0.0 |"]
    assert len({row[1] for row in rows}) == len(rows)


def test_where_all_are_right_none_is_the_worst() -> None:
    rows = _table(["a b", "c d"], [("a b",), ("c d", "e")])
    assert [row[0].strip("| ") for row in rows] == ["best", "best"]
    assert [row[3] for row in rows] == ["a b", "c d / e"]


def _row(artefact: str, latency: float, metrics: dict[str, float], **more: float) -> dict[str, Any]:
    row = {"artefact": artefact, "search": "greedy", "metrics": metrics, "latency_ms": latency}
    rest = {"equal_answers": 1.0, "max_abs_diff": 0.0, "sentences_per_second": 9.0, "bytes": 7}
    return {**row, **rest, **more}


def _metrics(rows: list[dict[str, Any]], bands: list[dict[str, Any]]) -> dict[str, Any]:
    epoch = {"dev_nats": 1.5, "dev_bleu": 12.34}
    training = {"epochs": [epoch], "best_epoch": 1, "seconds": 5.0, "parameters": 99}
    return {
        "rows": rows,
        "settings": {"beam": 2},
        "signatures": {},
        "parity": [],
        "baseline": None,
        "by_length": bands,
        "training": training,
    }


CAPTIONED = {"bleu1": 50.0, "bleu4": 9.0, "distinct": 0.5}
MEANINGS = {"distinct": "different ones", "novel": "never seen"}


def _shown(metrics: dict[str, Any], meanings: dict[str, str]) -> str:
    return "\n".join(_scores(metrics, meanings, "some", "dev", 4))


def test_figures_of_the_table_are_explained_if_they_are_there() -> None:
    text = _shown(_metrics([_row("keras", 3.0, CAPTIONED)], []), MEANINGS)
    assert "| BLEU-1 | BLEU-4 | distinct |" in text
    assert "- distinct: different ones" in text
    assert "novel" not in text


def test_how_the_time_of_a_call_is_divided() -> None:
    whole, step = _row("float32", 40.0, CAPTIONED), _row("step", 45.0, CAPTIONED, encode_ms=30.0)
    said = "Of the 40.0 ms of float32 with greedy search, the encoder takes 30.0 ms (75%)"
    text = _shown(_metrics([whole, step], []), {})
    assert said in text
    assert "take the other 10.0 ms" in text
    # Of inputs of many lengths it cannot be told, nor without one of both.
    band = {"from": 1, "to": 5, "examples": 4, "bleu": 9.0}
    for metrics in (_metrics([whole, step], [band]), _metrics([whole], []), _metrics([step], [])):
        assert "the encoder takes" not in _shown(metrics, {})
    # Nor if the machine had more to do in between, so that a part takes longer than the whole.
    late = _row("step", 45.0, CAPTIONED, encode_ms=41.0)
    assert "the encoder takes" not in _shown(_metrics([whole, late], []), {})


def test_the_bleu_of_training_has_its_name() -> None:
    captions = _training(_metrics([_row("keras", 1.0, CAPTIONED)], []))
    sentences = _training(_metrics([_row("keras", 1.0, {"bleu": 9.0})], []))
    assert "greedy BLEU-4 12.34." in "\n".join(captions)
    assert "greedy BLEU 12.34." in "\n".join(sentences)


def test_where_a_network_looks() -> None:
    application, settings = Reversal(), ReversalSettings()
    front_end = application.make_front_end(application.load_data("", None, {}), settings)
    assert isinstance(front_end, ReadsText)
    model = application.build_network(settings, front_end)
    encoded = front_end.encode("a b c d")
    ids = front_end.vocabulary.encode("c b a")
    weights, labels = attention_to(model, front_end, encoded, ids)
    assert weights.shape == (4, 4)
    assert labels == ["▁c", "▁b", "▁a", "<END>"]
    np.testing.assert_allclose(weights.sum(-1), 1, rtol=1e-5)
    # As it looked when it went step by step.
    states, remembered = model.start(encoded[None])
    for row, token in zip(weights, [2, *ids], strict=True):
        _, states, looked = model.step(np.array([token], np.int32), states, remembered)
        np.testing.assert_allclose(looked[0], row, atol=1e-5)


def test_pictures_of_awkward_things(tmp_path: Path) -> None:
    epoch = {"nats": 2.0, "dev_nats": 2.1, "dev_bleu": 3.0}
    band = {"from": 51, "to": None, "examples": 1, "bleu": 0.0}
    weights = np.full((2, 3), 1 / 3)
    pictures.learning_curve([epoch], 1, tmp_path / "plots" / "curve.png")
    pictures.bleu_by_length([band], tmp_path / "plots" / "length.png")
    # Dollars are no formula, a lone sign for a space is still a tick.
    labels = ["$", "▁$x^", "▁"], ["⇧", "<END>"]
    pictures.attention(weights, *labels, tmp_path / "plots" / "attention.png")
    for path in sorted((tmp_path / "plots").iterdir()):
        assert path.read_bytes().startswith(b"\x89PNG")
    assert pictures.band_name(band) == "51+"
