"""Examples with several keys: what shares any of them stays together and out of other splits."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from common.data.linked import assign_linked, components
from common.data.splits import DEV_ONLY, HELD_OUT, remove_overlap

Keys = list[tuple[bytes, ...]]


def keys(*pairs: str) -> Keys:
    """Returns keys of examples, each a letter."""
    return [tuple(letter.encode() for letter in pair) for pair in pairs]


def linked(count: int) -> Keys:
    """Returns pairs of sentences that random choices link to groups of various sizes."""
    choose = random.Random(0)
    return [
        (b"s%d" % choose.randrange(count), b"t%d" % choose.randrange(count))
        for _ in range(count // 3)
    ]


def assign(some: Keys, seed: int = 0, notes: list[str] | None = None) -> list[str]:
    return assign_linked(
        some, [""] * len(some), HELD_OUT, seed, notes=[] if notes is None else notes
    )


def shared(some: Keys, placed: list[str]) -> int:
    """Returns how many keys are in more than one split."""
    splits: dict[bytes, set[str]] = {}
    for several, split in zip(some, placed, strict=True):
        for key in several:
            splits.setdefault(key, set()).add(split)
    return sum(len(found) > 1 for found in splits.values())


def test_components() -> None:
    some = keys("cx", "ay", "cy", "bz", "d", "bd", "e")
    assert components(some) == [b"a", b"a", b"a", b"b", b"b", b"b", b"e"]
    assert components(some[::-1]) == [b"e", b"b", b"b", b"b", b"a", b"a", b"a"]


def test_a_long_chain_is_one_component() -> None:
    chain: Keys = [(b"%05d" % n, b"%05d" % (n + 1)) for n in range(20_000)]
    random.Random(0).shuffle(chain)
    assert set(components(chain)) == {b"00000"}


@pytest.mark.parametrize("seed", range(5))
def test_no_key_is_in_two_splits(seed: int) -> None:
    some = linked(6_000)
    placed = assign(some, seed)
    assert shared(some, placed) == 0
    counts = Counter(placed)
    assert abs(counts["dev"] - 200) < 50
    assert abs(counts["test"] - 200) < 50


def test_the_count_of_shared_keys_sees_one() -> None:
    some = linked(6_000)
    placed = assign(some)
    first = next(n for n, several in enumerate(some) if placed[n] == "dev")
    assert shared([*some, some[first]], [*placed, "train"]) > 0


def test_the_order_does_not_matter_and_the_seed_does() -> None:
    some = linked(3_000)
    placed = assign(some)
    order = random.Random(1).sample(range(len(some)), len(some))
    assert assign([some[n] for n in order]) == [placed[n] for n in order]
    assert assign(some, seed=1) != placed


def test_nothing_moves_when_others_are_added() -> None:
    some = linked(3_000)
    more: Keys = [(b"more %d" % n, b"others %d" % n) for n in range(300)]
    assert assign([*more, *some])[300:] == assign(some)


def test_a_component_that_holds_much_stays_in_train() -> None:
    hub: Keys = [(b"yes", b"t%d" % n) for n in range(400)]
    rest: Keys = [(b"s%d" % n, b"u%d" % n) for n in range(600)]
    for seed in range(10):  # some of which would hold it out
        notes: list[str] = []
        placed = assign([*hub, *rest], seed, notes)
        assert set(placed[:400]) == {"train"}
        counts = Counter(placed[400:])
        assert abs(counts["dev"] - 60) <= 30
        assert abs(counts["test"] - 60) <= 30
        assert notes == [
            "kept in train, because shared sentences link more than 10 of them to each other, "
            "400 of 1,000 examples"
        ]


@pytest.mark.parametrize(("size", "large"), [(10, False), (11, True)])
def test_what_is_much_of_few(size: int, large: bool) -> None:
    some: Keys = [(b"yes", b"t%d" % n) for n in range(size)]
    some += [(b"s%d" % n, b"u%d" % n) for n in range(200 - size)]
    notes: list[str] = []
    assign(some, notes=notes)
    assert bool(notes) == large


def test_what_is_much_of_many() -> None:
    some: Keys = [(b"yes", b"t%d" % n) for n in range(30)]
    some += [(b"s%d" % n, b"u%d" % n) for n in range(2_970)]
    notes: list[str] = []
    assign(some, notes=notes)
    assert not notes
    assign([*some, (b"yes", b"another")], notes=notes)
    assert "link more than 30 of them" in notes[0]


def test_dev_only() -> None:
    some = linked(6_000)
    placed = assign_linked(some, [""] * len(some), DEV_ONLY, 0, notes=[])
    assert shared(some, placed) == 0
    assert set(placed) == {"train", "dev"}


# ------------------------------------------------------------------------ given splits


def test_what_shares_any_key_is_removed_and_counted_once() -> None:
    splits = {
        "train": keys("ax", "by", "cz", "dw", "ev"),
        "dev": keys("bu", "ft", "gz"),
        "test": keys("ft", "as", "hw"),
    }
    kept, notes = remove_overlap(splits, lambda item: item, "pairs", "the same sentence")
    assert kept == {"train": keys("ev"), "dev": keys("bu", "gz"), "test": splits["test"]}
    assert notes == [
        "removed 1 of 3 dev pairs because the same sentence is also in test",
        "removed 2 of 5 train pairs because the same sentence is also in dev",
        "removed 2 of 5 train pairs because the same sentence is also in test",
    ]


def test_what_only_a_removed_example_had_removes_no_other() -> None:
    splits = {"train": keys("bx"), "dev": keys("ax"), "test": keys("ay")}
    kept, _ = remove_overlap(splits, lambda item: item)
    assert kept == {"train": keys("bx"), "dev": [], "test": keys("ay")}
