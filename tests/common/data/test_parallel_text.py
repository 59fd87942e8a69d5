"""Translations: choosing splits, columns and languages; texts, empty sides and checks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from common.data.parallel_text import Pair
from common.data.parallel_text import load_parallel_text as load
from tests.common.data.data_case import Pairs, no_builtin, write
from tests.common.data.parallel_case import (
    ParallelCase,
    fault,
    load_all,
    load_path,
    pair_table,
    pairs,
    sides,
)

# ------------------------------------------------------------------------ choosing


@pytest.mark.parametrize("split", ["train", "dev", "test"])
def test_one_split_needs_no_other(tmp_path: Path, split: str) -> None:
    write(tmp_path / f"{split}.tsv", pair_table(pairs(40)))
    wanted = load_path(tmp_path, splits={split}).splits
    if split == "train":  # a tenth is what training holds out as dev
        assert set(wanted["train"]) < {Pair(*pair) for pair in pairs(40)}
    else:
        assert wanted == {split: tuple(Pair(*pair) for pair in pairs(40))}


def test_a_fault_in_a_split_that_is_not_needed_does_no_harm(tmp_path: Path) -> None:
    write(tmp_path / "train.es", "alone")
    write(tmp_path / "dev.tsv", pair_table(pairs(10)))
    assert len(load_path(tmp_path, splits={"dev"}).splits["dev"]) == 10
    assert "is missing" in fault(tmp_path)


def test_several_translations_stay(tmp_path: Path) -> None:
    several = [("la casa", "the house"), ("la casa", "the home"), ("el hogar", "the home")]
    write(tmp_path / "train.tsv", pair_table(pairs(10)))
    write(tmp_path / "dev.tsv", pair_table([*several, *several]))
    loaded = load_path(tmp_path)
    assert loaded.splits["dev"] == tuple(Pair(*pair) for pair in several)
    assert loaded.notes == ("left out, because the same pair stands before, 3 of 6 dev pairs",)


def test_the_seed_decides(tmp_path: Path) -> None:
    path = write(tmp_path / "d.tsv", pair_table(pairs(200)))
    assert load_path(path, seed=1) == load_path(path, seed=1)
    assert load_path(path, seed=1).splits["dev"] != load_path(path, seed=2).splits["dev"]


def test_a_sentence_that_links_half_of_the_source_stays_in_train(tmp_path: Path) -> None:
    common = [("Sí.", f"answer {n}") for n in range(100)]
    loaded = load_path(write(tmp_path / "d.tsv", pair_table([*pairs(100), *common])))
    assert {Pair(*pair) for pair in common} <= set(loaded.splits["train"])
    assert sum(map(len, loaded.splits.values())) == 200
    assert loaded.notes[0].endswith(" of them to each other, 100 of 200 pairs")


def test_columns_are_chosen_by_name(tmp_path: Path) -> None:
    rows = [(str(n), target, source) for n, (source, target) in enumerate(pairs(20))]
    path = write(tmp_path / "d.tsv", pair_table(rows, ("id", "en", "es")))
    found = load_all(path, source_column="es", target_column="en")
    assert found == tuple(Pair(*pair) for pair in pairs(20))
    assert f"{path}:1: no column is named 'source' (columns: id, en, es)" in fault(path)
    message = fault(path, source_column="es")
    assert f"{path}:1: no column is named 'target'" in message
    assert "--target-column" in message


def test_languages_are_chosen_by_name(tmp_path: Path) -> None:
    for language, text in zip(("fr", "de"), sides(pairs(20)), strict=True):
        write(tmp_path / f"c.{language}", text)
    found = load_all(tmp_path / "c", languages=("de", "fr"))
    assert found == tuple(Pair(target, source) for source, target in pairs(20))


def test_all_beside_another_split_is_the_callers_mistake(tmp_path: Path) -> None:
    path = write(tmp_path / "d.tsv", pair_table(pairs(20)))
    for splits in ({"all", "dev"}, set()):
        with pytest.raises(ValueError, match="splits must be"):
            load_path(path, splits=splits)


@pytest.mark.parametrize("option", ["languages", "columns"])
def test_both_sides_alike(tmp_path: Path, option: str) -> None:
    path = write(tmp_path / "d.tsv", pair_table(pairs(20)))
    if option == "languages":
        said = fault(path, languages=("es", "es"))
        assert said.startswith("the languages (--languages) of source and target are both 'es'; ")
    else:
        said = fault(path, target_column="source")
        assert said.startswith("the columns (--source-column, --target-column) of source and ")


def test_a_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for language, text in zip(("es", "en"), sides(pairs(200)), strict=True):
        write(tmp_path / f"corpus.{language}", text)
    monkeypatch.setenv("HOME", str(tmp_path))
    loaded = load("~/corpus", builtin=no_builtin)
    assert loaded.name == "~/corpus"
    assert sum(map(len, loaded.splits.values())) == 200


def test_a_folder_goes_before_files_of_its_name(tmp_path: Path) -> None:
    for language, text in zip(("es", "en"), sides(pairs(3)), strict=True):
        write(tmp_path / f"corpus.{language}", text)
    write(tmp_path / "corpus" / "train.tsv", pair_table(pairs(20)))
    assert len(load_all(tmp_path / "corpus")) == 20


def test_importing_is_light() -> None:
    code = (
        "import sys, common.data.parallel_text\n"
        "print({'tensorflow', 'tensorflow_datasets', 'keras'} & set(sys.modules))"
    )
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"


# ------------------------------------------------------------------------ check


def test_check_looks_at_the_training_pairs(tmp_path: Path) -> None:
    seen: list[Sequence[Pair]] = []

    def check(some: Sequence[Pair]) -> str | None:
        seen.append(some)
        return "odd" if len(some) == 20 else None

    write(tmp_path / "train.tsv", pair_table([*pairs(20), *pairs(1)]))
    write(tmp_path / "dev.tsv", pair_table(pairs(5, 20)))
    loaded = load_path(tmp_path, check=check)
    assert loaded.notes == (
        "left out, because the same pair stands before, 1 of 21 train pairs",
        "odd",
    )
    assert load_path(tmp_path, splits={"dev"}, check=check).notes == ()
    load_path(tmp_path, splits={"all"}, check=check)
    assert [len(some) for some in seen] == [20, 5, 25]
    assert seen[0] == loaded.splits["train"]


# ------------------------------------------------------------------------ texts


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&quot;a&quot; &#39;b&#39; &amp; c", "\"a\" 'b' & c"),
        ("&#xe1;&#225;&ntilde;&nbsp;&hellip;", "ááñ ..."),
        ("&amp;quot;a&amp;amp;quot;", '"a"'),
        ("AT&T &c; R&D &notit; &para &#; &;", "AT&T &c; R&D &notit; &para &#; &;"),
        ("&#x200f;a&#8203;", "a"),
    ],
)
def test_entities(tmp_path: Path, written: str, read: str) -> None:
    write(tmp_path / "dev.tsv", pair_table([(written, "x")]))
    loaded = load_path(tmp_path, splits={"dev"})
    assert loaded.splits["dev"] == (Pair(read, "x"),)
    counted = ("unescaped HTML entities in 1 of 1 dev pairs",) if "AT&T" not in written else ()
    assert loaded.notes == counted


def test_texts_are_normalised(tmp_path: Path) -> None:
    written = ("\u200eel  nin\u0303o\u00a0\u202edice\u202c\x07 ", "he’ll\u200b say")
    path = write(tmp_path / "d.tsv", pair_table([written]))
    assert load_all(path) == (Pair("el niño dice", "he'll say"),)


def test_a_line_may_hold_any_character_but_its_end(tmp_path: Path) -> None:
    write(tmp_path / "c.es", "a\u2028b\x0cc\td\ne\n")
    write(tmp_path / "c.en", "1\n2")
    assert load_all(tmp_path / "c") == (Pair("a b c d", "1"), Pair("e", "2"))


# ------------------------------------------------------------------------ empty sides


def test_a_few_empty_sides_are_left_out(tmp_path: Path) -> None:
    rows = [*pairs(7), ("  ", "nothing"), ("nada", "&nbsp;\u200b"), *pairs(1, 7)]
    path = write(tmp_path / "d.tsv", pair_table(rows))
    loaded = load_path(path, splits={"all"})
    assert loaded.splits["all"] == tuple(Pair(*pair) for pair in pairs(8))
    assert loaded.notes == (
        "left out, because the source or the target is empty, 2 of 10 pairs, the first at "
        f"{path}:9",
    )


def test_the_file_with_the_empty_side_is_named(tmp_path: Path) -> None:
    write(tmp_path / "c.es", "a\nb\n\nc\n")
    write(tmp_path / "c.en", "a\n\nx\nc\n")
    [note] = load_path(tmp_path / "c", splits={"all"}).notes
    assert note.endswith(f"2 of 4 pairs, the first at {tmp_path}/c.en:2")


def test_more_than_half_of_the_sides_empty(tmp_path: Path) -> None:
    write(tmp_path / "train.tsv", pair_table(pairs(10)))
    dev = write(tmp_path / "dev.tsv", pair_table([*pairs(2, 10), *(("x", "") for _ in range(3))]))
    message = fault(tmp_path)
    assert message.startswith(
        f"{dev}:4: the text is empty, and so is one side of 3 of 5 dev pairs;"
    )
    write(dev, pair_table([("", f"{n}") for n in range(3)]))
    assert fault(tmp_path).startswith(f"{dev}:2: the text is empty, and so is one side of 3 of 3 ")


def test_blank_lines_are_not_counted_among_those_that_have_two_sides(tmp_path: Path) -> None:
    write(tmp_path / "c.es", "\n" * 10 + "a\nb\nc\n")
    write(tmp_path / "c.en", "\n" * 10 + "a\n\n\n")
    said = "c.en:12: the text is empty, and so is one side of 2 of 13 pairs;"
    assert said in fault(tmp_path / "c", splits={"all"})


def test_blank_lines_between_pairs_are_no_empty_sides(tmp_path: Path) -> None:
    for language, text in zip(("es", "en"), sides(pairs(20)), strict=True):
        last = "x\n" if language == "en" else "\n"
        write(tmp_path / f"c.{language}", text.replace("\n", "\n\n\n") + last)
    [blank, one_sided] = load_path(tmp_path / "c", splits={"all"}).notes
    assert blank.startswith("left out, because both sides are blank, 40 of 61 pairs, the first at ")
    assert blank.endswith("c.es:2")
    assert one_sided.endswith("1 of 61 pairs, the first at " + f"{tmp_path}/c.es:61")


def test_nothing_but_blank_lines(tmp_path: Path) -> None:
    for language in ("es", "en"):
        write(tmp_path / f"train.{language}", " \n\n")
    write(tmp_path / "dev.tsv", pair_table(pairs(2)))
    message = fault(tmp_path)
    assert message.startswith(f"{tmp_path}: no usable pairs are left in the train split (left out")


# ------------------------------------------------------------------------ the tests themselves


class _Leaky(ParallelCase):
    """Built-in data that the loader is kept from cleaning."""

    def builtin(self) -> dict[str, Pairs]:
        return {"train": [("la frase", "a sentence")], "dev": [("la frase", "the sentence")]}


def test_the_harness_sees_a_shared_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "common.data.sources.remove_overlap", lambda splits, key, items, same: (splits, [])
    )
    with pytest.raises(AssertionError):
        _Leaky().test_no_sentence_of_either_language_is_in_two_splits("builtin")


# ------------------------------------------------------------------------ builtin


def test_an_empty_side_of_the_builtin_pairs_is_named() -> None:
    made: dict[str, Pairs] = {"train": [*pairs(5), ("x", "")], "dev": pairs(2, 10)}
    loaded = load("builtin", builtin=lambda: made)
    assert loaded.notes[0].endswith("1 of 6 train pairs, the first at builtin/train:6")
