"""Captions of a scene: several ways to say what is there, each true, none all of the truth."""

from collections import Counter
from collections.abc import Callable
from random import Random

from .scene import FORWARD, Arrangement, Group, Relation, Scene
from .words import (
    COMPANIONS,
    NUMBER_WORDS,
    ORDERS,
    PLACES,
    RELATIONS,
    SIZE_WORDS,
    article,
    be,
    noun,
)

CAPTIONS = 5  # of a scene
_RELATED = 3  # at least so many of them say how groups stand to each other

# What a noun phrase says beside count and shape, with shares: size and colour, colour, size, none.
_SAID = (((True, True), 11), ((False, True), 6), ((True, False), 2), ((False, False), 1))
_BACKGROUND = 0.15  # of captions that can name it
_AGAIN = 4  # how much less often a phrasing is taken once more
_ANY_WORD = 0.35  # how often every word for a thing is as likely; else it is the usual one


class _Teller:
    """Phrases about one scene; every call draws anew."""

    def __init__(self, scene: Scene, rng: Random) -> None:
        self.scene = scene
        self.rng = rng

    @property
    def indices(self) -> range:
        """Of all groups."""
        return range(len(self.scene.groups))

    def word(self, words: tuple[str, ...]) -> str:
        """One of several ways to say the same."""
        return words[0] if self.rng.random() >= _ANY_WORD else self.rng.choice(words)

    def _adjectives(self, index: int, size: bool, colour: bool) -> list[str]:
        group = self.scene.groups[index]
        words = [self.word(SIZE_WORDS[group.size])] if size else []
        return [*words, group.colour] if colour else words

    def _telling(self, index: int, colour: bool) -> tuple[bool, bool]:
        """Whether size and colour are said, enough that no other group is meant as well."""
        said = [
            (which, share)
            for which, share in _SAID
            if (colour or not which[1]) and self._means(index, *which)
        ]
        return self.rng.choices([which for which, _ in said], [share for _, share in said])[0]

    def _means(self, index: int, size: bool, colour: bool) -> bool:
        def seen(group: Group) -> tuple[str, ...]:
            return (group.shape, *size * (group.size,), *colour * (group.colour,))

        groups = self.scene.groups
        return [seen(group) for group in groups].count(seen(groups[index])) == 1

    def a(self, index: int, colour: bool = True) -> str:
        """'a red star', 'three small rings'; the colour is left out unless `colour`."""
        group = self.scene.groups[index]
        adjectives = self._adjectives(index, *self._telling(index, colour))
        words = [*adjectives, noun(group.shape, group.count)]
        first = article(words[0]) if group.count == 1 else NUMBER_WORDS[group.count]
        return " ".join([first, *words])

    def the(self, index: int) -> str:
        """'the star', 'the two small rings'."""
        group = self.scene.groups[index]
        which = [pair for pair, _ in _SAID[1:] if self._means(index, *pair)]
        size, colour = self.rng.choice(which)
        several = group.count > 1 and self.rng.random() < 0.5
        number = [NUMBER_WORDS[group.count]] if several else []
        adjectives = self._adjectives(index, size, colour)
        return " ".join(["the", *number, *adjectives, noun(group.shape, group.count)])

    def be(self, index: int) -> str:
        """'is' or 'are'."""
        return be(self.scene.groups[index].count)

    def at(self, index: int) -> str:
        """'on the left', of a group that has a place."""
        place = self.scene.place_of(index)
        assert place is not None
        return self.word(PLACES[place])

    def anyone(self) -> int:
        """The index of one group."""
        return self.rng.choice(self.indices)

    def pair(self) -> tuple[int, Relation, int]:
        """Two groups and what the first of them is to the second."""
        one, other = self.rng.sample(self.indices, 2)
        forward = FORWARD[self.scene.arrangement]
        relation = forward if one < other else forward.inverse
        if self.scene.holds(Relation.NEXT_TO, one, other) and self.rng.random() < 0.2:
            relation = Relation.NEXT_TO
        return one, relation, other

    def listed(self, indices: list[int]) -> str:
        """'a star, a ring and two hearts'."""
        phrases = [self.a(index) for index in indices]
        return f"{', '.join(phrases[:-1])} and {phrases[-1]}"

    def on_background(self, caption: str) -> str:
        """`caption`, sometimes with the background."""
        if self.rng.random() >= _BACKGROUND:
            return caption
        background = f"on a {self.scene.tone} background"
        if caption.startswith("there") and self.rng.random() < 0.3:
            return f"{background} {caption}"
        return f"{caption} {background}"


# Of one group.


def _named(tell: _Teller) -> str:
    return tell.on_background(tell.a(tell.anyone()))


def _there_is(tell: _Teller) -> str:
    index = tell.anyone()
    return tell.on_background(f"there {tell.be(index)} {tell.a(index)}")


def _nothing_else(tell: _Teller) -> str:
    return f"{tell.a(0)} and nothing else"


def _coloured_after(tell: _Teller) -> str:
    """Of several things, what colour they are at the end."""
    group = tell.scene.groups[0]
    if group.count == 1:
        return _described(tell)
    number = "both" if group.count == 2 else "all"
    return f"{tell.a(0, colour=False)}, {number} of them {group.colour}"


def _described(tell: _Teller) -> str:
    """'the star is red', 'the big star is red', 'the stars on the left are small and red'."""
    index = tell.anyone()
    group = tell.scene.groups[index]
    size = group.size  # nobody says that a star is little
    known = noun(group.shape, group.count)
    shapes = [other.shape for other in tell.scene.groups]
    if shapes.count(group.shape) > 1:
        return _placed(tell)
    if tell.scene.place_of(index) is not None and tell.rng.random() < 0.4:
        known = f"{known} {tell.at(index)}"
    said = tell.rng.choice((group.colour, size, f"{size} and {group.colour}"))
    if said == group.colour and " " not in known and tell.rng.random() < 0.4:
        known = f"{size} {known}"
    return f"the {known} {be(group.count)} {said}"


def _placed(tell: _Teller) -> str:
    """Where a group is, or only what it is when that cannot be said."""
    index = tell.anyone()
    if tell.scene.place_of(index) is None:
        return _named(tell)
    at, be_ = tell.at(index), tell.be(index)
    return tell.rng.choice(
        (
            f"{tell.a(index)} {at}",
            f"there {be_} {tell.a(index)} {at}",
            f"{at} there {be_} {tell.a(index)}",
            f"{tell.the(index)} {be_} {at}",
        )
    )


# Of two groups.


def _related(tell: _Teller) -> str:
    one, relation, other = tell.pair()
    return tell.on_background(
        f"{tell.a(one)} {tell.word(RELATIONS[relation])} {tell.a(other)}",
    )


def _is_related(tell: _Teller) -> str:
    one, relation, other = tell.pair()
    return f"{tell.a(one)} {tell.be(one)} {tell.word(RELATIONS[relation])} {tell.a(other)}"


def _the_is_related(tell: _Teller) -> str:
    one, relation, other = tell.pair()
    return f"{tell.the(one)} {tell.be(one)} {tell.word(RELATIONS[relation])} {tell.the(other)}"


def _there_is_related(tell: _Teller) -> str:
    one, relation, other = tell.pair()
    related = f"{tell.word(RELATIONS[relation])} {tell.a(other)}"
    return tell.on_background(f"there {tell.be(one)} {tell.a(one)} {related}")


def _accompanied(tell: _Teller) -> str:
    one, relation, other = tell.pair()
    several = tell.scene.groups[other].count > 1
    return f"{tell.a(other)} with {tell.a(one)} {COMPANIONS[relation][several]}"


def _both_coloured(tell: _Teller) -> str:
    """With the colour of all at the end, where that is one colour."""
    groups = tell.scene.groups
    # Without colours, two of a shape and a size are not told apart.
    kinds = {(group.shape, group.size) for group in groups}
    if len({group.colour for group in groups}) > 1 or len(kinds) < len(groups):
        return _related(tell)
    one, relation, other = tell.pair()
    number = "both" if sum(group.count for group in groups) == 2 else "all"
    told = f"{tell.word(RELATIONS[relation])} {tell.a(other, colour=False)}"
    return f"{tell.a(one, colour=False)} {told}, {number} of them {groups[0].colour}"


# Of all groups.


def _listed(tell: _Teller) -> str:
    indices = tell.rng.sample(tell.indices, len(tell.indices))
    there = f"there {tell.be(indices[0])} " if tell.rng.random() < 0.5 else ""
    return tell.on_background(there + tell.listed(indices))


def _in_order(tell: _Teller) -> str:
    return f"{tell.listed([*tell.indices])}, {ORDERS[FORWARD[tell.scene.arrangement]]}"


def _each_placed(tell: _Teller) -> str:
    phrases = [f"{tell.a(index)} {tell.at(index)}" for index in tell.indices]
    return f"{', '.join(phrases[:-1])} and {phrases[-1]}"


def _each_is_placed(tell: _Teller) -> str:
    first, *_, last = tell.indices
    phrases = [f"{tell.at(k)} there {tell.be(k)} {tell.a(k)}" for k in (first, last)]
    return " and ".join(phrases)


def _between(tell: _Teller) -> str:
    one, other = tell.rng.sample((0, 2), 2)
    middle = f"{tell.a(1)} between {tell.a(one)} and {tell.a(other)}"
    return tell.on_background(f"there {tell.be(1)} {middle}" if tell.rng.random() < 0.3 else middle)


def _is_between(tell: _Teller) -> str:
    one, other = tell.rng.sample((0, 2), 2)
    if tell.rng.random() < 0.5:
        return f"{tell.the(1)} {tell.be(1)} between {tell.the(one)} and {tell.the(other)}"
    return f"{tell.a(1)} {tell.be(1)} between {tell.a(one)} and {tell.a(other)}"


def _flanked(tell: _Teller) -> str:
    forward = FORWARD[tell.scene.arrangement]
    several = tell.scene.groups[1].count > 1
    before, after = COMPANIONS[forward][several], COMPANIONS[forward.inverse][several]
    return f"{tell.a(1)} with {tell.a(0)} {before} and {tell.a(2)} {after}"


Phrasing = Callable[[_Teller], str]
# Phrasings with their shares: of a group alone, of what relates groups, and of no relation.
_ALONE: dict[Phrasing, int] = {
    _named: 4,
    _there_is: 3,
    _nothing_else: 1,
    _coloured_after: 2,
    _described: 2,
    _placed: 6,
}
_PAIR: dict[Phrasing, int] = {
    _related: 8,
    _is_related: 4,
    _the_is_related: 3,
    _there_is_related: 3,
    _accompanied: 3,
    _both_coloured: 2,
}
_LINE: dict[Phrasing, int] = {_in_order: 1, _each_placed: 2, _each_is_placed: 1}
_THREE: dict[Phrasing, int] = {_between: 6, _is_between: 4, _flanked: 3, _in_order: 2, _related: 2}
_LOOSE: dict[Phrasing, int] = {_named: 1, _there_is: 1, _listed: 5, _described: 2, _placed: 2}


def _phrasings(scene: Scene) -> tuple[dict[Phrasing, int], dict[Phrasing, int]]:
    """What the first captions of a scene are made by, and the rest."""
    if scene.arrangement is Arrangement.ALONE:
        return _ALONE, _ALONE
    if len(scene.groups) == 3:
        return _THREE, _LOOSE | _THREE | _LINE
    if scene.arrangement in (Arrangement.ROW, Arrangement.COLUMN):
        return _PAIR, _LOOSE | _PAIR | _LINE
    return _PAIR, _LOOSE | _PAIR


def describe(scene: Scene, rng: Random) -> tuple[str, ...]:
    """Returns `CAPTIONS` different captions of a scene, lower case and without a full stop.

    Args:
        scene: what they are true of.
        rng: of all draws.
    """
    tell = _Teller(scene, rng)
    captions: list[str] = []
    used: Counter[Phrasing] = Counter()
    first, rest = _phrasings(scene)
    while len(captions) < CAPTIONS:
        shares = first if len(captions) < _RELATED else rest
        weights = [share / _AGAIN ** used[phrasing] for phrasing, share in shares.items()]
        (phrasing,) = rng.choices(list(shares), weights)
        caption = phrasing(tell)
        if caption not in captions:
            captions.append(caption)
            used[phrasing] += 1
    rng.shuffle(captions)
    return tuple(captions)
