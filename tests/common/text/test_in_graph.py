"""TensorFlow gives the ids that Python gives: at once, and loaded as a server loads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.core.protobuf import saved_model_pb2

from common.text.in_graph import TextToIds
from common.text.vocabulary import Vocabulary
from tests.common.text.awkward import BROKEN_TEXTS, TEXTS, VOCABULARY, random_texts

_LIMIT = 64

Ids = Callable[[Sequence[bytes]], NDArray[np.int32]]


class _Server(tf.Module):
    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.to_ids = TextToIds(vocabulary)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, "texts")])
    def __call__(self, texts: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"ids": self.to_ids(texts, _LIMIT)}


def _eager(vocabulary: Vocabulary) -> Ids:
    to_ids = TextToIds(vocabulary)
    return lambda texts: to_ids(tf.constant(texts, tf.string), _LIMIT).numpy()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved_model")
    server = _Server(VOCABULARY)
    tf.saved_model.save(server, str(path), signatures=server.__call__)
    return path


@pytest.fixture(scope="module")
def session_ids(saved: Path) -> Ids:
    """The graph in a session, initialised by the graph's own operation, as TF Serving does."""
    graph = tf.Graph()
    session = tf.compat.v1.Session(graph=graph)
    with graph.as_default():
        meta = tf.compat.v1.saved_model.loader.load(session, ["serve"], str(saved))
    signature = meta.signature_def["serving_default"]
    return lambda texts: session.run(
        signature.outputs["ids"].name,
        {signature.inputs["texts"].name: np.array(texts, object)},
    )


def _differences(ids: Ids, texts: Sequence[str], errors: str = "strict") -> list[str]:
    """Returns the texts whose ids differ from Python's; the padding is compared too."""
    got = ids([text.encode("utf-8", errors) for text in texts])
    want = VOCABULARY.encode_batch(texts, _LIMIT)
    longest = max(1, min(_LIMIT, max(len(VOCABULARY.encode(text)) for text in texts)))
    assert got.dtype == np.int32
    assert got.shape == (len(texts), longest)
    return [
        text
        for text, row, expected in zip(texts, got, want, strict=True)
        if row.tolist() != expected[:longest].tolist()
    ]


def test_ids_are_those_of_python() -> None:
    assert _differences(_eager(VOCABULARY), TEXTS) == []
    assert _differences(_eager(VOCABULARY), random_texts(5000, seed=2)) == []


def test_ids_are_those_of_python_one_text_at_a_time() -> None:
    ids = _eager(VOCABULARY)
    assert [text for text in TEXTS if _differences(ids, [text])] == []


def test_ids_in_a_loaded_graph_are_those_of_python(session_ids: Ids) -> None:
    assert _differences(session_ids, TEXTS) == []
    assert _differences(session_ids, random_texts(1000, seed=3)) == []


def test_a_wrong_vocabulary_is_noticed() -> None:
    words = list(VOCABULARY.words)
    first, second = words.index("great"), words.index("film")
    swapped = {first: second, second: first}
    wrong = Vocabulary(
        tuple(words[swapped.get(i, i)] for i in range(len(words))),
        {form: swapped.get(i, i) for form, i in VOCABULARY.forms.items()},
    )
    assert "great 😀 film 😀" in _differences(_eager(wrong), TEXTS)


def test_half_characters_are_letters_of_unknown_words(session_ids: Ids) -> None:
    # As three bytes each (WTF-8), or as the replacement character.
    assert _differences(session_ids, BROKEN_TEXTS, errors="surrogatepass") == []
    replaced = [
        text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in BROKEN_TEXTS
    ]
    assert _differences(session_ids, replaced) == []
    assert [VOCABULARY.encode(text) for text in replaced] == [
        VOCABULARY.encode(text) for text in BROKEN_TEXTS
    ]


def test_bytes_that_are_no_text_do_not_hide_the_words_around_them(session_ids: Ids) -> None:
    great = VOCABULARY.forms["great"]
    got = session_ids([b"great \xff\xfe great", b"great\xff great\0\xff great"])
    assert got.tolist() == [[great, 1, great], [1, great, 0]]


def test_shapes(session_ids: Ids) -> None:
    assert session_ids([]).shape == (0, 1)
    assert session_ids([b"", b" ."]).tolist() == [[0], [0]]
    assert session_ids([b"great " * 1000]).shape == (1, _LIMIT)
    with pytest.raises(ValueError, match="limit must be at least 1, not 0"):
        TextToIds(VOCABULARY)(tf.constant(["great"]), 0)


def test_the_saved_model_needs_no_files_and_no_python(saved: Path) -> None:
    assert list((saved / "assets").glob("*")) == []
    message = saved_model_pb2.SavedModel.FromString((saved / "saved_model.pb").read_bytes())
    graph = message.meta_graphs[0].graph_def
    nodes = [*graph.node, *(node for f in graph.library.function for node in f.node_def)]
    operators = {node.op for node in nodes}
    assert {"LookupTableFindV2", "StaticRegexReplace", "StringSplitV2"} <= operators
    assert not {op for op in operators if "Py" in op or "Custom" in op}
