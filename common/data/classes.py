"""The classes of labelled examples: which there are, and whether they can be learned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from common.errors import UserError, listed, one_line


class Labelled(Protocol):
    """An example as read: its label, and its place (`path:line` or a path) for messages."""

    @property
    def label(self) -> str: ...

    @property
    def where(self) -> str: ...


Item = TypeVar("Item", bound=Labelled)


def check_classes(
    splits: Mapping[str, Sequence[Item]], known: Sequence[str] | None = None
) -> tuple[str, ...]:
    """Checks that every class is known and, where there is a training split, can be learned.

    Args:
        splits: the examples of each split, none of them empty.
        known: the classes to expect, such as those of a trained model.

    Returns:
        The classes: `known` in its order if given, else sorted those of the training split, else
        (without one) those of all the splits.

    Raises:
        UserError: the training split has a single class or a class with a single example, or an
            example has a label that is not among the classes; the message names the example.
    """
    train = splits.get("train")
    if train is not None:
        _check_learnable(train)
    if known is not None:
        classes, whose = tuple(known), "no class of the model"
    elif train is not None:
        classes, whose = _classes(train), "no class of the training split"
    else:
        return _classes([item for some in splits.values() for item in some])
    allowed = frozenset(classes)
    for some in splits.values():
        for item in some:
            if item.label not in allowed:
                raise UserError(
                    f"{item.where}: the label '{one_line(item.label, 40)}' is {whose} "
                    f"({listed(classes)}); correct the label or remove the example"
                )
    return classes


def _classes(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(sorted({item.label for item in items}))


def _check_learnable(train: Sequence[Item]) -> None:
    counts = Counter(item.label for item in train)
    if len(counts) == 1:
        raise UserError(
            f"{train[0].where}: from here on every example for training has the label "
            f"'{one_line(train[0].label, 40)}'; add examples of another class"
        )
    for item in train:
        if counts[item.label] == 1:
            raise UserError(
                f"{item.where}: this is the only example of the class "
                f"'{one_line(item.label, 40)}' for training (what is held out or removed as "
                "overlap does not count); add more, or remove it"
            )
