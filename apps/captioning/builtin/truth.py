"""Whether a caption is true of a scene: what it says is there must be there, and no other number.

A noun phrase means all things that fit it, so 'a star' is false where there are two, whatever their
colours, and 'the star on the left' as well. Captions need not say everything.
"""

from itertools import product

from .claims import (
    AreCounted,
    Claim,
    IsAll,
    IsAt,
    IsBetween,
    IsLike,
    IsRelated,
    IsTone,
    Mention,
)
from .reading import NotUnderstoodError, read
from .scene import Group, Scene
from .words import NUMBER_WORDS, PLACES, RELATIONS, be, noun


def check(caption: str, scene: Scene) -> list[str]:
    """Finds what is wrong with a caption.

    Args:
        caption: any text.
        scene: what its picture shows.

    Returns:
        What is false of the scene, a sentence each; or the one reason why the caption is not
        understood. Empty when all of it is true.
    """
    try:
        reading = read(caption)
    except NotUnderstoodError as error:
        return [str(error)]
    faults = [_count_fault(mention, scene) for mention in reading.mentions]
    claims = reading.claims
    if any(faults):
        # Of things that are not there, nothing more can be said.
        claims = [claim for claim in claims if isinstance(claim, IsTone)]
    faults += [_fault(claim, scene) for claim in claims]
    return list(dict.fromkeys(fault for fault in faults if fault))


def _fits(mention: Mention, group: Group) -> bool:
    return (
        mention.shape == group.shape
        and mention.size in (None, group.size)
        and mention.colour in (None, group.colour)
    )


def _meant(mention: Mention, scene: Scene) -> list[int]:
    """The indices of the groups that a noun phrase means."""
    return [index for index, group in enumerate(scene.groups) if _fits(mention, group)]


def _total(indices: list[int], scene: Scene) -> int:
    return sum(scene.groups[index].count for index in indices)


def _name(mention: Mention, count: int) -> str:
    words = (mention.size, mention.colour, noun(mention.shape, count))
    return " ".join(word for word in words if word)


def _count_fault(mention: Mention, scene: Scene) -> str:
    total = _total(_meant(mention, scene), scene)
    if total == 0:
        return f"there is no {_name(mention, 1)}"
    said = mention.count
    if total == said or (said is None and total > 1):
        return ""
    number = NUMBER_WORDS.get(total, str(total))
    wrong = "several" if said is None else NUMBER_WORDS[said]
    return f"there {be(total)} {number} {_name(mention, total)}, not {wrong}"


def _fault(claim: Claim, scene: Scene) -> str:
    """What is false in a claim about things that are there; empty when it is true."""
    match claim:
        case IsTone():
            return "" if claim.tone == scene.tone else f"the background is not {claim.tone}"
        case IsAt():
            places = {scene.place_of(index) for index in _meant(claim.what, scene)}
            where = PLACES[claim.place][0]
            return "" if places == {claim.place} else f"{_subject(claim.what)} not {where}"
        case IsRelated():
            pairs = product(_meant(claim.what, scene), _meant(claim.other, scene))
            true = all(scene.holds(claim.relation, one, other) for one, other in pairs)
            phrase = f"{RELATIONS[claim.relation][0]} the {_words(claim.other)}"
            return "" if true else f"{_subject(claim.what)} not {phrase}"
        case IsBetween():
            meant = [_meant(mention, scene) for mention in (claim.what, *claim.others)]
            true = all(scene.between(one, (two, three)) for one, two, three in product(*meant))
            phrase = " and ".join(f"the {_words(other)}" for other in claim.others)
            return "" if true else f"{_subject(claim.what)} not between {phrase}"
        case IsLike():
            groups = [scene.groups[k] for mention in claim.what for k in _meant(mention, scene)]
            said = [word for word in (claim.size, claim.colour) if word]
            true = all({group.size, group.colour} >= {*said} for group in groups)
            subjects = " and ".join(f"the {_words(mention)}" for mention in claim.what)
            return "" if true else f"{subjects} cannot be called {' and '.join(said)}"
        case AreCounted():
            total = _total(_all_meant(claim.what, scene), scene)
            wanted = "two" if claim.two else "three or more"
            return "" if (total == 2) is claim.two and total > 1 else f"there are not {wanted}"
        case IsAll():
            others = len(scene.groups) > len(_all_meant(claim.what, scene))
            return "there is something else" if others else ""


def _all_meant(mentions: tuple[Mention, ...], scene: Scene) -> list[int]:
    """The same of several phrases, each group once."""
    return sorted({index for mention in mentions for index in _meant(mention, scene)})


def _words(mention: Mention) -> str:
    return _name(mention, 2 if mention.plural else 1)


def _subject(mention: Mention) -> str:
    return f"the {_words(mention)} {be(2 if mention.plural else 1)}"
