"""TensorFlow Datasets, without a network: prepared data are read, anything else is one sentence."""

from __future__ import annotations

import errno
import io
import logging
import socket
import tarfile
import time
import urllib.error
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests
import tensorflow_datasets as tfds
from tensorflow_datasets.core.download import downloader

from common.data.text_classification import TextClassificationData, load_text_classification
from common.errors import UserError
from tests.common.data.data_case import LABELS, DataCase, Pairs, no_builtin, pairs, write

Rows = Sequence[Mapping[str, Any]]
Prepare = Callable[..., None]


class TinyReviews(tfds.core.GeneratorBasedBuilder):
    """A registered builder, as those that TFDS brings; nothing is downloaded."""

    VERSION = tfds.core.Version("1.0.0")
    pkg_dir_path = None  # there are no metadata files beside this file

    splits: Mapping[str, Rows] = {}
    features: Mapping[str, Any] = {}

    def _info(self) -> tfds.core.DatasetInfo:
        return tfds.core.DatasetInfo(
            builder=self, features=tfds.features.FeaturesDict(self.features)
        )

    def _split_generators(self, dl_manager: object) -> dict[str, Iterator[tuple[int, Any]]]:
        return {name: self._generate_examples(rows) for name, rows in self.splits.items()}

    def _generate_examples(self, rows: Rows) -> Iterator[tuple[int, Any]]:
        yield from enumerate(rows)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A TFDS data folder with small data sets, most of them known by their files alone."""
    folder = tmp_path_factory.mktemp("tensorflow_datasets")
    text, label = tfds.features.Text(), tfds.features.ClassLabel(names=LABELS)
    plain = {"text": text, "label": label}
    _prepare(
        folder, "tiny_splits", plain, train=_rows(60), validation=_rows(10, 60), test=_rows(6, 70)
    )
    unlabelled = [{"text": f"who knows {n}", "label": -1} for n in range(4)]
    _prepare(folder, "tiny_glue", plain, train=_rows(60), test=unlabelled, unsupervised=unlabelled)
    odd = [
        *_rows(60),
        *unlabelled[:1],
        {"text": "  ", "label": 0},
        {"text": b"caf\xe9", "label": 0},
    ]
    _prepare(folder, "tiny_odd", plain, train=odd)
    _prepare(folder, "tiny_unlabelled", plain, train=unlabelled)
    two = {"premise": text, "hypothesis": text, "sentiment": label, "topic": label, "id": np.int64}
    _prepare(folder, "tiny_pairs", two, train=[_two(n) for n in range(60)])
    several = {"title": text, "description": text, "mood": label}
    _prepare(folder, "tiny_news", several, train=[_news(n) for n in range(60)])
    _prepare(
        folder,
        "tiny_numbers",
        {"value": np.int64, "label": label},
        train=[{"value": 1, "label": 0}],
    )
    _prepare(folder, "tiny_damaged", plain, train=_rows(60))
    for record in (folder / "tiny_damaged").rglob("*.tfrecord*"):
        record.write_bytes(record.read_bytes()[:500] + b"\xff" * 50)
    return folder


def _prepare(folder: Path, name: str, features: Mapping[str, Any], **splits: Rows) -> None:
    with tfds.core.registered.skip_registration():
        made = type(name, (TinyReviews,), {"name": name, "features": features, "splits": splits})
    made(data_dir=folder).download_and_prepare()


def _rows(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [{"text": text, "label": LABELS.index(label)} for text, label in pairs(count, start)]


def _two(n: int) -> dict[str, Any]:
    return {
        "premise": f"premise {n}",
        "hypothesis": f"hypothesis {n}",
        "sentiment": n % 2,
        "topic": n // 2 % 2,
        "id": n,
    }


def _news(n: int) -> dict[str, Any]:
    return {"title": "title", "description": f"description {n}", "mood": n % 2}


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
        "left out 4 test texts that have no label",
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
    monkeypatch.setattr(TinyReviews, "splits", {"train": _rows(60), "validation": _rows(10, 60)})
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
    for split, rows in (("train", pairs(40)), ("dev", pairs(8, 40))):
        lines = [f"{text}\t{LABELS.index(label)}\n" for text, label in rows]
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
        "left out 2 test texts that have no label",
    )
    message = fault("glue/sst2", splits={"test"})
    assert "no usable texts are left in the test split (left out 2 test texts" in message


def test_texts_that_cannot_be_used_are_counted() -> None:
    loaded = load("tiny_odd")
    assert loaded.notes[1:4] == (
        "left out 1 train texts that have no label",
        "left out 1 empty train texts",
        "1 train texts are not valid UTF-8; the bytes at fault became U+FFFD",
    )
    texts = [e.text for e in load("tiny_odd", splits={"all"}).splits["all"]]
    assert sorted(texts) == sorted(["caf\ufffd", *(text for text, _ in pairs(60))])


def test_a_training_split_without_labels() -> None:
    assert "no usable texts are left in the train split (left out 4 train" in fault(
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


def test_without_tfds(monkeypatch: pytest.MonkeyPatch) -> None:
    from common.data import tfds as ours

    ours._import_tfds.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "tensorflow_datasets", None)
    with pytest.raises(UserError, match="install it with pip install tensorflow-datasets"):
        load("imdb_reviews")


# ------------------------------------------------------------------------ no network


@pytest.mark.usefixtures("no_network")
def test_without_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    began = time.perf_counter()
    message = fault("imdb_reviews")
    assert time.perf_counter() - began < 30
    assert str(tmp_path / "imdb_reviews/plain_text/1.0.0") in message
    assert "cannot be downloaded (no answer from ai.stanford.edu)" in message
    assert "check the network" in message
    said = capsys.readouterr()
    assert said.out == ""
    assert "Retrying" not in said.err


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
