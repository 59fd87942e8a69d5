"""Sentences and their translations from every source: made by the application, files, TFDS."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html.entities import html5
from typing import NamedTuple

from common.data import tfds
from common.data.linked import assign_linked
from common.data.parallel_sources import (
    COLUMN_OPTIONS,
    DEFAULT_COLUMNS,
    LANGUAGES_OPTION,
    RawPair,
    pairs_of_builtin,
    pairs_of_path,
    pairs_of_tfds,
)
from common.data.sources import ALL, BUILTIN, Source, read_splits
from common.data.splits import text_key
from common.errors import UserError, one_line
from common.text.normalization import normalize

# With its semicolon, because "&para" or "&not" may stand in a text for themselves.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

# A name may be its own translation, but not every sentence of so many.
_MANY_ALIKE = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence and its translation, written in the one way of `common.text.normalization`."""

    source: str
    target: str


@dataclass(frozen=True)
class ParallelTextData:
    """Sentences and their translations, checked and divided.

    Attributes:
        name: `builtin`, the path as it was given, or `tfds:NAME`.
        splits: the wanted ones of `train`, `dev` and `test`; or `all` alone. A sentence may stand
            in several pairs with different translations, which are references for a score.
        notes: what a reader of a score must know: how the data were divided, what was left out
            and why, with counts.
    """

    name: str
    splits: Mapping[str, Sequence[Pair]]
    notes: tuple[str, ...]


class _Row(NamedTuple):
    pair: Pair
    keys: tuple[bytes, bytes]  # kept because several steps compare sentences


def load_parallel_text(
    data: str,
    *,
    builtin: Callable[[], Mapping[str, Sequence[tuple[str, str]]]],
    languages: tuple[str, str] = ("es", "en"),
    splits: Collection[str] | None = None,
    source_column: str = DEFAULT_COLUMNS[0],
    target_column: str = DEFAULT_COLUMNS[1],
    seed: int = 0,
    check: Callable[[Sequence[Pair]], str | None] | None = None,
) -> ParallelTextData:
    """Loads the data that the user named.

    Splits share no sentence of either language (case and whitespace aside): a pair leaves train
    if its source or its target is in dev or test, and dev if one of them is in test. Where there
    are no splits, a tenth of the pairs goes to test and a tenth to dev, by a hash of the sentences,
    pairs that share sentences together; where only dev is missing, it is split off train. A split
    asked for alone is the same as after loading all of them.

    HTML entities are unescaped and all texts normalised. Pairs that then lack a side are left out,
    as are all but the first of the same pairs in a split.

    Args:
        data: `builtin`; a path to one table (`.tsv`, `.csv`, `.gz` of them, perhaps with a column
            `split`), to a folder of split tables or of parallel files (`train.es`, `train.en`,
            `.gz` of them), or what the paths of two parallel files begin with (`data/corpus` for
            `data/corpus.es` and `data/corpus.en`); or `tfds:NAME`.
        builtin: makes the application's own data: (source, target) pairs of each split.
        languages: of the source and the target, as files end or TFDS features are called.
        splits: which splits to return and so to require. `None`: what training needs (train and
            dev, and test where it is there). `{"all"}`: one split with every pair of the source.
        source_column: the column (or TFDS feature) of the source.
        target_column: the column (or TFDS feature) of the target.
        seed: decides how data without splits are divided.
        check: looks at the pairs of train (where it is not wanted, at all that were loaded); what
            it returns is a note.

    Returns:
        The splits, each in the order of the source.

    Raises:
        UserError: the data cannot be used; the message says where and what to do.
        ValueError: `splits` is empty or holds `all` beside others.
    """
    columns = (source_column, target_column)
    _check_differ(languages, f"the languages ({LANGUAGES_OPTION})")
    _check_differ(columns, f"the columns ({', '.join(COLUMN_OPTIONS)})")
    if data == BUILTIN:
        raw = pairs_of_builtin(builtin(), BUILTIN)
    elif data.startswith(tfds.PREFIX):
        raw = pairs_of_tfds(data, languages, columns)
    else:
        raw = pairs_of_path(data, languages, columns)
    notes = raw.notes

    def read(split: str) -> list[_Row]:
        return _clean(raw.readers[split](), "pairs" if split == ALL else f"{split} pairs", notes)

    rows = read_splits(
        Source(data, {split: partial(read, split) for split in raw.readers}, notes),
        splits,
        key=lambda row: row.keys,
        seed=seed,
        items="pairs",
        same="the same sentence",
        assign=partial(assign_linked, notes=notes, items="pairs"),
    )
    loaded = {split: tuple(row.pair for row in some) for split, some in rows.items()}
    said = check(loaded.get("train") or sum(loaded.values(), ())) if check else None
    return ParallelTextData(data, loaded, (*notes, *([said] if said else [])))


def _check_differ(names: tuple[str, str], what: str) -> None:
    if names[0] == names[1]:
        raise UserError(
            f"{what} of source and target are both '{one_line(names[0], 40)}'; choose two"
        )


def _clean(raws: Sequence[RawPair], what: str, notes: list[str]) -> list[_Row]:
    """Returns the pairs that have two sides, each once, and notes what was done to them.

    Raises:
        UserError: more than half of them lack a side, or in all of them both sides are the same.
    """
    rows: dict[Pair, _Row] = {}
    blank: list[str] = []
    one_sided: list[str] = []
    unescaped = again = 0
    for raw in raws:
        texts = (raw.source, raw.target)
        plain = (_unescape(raw.source), _unescape(raw.target))
        pair = Pair(*map(normalize, plain))
        if pair.source and pair.target:
            unescaped += plain != texts
            again += pair in rows
            rows.setdefault(pair, _Row(pair, _keys(pair)))
        elif pair.source or pair.target:
            one_sided.append(raw.where("target" if pair.source else "source"))
        else:
            blank.append(raw.where("source"))
    if 2 * len(one_sided) > len(raws) - len(blank):
        raise UserError(
            f"{one_sided[0]}: the text is empty, and so is one side of {len(one_sided):,} of "
            f"{len(raws):,} {what}; write what is missing, or remove these pairs"
        )
    alike = [raw for raw in raws if raw.source.strip() and raw.source == raw.target]
    if len(alike) < _MANY_ALIKE:
        alike = []
    both_sided = len(raws) - len(blank) - len(one_sided)
    if alike and len(alike) == both_sided:
        raise UserError(
            f"{alike[0].where('target')}: source and target are the same here and in all other "
            f"{what}; choose two columns or files that differ"
        )
    for count, said, place in (
        (len(blank), "left out, because both sides are blank,", blank),
        (len(one_sided), "left out, because the source or the target is empty,", one_sided),
        (
            len(alike) if 2 * len(alike) > both_sided else 0,
            "the source is its own translation in",
            [raw.where("target") for raw in alike],
        ),
        (again, "left out, because the same pair stands before,", []),
        (unescaped, "unescaped HTML entities in", []),
    ):
        if count:
            first = f", the first at {place[0]}" if place else ""
            notes.append(f"{said} {count:,} of {len(raws):,} {what}{first}")
    return list(rows.values())


def _keys(pair: Pair) -> tuple[bytes, bytes]:
    """Returns what pairs with the same source share, and what those with the same target do."""
    return b"source " + text_key(pair.source), b"target " + text_key(pair.target)


def _unescape(text: str) -> str:
    """Replaces HTML entities by what they stand for, also those that were escaped twice."""
    while "&" in text:
        plain = _ENTITY.sub(_entity, text)
        if plain == text:
            break
        text = plain
    return text


def _entity(match: re.Match[str]) -> str:
    entity = match[0]
    return html.unescape(entity) if entity[1] == "#" else html5.get(entity[1:], entity)
