"""Captioned pictures that cannot be used: every message says where and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.data.captions import CaptionedPicture, load_captions
from common.image.picture import Picture
from tests.common.data.caption_case import (
    HEADER,
    caption_table,
    coco,
    fault,
    load,
    load_all,
    rows,
    texts,
    write_coco,
    write_images,
)
from tests.common.data.data_case import write


@pytest.mark.parametrize(
    "path", ["../outside.bmp", "images/../../outside.bmp", "/etc/passwd", "..", "a/../0.bmp"]
)
def test_a_path_that_leaves_the_folder(tmp_path: Path, path: str) -> None:
    write(tmp_path / "outside.bmp", "secret")
    folder = write_images(tmp_path / "data", 3)
    table = write(folder / "captions.tsv", caption_table([*rows(1), (path, "a")]))
    message = fault(folder)
    assert message.startswith(f"{table}:3: the image '{path}' is outside of {folder}; put it there")
    file = write_coco(folder / "x.json", {**coco(3), "images": [{"id": 1000, "file_name": path}]})
    assert f"{file}: image 1: the image '{path}' is outside" in fault(file)


def test_a_link_that_leaves_the_folder(tmp_path: Path) -> None:
    write_images(tmp_path / "outside", 1)
    folder = write_images(tmp_path / "data", 2)
    (folder / "link.bmp").symlink_to(tmp_path / "outside" / "0.bmp")
    (folder / "images").symlink_to(tmp_path / "outside")
    (folder / "inner.bmp").symlink_to(folder / "1.bmp")
    for path in ("link.bmp", "images/0.bmp"):
        table = write(folder / "captions.tsv", caption_table([(path, "a")]))
        assert f"{table}:2: the image '{path}' is a link, or in one, that leads out of" in fault(
            folder
        )
    write(folder / "captions.tsv", caption_table([("inner.bmp", "a")]))
    assert len(load_all(folder)) == 1


def test_a_folder_that_is_a_link_itself(tmp_path: Path) -> None:
    folder = write_images(tmp_path / "data" / "images", 2).parent
    write(folder / "captions.tsv", caption_table(rows(2)))
    (tmp_path / "link").symlink_to(folder)
    assert len(load_all(tmp_path / "link")) == 2


def test_no_image_at_all_is_there(tmp_path: Path) -> None:
    write_images(tmp_path / "pictures", 30)
    table = write(tmp_path / "captions.tsv", caption_table(rows(30)))
    message = fault(tmp_path)
    assert f"{table}:2: there is no image '0.bmp', and none of the 30 images is there" in message


def test_no_image_of_a_split_is_there(tmp_path: Path) -> None:
    write_images(tmp_path / "train2017", 20)
    write_coco(tmp_path / "annotations" / "captions_train2017.json", coco(20))
    write_coco(tmp_path / "annotations" / "captions_val2017.json", coco(6, 20))
    assert "none of the 6 dev images is there" in fault(tmp_path)


def test_a_folder_is_no_image(tmp_path: Path) -> None:
    write_images(tmp_path, 1)
    (tmp_path / "1.bmp").mkdir()
    write(tmp_path / "captions.tsv", caption_table(rows(2)))
    loaded = load(tmp_path, splits={"all"})
    assert len(loaded.splits["all"]) == 1
    assert "the image is missing, 1 of 2 images" in loaded.notes[0]


def test_no_caption_at_all(tmp_path: Path) -> None:
    write_images(tmp_path, 2)
    table = write(tmp_path / "captions.tsv", caption_table([("0.bmp", " "), ("1.bmp", "")]))
    assert f"{table}:2: none of the 2 images has a caption" in fault(tmp_path)


def test_a_row_without_an_image(tmp_path: Path) -> None:
    write_images(tmp_path, 1)
    table = write(tmp_path / "captions.tsv", caption_table([*rows(1), (" ", "a")]))
    assert fault(tmp_path).startswith(f"{table}:3: the path of the image is empty")


def test_columns_that_are_not_there(tmp_path: Path) -> None:
    table = write(tmp_path / "captions.tsv", caption_table(rows(1), ("file", "caption")))
    message = fault(tmp_path)
    assert f"{table}:1: no column is named 'image' (columns: file, caption)" in message
    assert "--image-column" in message
    assert "--caption-column" in fault(tmp_path, image_column="file", caption_column="english")
    assert "both 'file'" in fault(tmp_path, image_column="file", caption_column="file")


def test_a_split_that_is_none(tmp_path: Path) -> None:
    write_images(tmp_path, 2)
    some = [*rows(1, 0, "train"), *rows(1, 1, "restval")]
    table = write(tmp_path / "captions.tsv", caption_table(some, (*HEADER, "split")))
    assert f"{table}:3: no split is called 'restval'" in fault(tmp_path)


def test_what_is_no_data(tmp_path: Path) -> None:
    assert "there is no such file or folder" in fault(tmp_path / "no")
    write_images(tmp_path / "images", 2)
    message = fault(tmp_path)
    assert "neither a table captions.tsv" in message
    assert "train.tsv" in message
    assert "annotations/captions_train2017.json" in message
    assert "nor a COCO file" in fault(tmp_path / "images" / "0.bmp")
    assert "nor a COCO file" in fault(write(tmp_path / "captions.txt", "image,caption"))


def test_captions_from_two_sides(tmp_path: Path) -> None:
    write_images(tmp_path, 3)
    one = write(tmp_path / "captions.csv", "image,caption\n")
    two = write(tmp_path / "captions.tsv", caption_table(rows(1)))
    assert f"{two}: this and {one} both give captions; keep one of them" in fault(tmp_path)
    one.unlink()
    train = write(tmp_path / "train.tsv", caption_table(rows(1)))
    assert f"{train}: this and {two} both give captions" in fault(tmp_path)
    two.unlink()
    write_coco(tmp_path / "annotations" / "captions_val2017.json", coco(3))
    assert "captions_val2017.json: this and " in fault(tmp_path)
    train.unlink()
    write_coco(tmp_path / "annotations" / "captions_val2014.json", coco(3))
    assert "are both the dev split; keep one" in fault(tmp_path)


def test_splits_that_are_not_there(tmp_path: Path) -> None:
    write_images(tmp_path, 3)
    write_coco(tmp_path / "annotations" / "captions_val2017.json", coco(3))
    assert "there is no train split, only dev" in fault(tmp_path)
    assert len(load(tmp_path, splits={"dev"}).splits["dev"]) == 3
    write_coco(tmp_path / "annotations" / "captions_rest2017.json", coco(3))
    [note] = load(tmp_path, splits={"dev"}).notes
    assert "captions_rest2017.json, which is no split" in note


def test_files_that_are_not_of_coco(tmp_path: Path) -> None:
    path = tmp_path / "captions_train2017.json"
    for content, said in (
        ("{\n{}", f"{path}:2: this is no JSON"),
        ("[" * 100_000, f"{path}: this is no JSON that can be read"),
        ("[]", "no captions file of COCO (no object)"),
        ('{"info": {}, "licenses": []}', "it has no list 'images' (but info, licenses)"),
        ('{"images": [1], "annotations": []}', "entry 1 of 'images' has no 'id' (but none)"),
        ('{"images": [{"id": 1}], "annotations": []}', "entry 1 of 'images' has no 'file_name'"),
        ("", "the file is empty"),
    ):
        write(path, content)
        assert said in fault(path)
    instances = {**coco(1), "annotations": [{"image_id": 1000, "bbox": []}]}
    assert "entry 1 of 'annotations' has no 'caption' (but image_id, bbox)" in fault(
        write_coco(path, instances)
    )
    two = {**coco(1), "images": [{"id": 1, "file_name": n} for n in ("a", "b")]}
    assert "image 2: another image has the same id" in fault(write_coco(path, two))
    nameless = {**coco(1), "images": [{"id": 1, "file_name": ""}]}
    assert "image 1: the name of the file is empty" in fault(write_coco(path, nameless))


def test_images_without_captions_and_captions_without_image(tmp_path: Path) -> None:
    write_images(tmp_path, 4)
    content = coco(4)
    content["annotations"] = [a for a in content["annotations"] if a["image_id"] != 1002]
    content["annotations"].append({"image_id": 7, "caption": "lost"})
    content["annotations"].append({"image_id": 1001, "caption": "\n"})
    path = write_coco(tmp_path / "mine.json", content)
    loaded = load(path, splits={"all"})
    assert [set(one.captions) for one in loaded.splits["all"]] == [set(texts(n)) for n in (0, 1, 3)]
    lost, empty, silent = loaded.notes
    assert "no image of their id, 1 of 6 captions, the first at" in lost
    assert f"the caption is empty, 1 of 6 captions, the first at {path}: annotation 6" in empty
    assert f"the image has no caption, 1 of 4 images, the first at {path}: image 3" in silent


def test_builtin_without_captions() -> None:
    some = [CaptionedPicture(Picture(f"{n}", b"x"), ("a",) * (n % 2)) for n in range(4)]
    loaded = load_captions("builtin", builtin=lambda: {"dev": some}, splits={"dev"})
    assert [one.picture.name for one in loaded.splits["dev"]] == ["1", "3"]
    assert (
        "the image has no caption, 2 of 4 dev images, the first at builtin/dev:1"
        in (loaded.notes[0])
    )
