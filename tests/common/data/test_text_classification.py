"""Labelled texts: choosing splits, columns and labels, and every way in which data are wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from common.data.splits import text_key
from common.data.text_classification import Example, TextClassificationData
from common.data.text_classification import load_text_classification as load
from common.errors import UserError, listed, one_line
from tests.common.data.data_case import (
    LABELS,
    DataCase,
    Pairs,
    no_builtin,
    pairs,
    table,
    write,
)


def load_path(path: Path, **options: object) -> TextClassificationData:
    return load(str(path), builtin=no_builtin, **options)  # type: ignore[arg-type]


def fault(path: Path | str, **options: object) -> str:
    """Returns the message of the error, which is one line and says what to do."""
    with pytest.raises(UserError) as caught:
        load(str(path), builtin=no_builtin, **options)  # type: ignore[arg-type]
    message = str(caught.value)
    assert "\n" not in message
    assert "; " in message
    return message


# ------------------------------------------------------------------------ choosing


@pytest.mark.parametrize("split", ["train", "dev", "test"])
def test_one_split_needs_no_other(tmp_path: Path, split: str) -> None:
    write(tmp_path / f"{split}.tsv", table(pairs(40)))
    wanted = load_path(tmp_path, splits={split}, labels=LABELS).splits
    if split == "train":  # a tenth is what training holds out as dev
        assert set(wanted["train"]) < {Example(*pair) for pair in pairs(40)}
    else:
        assert wanted == {split: tuple(Example(*pair) for pair in pairs(40))}


def test_dev_alone_is_what_training_had_as_dev(tmp_path: Path) -> None:
    write(tmp_path / "dev.tsv", table(pairs(10)))
    assert len(load_path(tmp_path, splits={"dev"}).splits["dev"]) == 10
    write(tmp_path / "test.tsv", table(pairs(4)))
    assert len(load_path(tmp_path, splits={"dev"}).splits["dev"]) == 6


def test_a_fault_in_a_split_that_is_not_needed_does_no_harm(tmp_path: Path) -> None:
    write(tmp_path / "train.tsv", "")
    write(tmp_path / "dev.tsv", table(pairs(10)))
    assert len(load_path(tmp_path, splits={"dev"}).splits["dev"]) == 10
    assert "train.tsv: the file is empty" in fault(tmp_path)


def test_an_added_row_moves_no_other(tmp_path: Path) -> None:
    path = write(tmp_path / "d.tsv", table(pairs(1_000)))
    before = {e.text: s for s, some in load_path(path).splits.items() for e in some}
    write(path, table(pairs(1_100)[::-1]))
    after = {e.text: s for s, some in load_path(path).splits.items() for e in some}
    assert len(after) == 1_100
    assert {text: after[text] for text in before} == before


def test_the_seed_decides(tmp_path: Path) -> None:
    path = write(tmp_path / "d.tsv", table(pairs(200)))
    assert load_path(path, seed=1) == load_path(path, seed=1)
    assert load_path(path, seed=1).splits["dev"] != load_path(path, seed=2).splits["dev"]


def test_identical_texts_stay_on_one_side(tmp_path: Path) -> None:
    twice = [*pairs(200), *((f" {text.upper()}", label) for text, label in pairs(200))]
    splits = load_path(write(tmp_path / "d.tsv", table(twice))).splits
    keys = [{text_key(e.text) for e in some} for some in splits.values()]
    assert sum(map(len, keys)) == len(set().union(*keys)) == 200
    assert sum(map(len, splits.values())) == 400


def test_all_beside_another_split_is_the_callers_mistake(tmp_path: Path) -> None:
    path = write(tmp_path / "d.tsv", table(pairs(200)))
    for splits in ({"all", "dev"}, set()):
        with pytest.raises(ValueError, match="splits must be"):
            load_path(path, splits=splits)


def test_columns_are_chosen_by_name(tmp_path: Path) -> None:
    rows = [(str(n), label, text) for n, (text, label) in enumerate(pairs(200))]
    path = write(tmp_path / "d.tsv", table(rows, ("id", "mood", "review")))
    options = {"splits": {"all"}, "text_column": "review", "label_column": "mood"}
    assert load_path(path, **options).splits["all"][7] == Example(*pairs(200)[7])
    assert f"{path}:1: no column is named 'text' (columns: id, mood, review)" in fault(path)
    message = fault(path, text_column="review")
    assert f"{path}:1: no column is named 'label'" in message
    assert "--label-column" in message


def test_texts_stay_as_they_are_and_labels_lose_spaces_around_them(tmp_path: Path) -> None:
    path = write(tmp_path / "d.tsv", "text\tlabel\n  It’s  FINE \t positive \n")
    loaded = load_path(path, splits={"all"})
    assert loaded.splits["all"] == (Example("  It’s  FINE ", "positive"),)


def test_a_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "d.tsv", table(pairs(200)))
    monkeypatch.setenv("HOME", str(tmp_path))
    loaded = load("~/d.tsv", builtin=no_builtin)
    assert loaded.name == "~/d.tsv"


def test_importing_is_light() -> None:
    code = (
        "import sys, common.data.text_classification\n"
        "print({'tensorflow', 'tensorflow_datasets', 'keras'} & set(sys.modules))"
    )
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"


# ------------------------------------------------------------------------ bad rows

# The second of two good rows is spoilt: content, the line, what the message says.
BAD_ROWS = {
    "empty text": ("\tpositive", 3, "the text is empty"),
    "blank text": (" \u00a0\u3000 \tpositive", 3, "the text is empty"),
    "empty label": ("good\t", 3, "the label is empty"),
    "blank label": ("good\t  ", 3, "the label is empty"),
    "too few columns": ("good", 3, "got 1 column, expected 2"),
    "too many columns": ("good\tfilm\tpositive", 3, "got 3 columns, expected 2"),
    "blank line": ("", 3, "the line is blank"),
    "nul": ("go\0od\tpositive", 3, "NUL byte"),
    "unknown label": ("good\tPositive", 3, "'Positive' is no class of the training split"),
}


@pytest.mark.parametrize(("row", "line", "said"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_of_dev(tmp_path: Path, row: str, line: int, said: str) -> None:
    write(tmp_path / "train.tsv", table(pairs(20)))
    dev = write(tmp_path / "dev.tsv", f"text\tlabel\nfine\tnegative\n{row}\nfair\tnegative\n")
    message = fault(tmp_path)
    assert message.startswith(f"{dev}:{line}: ")
    assert said in message


def test_a_row_that_is_not_utf8(tmp_path: Path) -> None:
    write(tmp_path / "train.tsv", table(pairs(20)))
    dev = write(tmp_path / "dev.tsv", b"text\tlabel\nfine\tnegative\ncaf\xe9\tpositive\n")
    assert fault(tmp_path).startswith(f"{dev}:3: the text is not UTF-8 at byte offset 28 ")


def test_a_label_of_two_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "d.csv", 'text,label\n"a\nb",yes\nfine,"very\ngood"\n')
    assert fault(path).startswith(f"{path}:4: there is a line break in the label 'very good'")


def test_a_label_that_the_model_does_not_know(tmp_path: Path) -> None:
    dev = write(tmp_path / "dev.tsv", table([*pairs(4), ("fair", "neutral")]))
    message = fault(tmp_path, splits={"dev"}, labels=LABELS)
    assert message.startswith(f"{dev}:6: the label 'neutral' is no class of the model (negative, ")
    message = fault(dev, splits={"all"}, labels=["a", "b"])
    assert message.startswith(f"{dev}:2: the label 'negative' is no class of the model (a, b)")


def test_an_unknown_label_in_a_class_folder(tmp_path: Path) -> None:
    for n, (text, label) in enumerate(pairs(20)):
        write(tmp_path / "train" / label / f"{n}.txt", text)
    odd = write(tmp_path / "dev" / "neutral" / "a.txt", "fair")
    assert fault(tmp_path).startswith(f"{odd}: the label 'neutral' is no class of the training")


def test_an_unknown_split_in_the_split_column(tmp_path: Path) -> None:
    rows = [(*pair, "train") for pair in pairs(4)] + [("fair", "positive", "eval")]
    path = write(tmp_path / "d.tsv", table(rows, ("text", "label", "split")))
    message = fault(path)
    assert message.startswith(f"{path}:6: no split is called 'eval'; write one of train, ")


@pytest.mark.parametrize("content", ["", "  \n"], ids=["no byte", "blank"])
def test_an_empty_text_file(tmp_path: Path, content: str) -> None:
    for n, (text, label) in enumerate(pairs(20)):
        write(tmp_path / label / f"{n:02}.txt", text)
    path = write(tmp_path / "negative" / "99.txt", content)
    message = fault(tmp_path)
    assert message.startswith(f"{path}: ")
    assert "is empty" in message


# ------------------------------------------------------------------------ bad classes


def test_a_single_class(tmp_path: Path) -> None:
    path = write(tmp_path / "train.tsv", table([(f"text {n}", "good") for n in range(20)]))
    write(tmp_path / "dev.tsv", table(pairs(2)))
    message = fault(tmp_path)
    assert message.startswith(f"{path}:2: from here on every example")
    assert "'good'" in message


def test_a_class_with_one_example(tmp_path: Path) -> None:
    path = write(tmp_path / "train.tsv", table([*pairs(9), ("fair", "neutral"), *pairs(2, 9)]))
    write(tmp_path / "dev.tsv", table(pairs(4, 20)))
    message = fault(tmp_path)
    assert message.startswith(f"{path}:11: this is the only example of the class 'neutral'")


def test_a_class_with_one_example_left(tmp_path: Path) -> None:
    rows = [*pairs(10), ("fair", "neutral"), ("so so", "neutral")]
    train = write(tmp_path / "train.tsv", table(rows))
    write(tmp_path / "dev.tsv", table([*pairs(4, 20), ("So so", "neutral")]))
    assert fault(tmp_path).startswith(f"{train}:12: this is the only example")


# ------------------------------------------------------------------------ bad paths


@pytest.mark.parametrize("data", ["no/such.tsv", "imdb_reviews", ""])
def test_no_such_path(data: str) -> None:
    message = fault(data)
    assert message.startswith(f"{data or repr('')}: there is no such file or folder")
    assert "tfds:NAME" in message


@pytest.mark.parametrize("name", ["d.json", "d.txt", "d", "d.tsv.zip", "d.gz"])
def test_a_file_of_another_kind(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, table(pairs(4)))
    message = fault(path)
    assert message.startswith(f"{path}: this is neither a folder nor a table named .tsv, .csv")


def test_a_device() -> None:
    assert fault("/dev/null").startswith("/dev/null: this is neither a folder nor a table")


def test_an_empty_folder(tmp_path: Path) -> None:
    message = fault(tmp_path)
    assert message.startswith(f"{tmp_path}: there is neither a split file (such as train.tsv; ")


def test_an_empty_class_folder(tmp_path: Path) -> None:
    for n, (text, label) in enumerate(pairs(20)):
        write(tmp_path / label / f"{n}.txt", text)
    (tmp_path / "neutral").mkdir()
    assert fault(tmp_path).startswith(f"{tmp_path / 'neutral'}: this class folder holds no .txt")


def test_an_empty_split_folder(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    assert fault(tmp_path).startswith(f"{tmp_path / 'train'}: there is neither a split file")


@pytest.mark.parametrize(
    ("first", "second", "split"),
    [
        ("dev.tsv", "valid.csv", "dev"),
        ("train.tsv", "train.tsv.gz", "train"),
        ("test", "test.tsv", "test"),
    ],
)
def test_two_sources_of_one_split(tmp_path: Path, first: str, second: str, split: str) -> None:
    for name in (first, second):
        write(tmp_path / name / "a.txt" if name == "test" else tmp_path / name, "x")
    message = fault(tmp_path)
    assert f"{tmp_path / first} " in message
    assert f"{tmp_path / second}: " in message
    assert f"both the {split} split" in message


@pytest.mark.parametrize("broken", ["read_bytes", "iterdir"])
def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    path = write(tmp_path / "train.tsv", table(pairs(20)))
    monkeypatch.setattr(Path, broken, refuse)  # root may read everything
    message = fault(tmp_path)
    assert message.startswith(str(path if broken == "read_bytes" else tmp_path) + ": the ")
    assert "cannot be read (Permission denied)" in message


# ------------------------------------------------------------------------ missing splits


@pytest.mark.parametrize(
    ("there", "wanted", "said"),
    [
        (["dev"], None, "there is no train split, only dev"),
        (["test"], None, "there is no train split, only test"),
        (["train", "dev"], {"test"}, "there is no test split, only train, dev"),
        (["test"], {"dev"}, "there is no dev split, only test"),
    ],
)
def test_no_such_split(
    tmp_path: Path, there: list[str], wanted: set[str] | None, said: str
) -> None:
    for n, split in enumerate(there):
        write(tmp_path / f"{split}.tsv", table(pairs(20, 20 * n)))
    message = fault(tmp_path, splits=wanted)
    assert message.startswith(f"{tmp_path}: {said}; add it (as in ")
    rows = [(*pair, s) for n, s in enumerate(there) for pair in pairs(20, 20 * n)]
    path = write(tmp_path / "one" / "d.tsv", table(rows, ("text", "label", "split")))
    assert fault(path, splits=wanted).startswith(f"{path}: {said}; add it (as in ")


def test_an_unknown_split_name(tmp_path: Path) -> None:
    path = write(tmp_path / "d.tsv", table(pairs(200)))
    message = fault(path, splits={"eval"})
    assert message == "no split is called 'eval'; choose train, dev, test or all"


def test_too_little_to_split(tmp_path: Path) -> None:
    path = write(tmp_path / "d.tsv", table(pairs(6)))
    message = fault(path)
    assert message.startswith(f"{path}: there are too few texts to make a dev split of")
    write(tmp_path / "folder" / "train.tsv", table(pairs(6)))
    assert "too few texts to make a dev split of" in fault(tmp_path / "folder")


def test_nothing_left_of_a_split(tmp_path: Path) -> None:
    write(tmp_path / "train.tsv", table(pairs(20)))
    write(tmp_path / "dev.tsv", table(pairs(20)))
    message = fault(tmp_path)
    assert message.startswith(f"{tmp_path}: no usable texts are left in the train split (removed ")


# ------------------------------------------------------------------------ the tests themselves


class _Leaky(DataCase):
    """Built-in data that the loader is kept from cleaning."""

    train, dev = 4, 4
    rows = 8

    def make(self, folder: Path) -> str:
        return "builtin"

    def builtin(self) -> dict[str, Pairs]:
        return {"train": pairs(4), "dev": pairs(4)}


def test_the_harness_sees_a_shared_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "common.data.sources.remove_overlap", lambda splits, key, items, same: (splits, [])
    )
    with pytest.raises(AssertionError):
        _Leaky().test_no_text_is_in_two_splits("builtin")


# ------------------------------------------------------------------------ messages


def test_foreign_text_fits_on_one_line() -> None:
    assert one_line("a\n\tb  c") == "a b c"
    assert one_line("x" * 300, 10) == "x" * 9 + "…"


def test_names_are_listed_and_counted() -> None:
    assert listed([]) == "none"
    assert listed(["a", "b\nc"]) == "a, b c"
    assert listed(map(str, range(1_005)), 2) == "0, 1 and 1,003 more"
