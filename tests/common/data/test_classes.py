"""Classes: which there are, and which example is at fault."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from common.data.classes import check_classes
from common.errors import UserError


class Item(NamedTuple):
    label: str
    where: str


def items(labels: str, name: str = "t") -> list[Item]:
    return [Item(label, f"{name}:{n}") for n, label in enumerate(labels, start=2)]


def test_the_classes_are_those_of_the_training_split() -> None:
    assert check_classes({"train": items("bbaa"), "dev": items("a")}) == ("a", "b")


def test_without_a_training_split_they_are_what_is_there() -> None:
    assert check_classes({"dev": items("ca"), "test": items("b")}) == ("a", "b", "c")


def test_known_classes_keep_their_order() -> None:
    assert check_classes({"dev": items("aa")}, ["b", "a"]) == ("b", "a")


@pytest.mark.parametrize(
    ("splits", "known", "said"),
    [
        ({"train": items("aaa")}, None, "t:2: from here on every example .* label 'a'"),
        ({"train": items("aabb"), "dev": items("abc", "d")}, None, r"d:4: .*'c'.*\(a, b\)"),
        ({"train": items("aabcb")}, None, "t:5: this is the only example of the class 'c'"),
        ({"dev": items("bx", "d")}, ["b", "a"], r"d:3: .*'x' is no class of the model \(b, a\)"),
        ({"train": items("aabbcc")}, ["a", "b"], r"t:6: .*'c' is no class of the model"),
    ],
    ids=["single class", "unknown in dev", "one example", "unknown to the model", "new class"],
)
def test_faults(splits: dict[str, list[Item]], known: list[str] | None, said: str) -> None:
    with pytest.raises(UserError, match=said):
        check_classes(splits, known)
