"""TensorFlow gives the pieces and the texts that Python gives: at once, and as a server loads."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.core.protobuf import saved_model_pb2

from common.export.errors import ExportError
from common.export.saved_model import run_in_session, save_signatures
from common.text.pieces import Kind, PieceVocabulary
from common.text.pieces_in_graph import PiecesToText, TextToPieces
from tests.common.text.awkward_sentences import CHARACTERS, SENTENCES, random_sentences

_TEXTS = (*SENTENCES, *random_sentences(3000, seed=12))

# Half of the texts only, so that the others have unknown characters and words.
VOCABULARIES: dict[Kind, PieceVocabulary] = {
    kind: PieceVocabulary.build(_TEXTS[::2], size=600, kind=kind) for kind in get_args(Kind)
}

Encode = Callable[[Sequence[bytes]], tuple[NDArray[np.int32], NDArray[np.int32]]]
Decode = Callable[[NDArray[np.int32]], list[str]]


def _encoder(vocabulary: PieceVocabulary) -> Encode:
    function = tf.function(
        TextToPieces(vocabulary).__call__,
        input_signature=[tf.TensorSpec([None], tf.string)],
        autograph=False,
    )
    return lambda texts: tuple(x.numpy() for x in function(tf.constant(texts, tf.string)))


def _decoder(vocabulary: PieceVocabulary) -> Decode:
    function = tf.function(
        PiecesToText(vocabulary).__call__,
        input_signature=[tf.TensorSpec([None, None], tf.int32)],
        autograph=False,
    )
    return lambda ids: [text.decode() for text in function(tf.constant(ids, tf.int32)).numpy()]


def _differences(encode: Encode, vocabulary: PieceVocabulary, texts: Sequence[str]) -> list[str]:
    """Returns the texts whose ids differ from Python's; counts and padding are compared too."""
    ids, counts = encode([text.encode() for text in texts])
    expected = [vocabulary.encode(text) for text in texts]
    assert ids.dtype == counts.dtype == np.int32
    assert counts.tolist() == [len(row) for row in expected]
    longest = max(1, *(len(row) for row in expected)) if expected else 1
    assert ids.shape == (len(texts), longest)
    batch = vocabulary.encode_batch(texts, longest)
    return [text for text, a, b in zip(texts, ids, batch, strict=True) if a.tolist() != b.tolist()]


@pytest.fixture(scope="module", params=get_args(Kind))
def vocabulary(request: pytest.FixtureRequest) -> PieceVocabulary:
    return VOCABULARIES[request.param]


@pytest.fixture(scope="module")
def encode(vocabulary: PieceVocabulary) -> Encode:
    return _encoder(vocabulary)


@pytest.fixture(scope="module")
def decode(vocabulary: PieceVocabulary) -> Decode:
    return _decoder(vocabulary)


# Encoding.


def test_by_hand() -> None:
    pieces = "<PAD> <UNKNOWN> <START> <END> ⇧ ▁ t o m a ▁tom tomato ⇧▁tom 's , ▁t".split()
    encode = _encoder(PieceVocabulary(tuple(pieces)))
    ids, counts = encode([b"Tom's, Toma", b"atomato xx,", b"\xff", b""])
    assert ids.tolist() == [
        [12, 13, 14, 4, 10, 9],  # ⇧▁tom 's , ⇧ ▁tom a
        [5, 9, 11, 5, 1, 14],  # ▁ a tomato ▁ <UNKNOWN> ,
        [5, 1, 0, 0, 0, 0],  # ▁ <UNKNOWN>
        [0, 0, 0, 0, 0, 0],
    ]
    assert counts.tolist() == [6, 6, 2, 0]


def test_ids_are_those_of_python(encode: Encode, vocabulary: PieceVocabulary) -> None:
    assert _differences(encode, vocabulary, _TEXTS) == []
    assert _differences(encode, vocabulary, random_sentences(10000, seed=13)) == []


def test_ids_are_those_of_python_one_text_at_a_time(
    encode: Encode, vocabulary: PieceVocabulary
) -> None:
    assert [text for text in _TEXTS[:500] if _differences(encode, vocabulary, [text])] == []


def test_little_or_nothing(encode: Encode) -> None:
    for texts in ([], [b""], [b"", b" \xe2\x80\x8b\0a"]):
        ids, counts = encode(texts)
        assert ids.tolist() == [[0]] * len(texts)
        assert ids.shape == (len(texts), 1)
        assert counts.tolist() == [0] * len(texts)


def test_a_limit_cuts() -> None:
    vocabulary = VOCABULARIES["pieces"]
    to_pieces = TextToPieces(vocabulary)
    texts = ["great film " * 50, "Tom", ""]
    ids, counts = to_pieces(tf.constant(texts), limit=7)
    assert counts.numpy().tolist() == [7, len(vocabulary.encode("Tom")), 0]
    np.testing.assert_array_equal(ids, vocabulary.encode_batch(texts, 7))
    assert to_pieces(tf.constant([""]), limit=7)[0].shape == (1, 1)
    with pytest.raises(ValueError, match="limit must be at least 1, not 0"):
        to_pieces(tf.constant(texts), limit=0)


def test_a_wrong_vocabulary_is_noticed(encode: Encode, vocabulary: PieceVocabulary) -> None:
    *rest, last = vocabulary.pieces
    swapped = PieceVocabulary((*rest[:-1], last, rest[-1]))
    assert _differences(encode, swapped, _TEXTS) != []
    other = VOCABULARIES["words" if vocabulary.kind == "pieces" else "pieces"]
    ids, _ = encode([b"great film"])
    assert ids.tolist() != [other.encode("great film")]


# Decoding.


def test_texts_are_those_of_python(decode: Decode, vocabulary: PieceVocabulary) -> None:
    ids = [vocabulary.encode(text)[:200] for text in _TEXTS]
    length = max(map(len, ids))
    batch = np.array([row + [0] * (length - len(row)) for row in ids], np.int32)
    assert decode(batch) == [vocabulary.decode(row) for row in ids]


def test_any_ids_are_read_as_python_reads_them(decode: Decode, vocabulary: PieceVocabulary) -> None:
    source = random.Random(14)
    signs = [i for i, piece in enumerate(vocabulary.pieces) if piece.strip("⇧▁'") == ""]
    some = [*range(4), *signs, *signs, *source.sample(range(len(vocabulary)), 10)]
    batch = np.array([source.choices(some, k=12) for _ in range(5000)], np.int32)
    assert decode(batch) == [vocabulary.decode(row) for row in batch]
    # What stands behind the end does not count, even if it is no id; and texts do not touch.
    end, capital = 3, vocabulary.pieces.index("⇧")
    assert decode(np.array([[end, -1], [end, 9999]])) == ["", ""]
    last = len(vocabulary) - 1
    ids = [[capital, capital], [last, last]]
    assert decode(np.array(ids)) == [vocabulary.decode(row) for row in ids]


def test_nothing_to_read(decode: Decode) -> None:
    assert decode(np.zeros((0, 3), np.int32)) == []
    assert decode(np.zeros((2, 0), np.int32)) == ["", ""]


# Every letter.


def test_every_letter_goes_there_and_back_alike() -> None:
    letters = [c for c in CHARACTERS if unicodedata.category(c)[0] in "LM"]
    texts = [f"{c} {c}x x{c} {c}{c} x'{c}" for c in letters]
    cased = [c for c in letters if unicodedata.category(c) in ("Lu", "Ll", "Lt")]
    vocabulary = PieceVocabulary.build(["'x", *cased], size=6000, minimum_count=1)
    assert {"⇧▁é", "⇧▁ꭰ", "ß", "▁İ"} <= vocabulary.ids.keys()
    encode, decode = _encoder(vocabulary), _decoder(vocabulary)
    assert _differences(encode, vocabulary, texts) == []
    ids, _ = encode([text.encode() for text in texts])
    assert decode(ids) == [vocabulary.decode(row) for row in ids]


# As a server loads it.


@pytest.fixture(scope="module")
def saved(vocabulary: PieceVocabulary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to_pieces, to_text = TextToPieces(vocabulary), PiecesToText(vocabulary)

    def encode(texts: tf.Tensor) -> dict[str, tf.Tensor]:
        ids, counts = to_pieces(texts)
        return {"ids": ids, "counts": counts}

    def decode(ids: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"texts": to_text(ids)}

    path = tmp_path_factory.mktemp("saved_model")
    signatures = {
        "encode": (encode, [tf.TensorSpec([None], tf.string, "texts")]),
        "decode": (decode, [tf.TensorSpec([None, None], tf.int32, "ids")]),
    }
    save_signatures(path, signatures, variables=(), resources=(to_pieces, to_text))
    return path


def test_a_loaded_graph_is_the_same(saved: Path, vocabulary: PieceVocabulary) -> None:
    batches = [_TEXTS[:100], _TEXTS[100:], ("",)]
    requests = [("encode", {"texts": [text.encode() for text in texts]}) for texts in batches]
    for texts, found in zip(batches, run_in_session(saved, requests), strict=True):
        expected = [vocabulary.encode(text) for text in texts]
        rows = zip(found["ids"].tolist(), found["counts"].tolist(), strict=True)
        assert [ids[:count] for ids, count in rows] == expected
        again = run_in_session(saved, [("decode", {"ids": found["ids"]})])[0]["texts"]
        assert [text.decode() for text in again] == [vocabulary.decode(ids) for ids in expected]


def test_an_id_of_no_piece_fails(saved: Path, vocabulary: PieceVocabulary) -> None:
    for wrong in (-1, len(vocabulary)):
        with pytest.raises(ExportError):
            run_in_session(saved, [("decode", {"ids": [[wrong]]})])


def test_the_saved_model_needs_no_files_no_tables_and_no_python(saved: Path) -> None:
    assert list((saved / "assets").glob("*")) == []
    message = saved_model_pb2.SavedModel.FromString((saved / "saved_model.pb").read_bytes())
    graph = message.meta_graphs[0].graph_def
    nodes = [*graph.node, *(node for f in graph.library.function for node in f.node_def)]
    operators = {node.op for node in nodes}
    assert {"UnicodeDecode", "UnicodeEncode", "LowerBound", "StaticRegexReplace"} <= operators
    assert not {op for op in operators if "Py" in op or "Custom" in op or "Table" in op}
