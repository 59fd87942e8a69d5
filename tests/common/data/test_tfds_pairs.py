"""Translations of TensorFlow Datasets, without a network: prepared data are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from common.data.parallel_text import Pair, ParallelTextData, load_parallel_text
from common.errors import UserError
from tests.common.data.data_case import no_builtin
from tests.common.data.parallel_case import ParallelCase, pairs
from tests.common.data.tiny_builders import prepare_tiny_builders
from tests.common.data.tiny_pair_builders import prepare_tiny_pair_builders


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tensorflow_datasets")
    return prepare_tiny_pair_builders(prepare_tiny_builders(folder))


@pytest.fixture(autouse=True)
def _data_dir(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFDS_DATA_DIR", str(prepared))


def load(name: str, **options: Any) -> ParallelTextData:
    return load_parallel_text(f"tfds:{name}", builtin=no_builtin, **options)


def fault(name: str, **options: Any) -> str:
    """Returns the message of the error, which is one line and says what to do."""
    with pytest.raises(UserError) as caught:
        load(name, **options)
    message = str(caught.value)
    assert message.startswith(f"tfds:{name}: ")
    assert "\n" not in message
    assert "; " in message
    return message


class _Shuffled(ParallelCase):
    """TFDS stores examples in an order of its own."""

    def test_sentences_keep_their_translations_and_their_order(self, data: str) -> None:
        for some in self.load(data).splits.values():
            for pair in some:
                assert pair.source.split()[-1] == pair.target.split()[-1]


class TestTranslationAlone(_Shuffled):
    train, dev = 60, 10
    rows = 70
    notes = ("read es and en of tiny_wmt/1.0.0",)

    def make(self, folder: Path) -> str:
        return "tfds:tiny_wmt"


class TestTranslationAmongOthers(_Shuffled):
    train, dev, test = 52, 8, 6
    rows = 66
    notes = (
        "read translation/es and translation/en of tiny_within/1.0.0",
        "split dev off train by hash",
    )

    def make(self, folder: Path) -> str:
        return "tfds:tiny_within"


class TestTwoTexts(_Shuffled):
    train, dev = 52, 8
    rows = 60
    notes = ("read es and en of tiny_keys/1.0.0", "split dev off train by hash")

    def make(self, folder: Path) -> str:
        return "tfds:tiny_keys"


class TestColumns(_Shuffled):
    train, dev = 60, 10
    rows = 70
    notes = ("read source and target of tiny_columns/1.0.0",)

    def make(self, folder: Path) -> str:
        return "tfds:tiny_columns"


def test_the_languages_say_which_is_the_source() -> None:
    loaded = load("tiny_wmt", languages=("en", "es"), splits={"dev"})
    assert set(loaded.splits["dev"]) == {Pair(t, s) for s, t in pairs(10, 60)}


def test_texts_deep_inside_others_that_have_no_fixed_shape() -> None:
    loaded = load("tiny_deep", splits={"dev"})
    assert loaded.notes == ("read data/languages/es and data/languages/en of tiny_deep/1.0.0",)
    assert set(loaded.splits["dev"]) == {Pair(*pair) for pair in pairs(10)}


def test_features_are_chosen_by_name() -> None:
    options = {"source_column": "title/en", "target_column": "body/es", "splits": {"dev"}}
    loaded = load("tiny_several", **options)
    assert set(loaded.splits["dev"]) == {Pair(f"title {n} en", f"body {n} es") for n in range(10)}


def test_texts_that_cannot_be_used_are_counted() -> None:
    loaded = load("tiny_odd_pairs", splits={"dev"})
    found = {(pair.source, pair.target) for pair in loaded.splits["dev"]}
    assert found == {*pairs(10), ("caf\ufffd", "coffee"), ("¡sí!", "yes")}
    _, damaged, empty, unescaped = loaded.notes
    assert damaged == "replaced bytes that are not UTF-8 by U+FFFD in 1 of 13 dev pairs"
    assert empty.startswith("left out, because the source or the target is empty, 1 of 13 dev ")
    assert "the first at tfds:tiny_odd_pairs/dev:" in empty
    assert unescaped == "unescaped HTML entities in 1 of 13 dev pairs"


def test_no_text_of_a_language() -> None:
    message = fault("tiny_wmt", languages=("es", "fr"))
    assert "none of its texts (en, es) is called 'fr'; choose languages with --languages" in message
    assert "--target-column" in message
    assert "none of its texts (text) is called 'es'" in fault("tiny_splits")


def test_several_texts_of_a_language() -> None:
    message = fault("tiny_several")
    assert "several of its texts are called 'es'; choose one of body/es, title/es with " in message
    assert "--source-column" in message


def test_a_feature_that_is_not_there() -> None:
    message = fault("tiny_wmt", target_column="fr")
    assert "'fr' is not a text of it; choose one of en, es with --target-column" in message


def test_one_text_for_both_sides() -> None:
    message = fault("tiny_wmt", target_column="es")
    assert "source and target are both 'es'; choose another with --source-column" in message


def test_data_of_another_kind_are_refused_before_any_download(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("common.data.tfds.prepare", pytest.fail)
    assert "none of its texts (none) is called 'es'" in fault("mnist")
    assert "none of its texts (de, en) is called 'es'" in fault("wmt16_translate/de-en")
