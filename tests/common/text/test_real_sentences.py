"""Normalisation and pieces on the public sentence pairs of the folder that RECUR_DATA names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import get_args

import pytest
import tensorflow as tf

from common.text.normalization import normalize
from common.text.normalization_in_graph import normalize_in_graph
from common.text.pieces import Kind, PieceVocabulary
from common.text.pieces_in_graph import PiecesToText, TextToPieces

ROOT = Path(__file__).parents[3]
PAIRS = Path(os.environ.get("RECUR_DATA", ROOT.parent / "shared" / "data")) / "translation"

pytestmark = pytest.mark.skipif(
    not PAIRS.is_dir(),
    reason=f"{PAIRS} is absent; point RECUR_DATA at a folder that holds translation/",
)


def _sentences(split: str) -> list[str]:
    lines = (PAIRS / f"{split}.tsv").read_text(encoding="utf-8").split("\n")[1:-1]
    return [sentence for line in lines for sentence in line.split("\t")]


def test_a_graph_normalises_alike() -> None:
    sentences = _sentences("dev")
    assert len(sentences) == 4000
    found = [text.decode() for text in normalize_in_graph(tf.constant(sentences)).numpy()]
    assert found == [normalize(sentence) for sentence in sentences]


@pytest.mark.parametrize("kind", get_args(Kind))
def test_pieces_there_and_back(kind: Kind) -> None:
    vocabulary = PieceVocabulary.build(_sentences("train"), size=4000, kind=kind)
    assert len(vocabulary) == 4000
    sentences = _sentences("dev")
    expected = [vocabulary.encode(sentence) for sentence in sentences]
    texts = [vocabulary.decode(ids) for ids in expected]
    if kind == "pieces":
        assert not [ids for ids in expected if 1 in ids]
        assert texts == [normalize(sentence) for sentence in sentences]
        assert sum(map(len, expected)) < 10 * len(sentences)

    ids, counts = TextToPieces(vocabulary)(tf.constant(sentences))
    assert [
        row[:n].tolist() for row, n in zip(ids.numpy(), counts.numpy(), strict=True)
    ] == expected
    assert [text.decode() for text in PiecesToText(vocabulary)(ids).numpy()] == texts
