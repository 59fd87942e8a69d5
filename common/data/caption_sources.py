"""Where captioned pictures come from: tables beside images, COCO's files, TFDS, as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from common.data.folders import folder_entries
from common.data.picture_folders import PictureFolders
from common.data.sources import ALL, Source, existing_path, table_source
from common.data.splits import SPLITS, split_name, split_spellings
from common.data.tables import (
    TABLE_SUFFIXES,
    Table,
    read_table,
    read_text,
    table_format,
    table_stem,
)
from common.errors import UserError, listed, one_line
from common.image.picture import Picture

IMAGE_OPTION, CAPTION_OPTION = "--image-column", "--caption-column"

_TABLE = "captions"
_ANNOTATIONS = "annotations"
_COCO_FILE = re.compile(r"captions_(([a-z]+)\d*)\.json(\.gz)?", re.IGNORECASE)
_JSON = (".json", ".json.gz")


class RawCaption(NamedTuple):
    """A picture and one caption of it as they stand in the source.

    Attributes:
        name: the picture as the source names it; the same for all captions of it.
        picture: `None` where it is not there.
        caption: `None` where the source has a picture without any.
        where: the place in the source, for messages.
        content: what only equal pictures share; `None` where the picture is a file, whose bytes
            say so.
    """

    name: str
    picture: Picture | None
    caption: str | None
    where: str
    content: bytes | None = None


class _Layout(NamedTuple):
    """What a folder may be: the file of each split, or of all, and how to read one."""

    files: Mapping[str, Path]
    is_coco: bool


def captions_of_path(data: str, image_column: str, caption_column: str) -> Source[RawCaption]:
    """Opens a table, a COCO captions file, or a folder of either.

    Args:
        data: the path as the user gave it.
        image_column: the column of a table that names an image.
        caption_column: the column of a table with a caption.

    Raises:
        UserError: there is no such path, or nothing of these kinds is there.
    """
    path = existing_path(data)
    notes: list[str] = []
    from_table = partial(_of_table, image_column=image_column, caption_column=caption_column)
    if not path.is_dir():
        if path.name.lower().endswith(_JSON):
            return Source(data, {ALL: partial(_of_coco, path, notes)}, notes)
        if not path.is_file() or table_format(path) is None:
            raise UserError(
                f"{data}: this is neither a folder, nor a table named {listed(TABLE_SUFFIXES)}, "
                f"nor a COCO file named {listed(_JSON)}; convert it to one of these"
            )
        return table_source(data, from_table)
    layout = _layout(path, notes)
    if layout.is_coco:
        readers = {split: partial(_of_coco, file, notes) for split, file in layout.files.items()}
        return Source(data, readers, notes)
    if ALL in layout.files:
        table = table_source(str(layout.files[ALL]), from_table)
        return Source(data, table.readers, notes)

    def read(file: Path) -> list[RawCaption]:
        return from_table(read_table(file))

    return Source(data, {split: partial(read, f) for split, f in layout.files.items()}, notes)


def _layout(folder: Path, notes: list[str]) -> _Layout:
    """Finds what kind of data a folder holds.

    Raises:
        UserError: nothing of a known kind is there, or something is there twice.
    """
    entries = folder_entries(folder)
    tables = [entry for entry in entries if entry.is_file() and table_stem(entry) is not None]
    whole = [entry for entry in tables if str(table_stem(entry)).lower() == _TABLE]
    by_split = [entry for entry in tables if split_name(str(table_stem(entry)))]
    beside = folder / _ANNOTATIONS
    places = [entries, folder_entries(beside)] if beside.is_dir() else [entries]
    coco = [file for place in places for file in place if _COCO_FILE.fullmatch(file.name)]
    forms = [form for form in (whole, by_split, coco) if form]
    if not forms:
        raise UserError(
            f"{folder}: there is neither a table {_TABLE}.tsv, nor the table of a split (such as "
            f"train.tsv; a split may be called {listed(split_spellings())}), nor COCO's "
            f"{_ANNOTATIONS}/captions_train2017.json; check the path"
        )
    if len(forms) > 1 or len(whole) > 1:
        first, second = whole[:2] if len(whole) > 1 else (forms[0][0], forms[1][0])
        raise UserError(f"{second}: this and {first} both give captions; keep one of them")
    files: dict[str, Path] = {}
    for file in forms[0]:
        split = ALL if whole else split_name(_split_part(file))
        if split is None:
            notes.append(f"ignored {file}, which is no split")
        elif split in files:
            raise UserError(
                f"{file}: this and {files[split]} are both the {split} split; keep one of them"
            )
        else:
            files[split] = file
    others = [entry.name for entry in tables if entry not in forms[0]]
    if others:
        notes.append(f"ignored what is no split in {folder}: {listed(others)}")
    if not files:
        raise UserError(
            f"{forms[0][0]}: no split is called so; a split may be called "
            f"{listed(split_spellings())}"
        )
    ordered = {split: files[split] for split in (*SPLITS, ALL) if split in files}
    return _Layout(ordered, is_coco=bool(coco))


def _split_part(file: Path) -> str:
    coco = _COCO_FILE.fullmatch(file.name)
    return coco[2] if coco else str(table_stem(file))


def _of_table(table: Table, image_column: str, caption_column: str) -> list[RawCaption]:
    """Returns a caption for each row, in the order of the rows."""
    image_at = table.column(image_column, IMAGE_OPTION)
    caption_at = table.column(caption_column, CAPTION_OPTION)
    root = table.path.parent
    folders = PictureFolders(root, [root, *_named_images(root)])
    rows = []
    for line, values in table.rows:
        where = f"{table.path}:{line}"
        name = values[image_at].strip()
        if not name:
            raise UserError(f"{where}: the path of the image is empty; write one or remove the row")
        rows.append(RawCaption(name, folders.find(name, where), values[caption_at], where))
    return rows


def _named_images(root: Path) -> Iterator[Path]:
    return (entry for entry in folder_entries(root) if entry.name.lower() == "images")


def _of_coco(path: Path, notes: list[str]) -> list[RawCaption]:
    """Reads a captions file of COCO: `images` with an id each, `annotations` that name one."""
    content = _read_json(path)
    images, annotations = (
        _entries(path, content, *spec)
        for spec in (("images", ("id", "file_name")), (_ANNOTATIONS, ("image_id", "caption")))
    )
    folders = _coco_folders(path)
    captions: dict[Any, list[tuple[str, str]]] = {}
    names: dict[Any, str] = {}
    for number, image in enumerate(images, start=1):
        name, where = str(image["file_name"]).strip(), f"{path}: image {number}"
        if not name:
            raise UserError(f"{where}: the name of the file is empty; write one or remove it")
        if names.setdefault(image["id"], name) != name:
            raise UserError(f"{where}: another image has the same id; give it one of its own")
        captions.setdefault(image["id"], [])
    lost = []
    for number, annotation in enumerate(annotations, start=1):
        where = f"{path}: annotation {number}"
        if (some := captions.get(annotation["image_id"])) is None:
            lost.append(where)
        else:
            some.append((str(annotation["caption"]), where))
    if lost:
        notes.append(
            f"left out, because the file has no image of their id, {len(lost):,} of "
            f"{len(annotations):,} captions, the first at {lost[0]}"
        )
    rows = []
    for number, (key, name) in enumerate(names.items(), start=1):
        where = f"{path}: image {number}"
        picture = folders.find(name, where)
        rows += [RawCaption(name, picture, *said) for said in captions[key]] or [
            RawCaption(name, picture, None, where)
        ]
    return rows


def _coco_folders(path: Path) -> PictureFolders:
    root = path.parent.parent if path.parent.name == _ANNOTATIONS else path.parent
    folders = [root, *_named_images(root)]
    if match := _COCO_FILE.fullmatch(path.name):
        folders = [*(folder / match[1] for folder in folders), *folders]
    return PictureFolders(root, folders)


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise UserError(
            f"{path}:{error.lineno}: this is no JSON ({one_line(error.msg, 80)}); correct it, or "
            "copy it again"
        ) from None
    except (RecursionError, ValueError) as error:
        raise UserError(
            f"{path}: this is no JSON that can be read ({one_line(error, 80)}); copy it again"
        ) from None
    if not isinstance(content, dict):
        raise UserError(f"{path}: this is no captions file of COCO (no object); choose another")
    return content


def _entries(
    path: Path, content: Mapping[str, Any], part: str, keys: Iterable[str]
) -> Sequence[Mapping[str, Any]]:
    entries = content.get(part)
    if not isinstance(entries, list):
        raise UserError(
            f"{path}: this is no captions file of COCO, for it has no list '{part}' (but "
            f"{listed(content)}); choose another"
        )
    for number, entry in enumerate(entries, start=1):
        has = entry if isinstance(entry, dict) else {}
        for key in keys:
            if not isinstance(has.get(key), str | int):
                raise UserError(
                    f"{path}: entry {number} of '{part}' has no '{key}' (but {listed(has)}); "
                    "choose a captions file of COCO"
                )
    return entries
