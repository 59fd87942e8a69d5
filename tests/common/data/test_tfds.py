"""TensorFlow Datasets, without a network: prepared data are read, anything else is one sentence."""

from __future__ import annotations

import errno
import io
import logging
import socket
import sys
import tarfile
import time
import urllib.error
from pathlib import Path
from typing import Any

import pytest
import requests
import tensorflow_datasets as tfds
from tensorflow_datasets.core.download import downloader

from common.data.text_classification import TextClassificationData, load_text_classification
from common.errors import UserError
from tests.common.data.data_case import LABELS, DataCase, Pairs, no_builtin, pairs, write
from tests.common.data.tiny_builders import TinyReviews, prepare_tiny_builders, rows


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_tiny_builders(tmp_path_factory.mktemp("tensorflow_datasets"))


@pytest.fixture(autouse=True)
def _data_dir(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFDS_DATA_DIR", str(prepared))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(host: str, *_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def load(name: str, **options: Any) -> TextClassificationData:
    return load_text_classification(f"tfds:{name}", builtin=no_builtin, **options)


def fault(name: str, **options: Any) -> str:
    """Returns the message of the error, which is one line and says what to do."""
    with pytest.raises(UserError) as caught:
        load(name, **options)
    message = str(caught.value)
    assert message.startswith(f"tfds:{name}: ")
    assert "\n" not in message
    assert "; " in message
    return message


# ------------------------------------------------------------------------ prepared data


class TestPreparedFiles(DataCase):
    train, dev, test = 60, 10, 6
    rows = 76
    notes = ("read text and label of tiny_splits/1.0.0",)

    def make(self, folder: Path) -> str:
        return "tfds:tiny_splits"


class TestNoValidation(DataCase):
    train, dev = 52, 8
    rows = 60
    notes = (
        "read text and label of tiny_glue/1.0.0",
        "ignored the splits unsupervised",
        "left out, because they have no label, 4 of 4 test texts",
        "split dev off train by hash",
    )

    def make(self, folder: Path) -> str:
        return "tfds:tiny_glue"


def test_a_registered_builder_is_prepared_when_first_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    label = tfds.features.ClassLabel(names=LABELS)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(TinyReviews, "features", {"text": tfds.features.Text(), "label": label})
    monkeypatch.setattr(TinyReviews, "splits", {"train": rows(60), "validation": rows(10, 60)})
    first = load("tiny_reviews")
    assert {(e.text, e.label) for e in first.splits["dev"]} == set(pairs(10, 60))
    monkeypatch.setattr(TinyReviews, "splits", {})
    assert load("tiny_reviews") == first
    assert load("tiny_reviews:1.0.0").splits == first.splits
    assert capsys.readouterr().out == ""  # standard output belongs to the command


def test_imdb_reviews(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TFDS's own builder, on a small archive laid out as the one that it downloads."""
    archive = tmp_path / "aclImdb_v1.tar.gz"
    texts: dict[str, str] = {"aclImdb/README": "read me"}
    for n, (text, label) in enumerate(pairs(48)):
        texts[f"aclImdb/{('train', 'test')[n >= 40]}/{label[:3]}/{n}_7.txt"] = text
    texts["aclImdb/train/unsup/0_0.txt"] = "who knows"
    with tarfile.open(archive, "w:gz") as tar:
        for name, text in texts.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(tfds.download.DownloadManager, "download", lambda manager, url: archive)
    loaded = load("imdb_reviews")
    assert loaded.labels == ("neg", "pos")
    assert loaded.notes[:2] == (
        "read text and label of imdb_reviews/plain_text/1.0.0",
        "ignored the splits unsupervised",
    )
    short: Pairs = [(text, label[:3]) for text, label in pairs(48)]
    assert {(e.text, e.label) for e in loaded.splits["test"]} == set(short[40:])
    rest = [*loaded.splits["train"], *loaded.splits["dev"]]
    assert {(e.text, e.label) for e in rest} == set(short[:40])


def test_glue_sst2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TFDS's own builder; its text has another name, and its test split no labels."""
    for split, some in (("train", pairs(40)), ("dev", pairs(8, 40))):
        lines = [f"{text}\t{LABELS.index(label)}\n" for text, label in some]
        write(tmp_path / "SST-2" / f"{split}.tsv", "sentence\tlabel\n" + "".join(lines))
    write(tmp_path / "SST-2" / "test.tsv", "index\tsentence\n0\twho knows\n1\tnobody\n")
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "data"))
    manager = tfds.download.DownloadManager
    monkeypatch.setattr(manager, "download_and_extract", lambda manager, url: str(tmp_path))
    loaded = load("glue/sst2")
    assert loaded.labels == LABELS
    assert {(e.text, e.label) for e in loaded.splits["dev"]} == set(pairs(8, 40))
    assert len(loaded.splits["train"]) == 40
    assert loaded.notes == (
        "read sentence and label of glue/sst2/2.0.0",
        "left out, because they have no label, 2 of 2 test texts",
    )


@pytest.mark.parametrize(
    ("name", "splits"),
    [("tiny_labelless", {"test"}), ("tiny_labelless", {"dev", "test"}), ("tiny_glue", {"test"})],
)
def test_a_test_split_without_labels(name: str, splits: set[str]) -> None:
    assert "the test split (left out, because they have no" in fault(name, splits=splits)


def test_dev_without_labels_is_replaced_by_a_part_of_train() -> None:
    whole = load("tiny_hidden")
    assert len(whole.splits["dev"]) == 8
    assert load("tiny_hidden", splits={"dev"}).splits == {"dev": whole.splits["dev"]}


def test_two_splits_of_one_kind() -> None:
    loaded = load("tiny_twice")
    assert {e.text for e in loaded.splits["dev"]} == {text for text, _ in pairs(10, 60)}
    assert loaded.notes[1] == "ignored the splits validation"


def test_texts_that_cannot_be_used_are_counted() -> None:
    loaded = load("tiny_odd")
    assert loaded.notes[1:4] == (
        "left out, because they have no label, 1 of 63 train texts",
        "left out, because they are empty, 1 of 63 train texts",
        "replaced bytes that are not UTF-8 by U+FFFD in 1 of 63 train texts",
    )
    texts = [e.text for e in load("tiny_odd", splits={"all"}).splits["all"]]
    assert sorted(texts) == sorted(["caf\ufffd", *(text for text, _ in pairs(60))])


def test_a_training_split_without_labels() -> None:
    assert "no usable texts are left in the train split (left out, because" in fault(
        "tiny_unlabelled"
    )


# ------------------------------------------------------------------------ features


def test_the_usual_name_is_preferred() -> None:
    loaded = load("tiny_news", splits={"all"})
    assert loaded.notes == ("read description and mood of tiny_news/1.0.0",)
    assert {e.text for e in loaded.splits["all"]} == {f"description {n}" for n in range(60)}


def test_features_are_chosen_by_name() -> None:
    options = {"splits": {"all"}, "text_column": "premise", "label_column": "topic"}
    loaded = load("tiny_pairs", **options)
    expected = {(f"premise {n}", LABELS[n // 2 % 2]) for n in range(60)}
    assert {(e.text, e.label) for e in loaded.splits["all"]} == expected


def test_one_of_several_must_be_chosen() -> None:
    message = fault("tiny_pairs")
    assert "several features are a text; choose one of hypothesis, premise" in message
    assert "--text-column" in message
    assert "choose one of hypothesis, premise" in fault("snli")
    message = fault("tiny_pairs", text_column="premise")
    assert "several features are a class label; choose one of sentiment, topic" in message
    assert "--label-column" in message


def test_a_feature_that_is_not_there() -> None:
    message = fault("tiny_splits", text_column="review")
    assert "'review' is not a text of it; choose one of text with --text-column" in message
    message = fault("tiny_splits", label_column="text")
    assert "'text' is not a class label of it; choose one of label" in message


def test_data_of_another_kind_are_refused_before_any_download(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("common.data.tfds.prepare", pytest.fail)
    assert "none of its features is a text (label, value)" in fault("tiny_numbers")
    assert "none of its features is a text (image, label)" in fault("mnist")


# ------------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("imdb_review", "no builder of this name"),
        ("imdb_review", "perhaps imdb_reviews; find names at https://"),
        ("nothing_like_this", "list_builders()"),
        ("nowhere:imdb", "no builder of this name"),
        ("glue/nothing", "check the name, the configuration and the version"),
        ("imdb_reviews:9.9.9", "check the name, the configuration and the version"),
        ("imdb_reviews/size=3", "check the name, the configuration and the version"),
        ("not a name!", "check the name, the configuration and the version"),
        ("", "check the name, the configuration and the version"),
    ],
)
@pytest.mark.usefixtures("no_network")
def test_names_that_nothing_has(name: str, said: str) -> None:
    began = time.perf_counter()
    assert said in fault(name)
    assert time.perf_counter() - began < 10


def test_what_tfds_prints_stays_off_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def builder(name: str, **_: object) -> None:
        print("Failed to import datasets.")
        raise ModuleNotFoundError("No module named 'datasets'", name="datasets")

    monkeypatch.setattr(tfds, "builder", builder)
    assert "install datasets with pip" in fault("huggingface:imdb")
    assert capsys.readouterr().out == ""


def test_without_tfds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(UserError, match="install it with pip install tensorflow-datasets"):
        load("imdb_reviews")


# ------------------------------------------------------------------------ no network


@pytest.mark.usefixtures("no_network")
def test_without_a_network(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    began = time.perf_counter()
    message = fault("imdb_reviews")
    assert time.perf_counter() - began < 30
    assert str(tmp_path / "imdb_reviews/plain_text/1.0.0") in message
    assert "cannot be downloaded (no answer from ai.stanford.edu)" in message
    assert "check the network" in message
    assert capsys.readouterr().out == ""
    assert not [record for record in caplog.records if record.name.startswith("urllib3")]


def test_a_connection_is_not_awaited_forever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[Any] = []

    def get(session: requests.Session, url: str, **options: Any) -> None:
        waits.append(options.get("timeout"))
        waits.append(downloader.MAX_RETRIES)
        raise requests.ConnectTimeout("no answer", request=requests.Request("GET", url).prepare())

    before = (downloader.MAX_RETRIES, downloader._open_with_requests)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(requests.Session, "get", get)
    assert "(no answer from ai.stanford.edu)" in fault("imdb_reviews")
    (connect, read), retries = waits
    assert connect * (retries + 1) < 30
    assert read >= 30
    assert (downloader.MAX_RETRIES, downloader._open_with_requests) == before
    assert logging.getLogger("urllib3.connectionpool").level == logging.NOTSET


FAILURES = {
    "connection": (requests.ConnectionError("refused"), "check the network"),
    "ftp": (urllib.error.URLError("refused"), "check the network"),
    "reset": (ConnectionResetError("reset"), "check the network"),
    "name": (socket.gaierror(-2, "Name or service not known"), "check the network"),
    "status": (tfds.download.DownloadError("Failed. HTTP code: 404."), "HTTP code: 404"),
    "disk": (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
    "manual": (AssertionError("Put it into\n\n downloads/manual by hand"), "manual by hand"),
    "package": (
        ModuleNotFoundError("No module 'pandas'", name="pandas"),
        "install pandas with pip",
    ),
    "import": (ImportError("cannot import"), "install what it names"),
    "blocked": (ValueError("too old"), "ValueError: too old"),
    "no message": (RuntimeError(), "(RuntimeError)"),
}


@pytest.mark.parametrize(("error", "said"), FAILURES.values(), ids=FAILURES)
def test_every_failure_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(builder: object, **_: object) -> None:
        raise error

    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", fail)
    assert said in fault("imdb_reviews")


def test_damaged_records(prepared: Path) -> None:
    message = fault("tiny_damaged")
    assert f"the prepared data in {prepared}/tiny_damaged/1.0.0 cannot be read (" in message
    assert "delete that folder and run again" in message
