"""The warning about exchanged columns: heard when they are, silent otherwise."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from apps.translation.direction import swapped_columns
from common.data.parallel_text import Pair, load_parallel_text

ROOT = Path(__file__).parents[3]
TRANSLATION = Path(os.environ.get("RECUR_DATA", ROOT.parent / "shared" / "data")) / "translation"

RIGHT = (
    Pair("¿Dónde está la biblioteca?", "Where is the library?"),
    Pair("El niño come una manzana.", "The boy is eating an apple."),
    Pair("No me gusta.", "I don't like it."),
    Pair("Ya lo tengo.", "Got it."),
    Pair("Tom es muy alto.", "Tom is very tall."),
)


def exchanged(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    return tuple(Pair(pair.target, pair.source) for pair in pairs)


def test_exchanged_columns_are_heard_of() -> None:
    said = swapped_columns(exchanged(RIGHT) * 10)
    assert said is not None
    assert said.startswith("source and target look exchanged: of 40 pairs that tell, 40 have an ")
    assert "\n" not in said


def test_the_right_way_around_is_silent() -> None:
    assert swapped_columns(RIGHT * 10) is None


@pytest.mark.parametrize(("wrong", "heard"), [(30, True), (20, False), (10, False)])
def test_the_majority_decides(wrong: int, heard: bool) -> None:
    pairs = exchanged(RIGHT[:1] * wrong) + RIGHT[:1] * (40 - wrong)
    assert (swapped_columns(pairs) is not None) == heard


@pytest.mark.parametrize("count", [0, 1, 19])
def test_a_short_list_is_silent(count: int) -> None:
    assert swapped_columns(exchanged(RIGHT[:1]) * count) is None
    assert swapped_columns(exchanged(RIGHT[:1]) * 20) is not None


def test_names_and_numbers_tell_nothing() -> None:
    assert swapped_columns([Pair("Tom 7", "Tom 7"), Pair("No me", "Me no")] * 100) is None
    assert swapped_columns([Pair("Tom 7", "El perro.")] * 100) is None


def test_accents_alone_are_signs() -> None:
    assert swapped_columns([Pair("I am.", "¡Ñandú!")] * 20) is not None
    assert swapped_columns([Pair("I am.", "Nandu!")] * 20) is None


def test_a_long_list_is_sampled_from_end_to_end() -> None:
    pairs = RIGHT[:1] * 10_000 + exchanged(RIGHT[:1]) * 15_000
    said = swapped_columns(pairs)
    assert said is not None
    assert "of 2,084 pairs that tell, 1,250 have" in said  # each twelfth


@pytest.mark.slow
@pytest.mark.skipif(
    not TRANSLATION.is_dir(),
    reason=f"{TRANSLATION} is absent; point RECUR_DATA at a folder that holds translation/",
)
def test_real_data() -> None:
    path = str(TRANSLATION)
    loaded = load_parallel_text(path, builtin=dict, check=swapped_columns)
    assert not any("exchanged" in note for note in loaded.notes)
    loaded = load_parallel_text(
        path,
        builtin=dict,
        source_column="target",
        target_column="source",
        check=swapped_columns,
    )
    assert "source and target look exchanged" in loaded.notes[-1]
