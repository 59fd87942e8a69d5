"""Filling a sentence's slots: one draw of a subject, its aspects and its words, read both ways."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from . import lexicon
from .arts import ARTS
from .constructs import FLIPS
from .goods import GOODS
from .services import SERVICES
from .subjects import Aspect, Domain

DOMAINS = ARTS + SERVICES + GOODS

_SLOT = re.compile(r"\{(\w+)\}")
_VERBS = {"they": ("are", "were")}  # of the others: is, was
_OBJECTS = {"it": "it", "they": "them", "he": "him", "she": "her"}


def _reserved() -> dict[str, tuple[str, str]]:
    """Of most aspects one pair of opposites that no training text may say of it.

    Training texts say both words of other things, at least two each: what a word means can be
    learnt, what is said of this aspect cannot be remembered.
    """
    by_name = {aspect.name: aspect for domain in DOMAINS for aspect in domain.aspects}
    aspects = [*by_name.values(), *(domain.whole for domain in DOMAINS)]
    places = Counter(word for aspect in aspects for pair in aspect.opposites for word in pair)
    reserved = {}
    for aspect in by_name.values():
        free = [pair for pair in aspect.opposites if min(places[word] for word in pair) >= 3]
        if free and len(aspect.opposites) >= 3:
            reserved[aspect.name] = free[-1]
            places.subtract(free[-1])
    return reserved


_RESERVED = _reserved()


@dataclass(frozen=True)
class Subject:
    """What a text is about, the same in all its sentences."""

    domain: Domain
    item: str
    rival: str
    present: bool  # "the plot is", not "the plot was"
    unseen: bool  # say of its aspects what no training text says of them

    @classmethod
    def draw(cls, rng: Random, held_out: bool) -> "Subject":
        """A random subject; `held_out` subjects may use what training texts never do."""
        domain = rng.choice(DOMAINS)
        return cls(
            domain=domain,
            item=rng.choice(domain.items),
            rival=rng.choice(domain.rivals),
            present="lasting" in domain.traits and rng.random() < 0.6,
            unseen=held_out and rng.random() < 0.6,
        )

    def whole(self) -> Aspect:
        """The subject itself as something to describe: "the film was gripping"."""
        return replace(self.domain.whole, name=self.item)


def neutral_slots(rng: Random, subject: Subject, held_out: bool) -> dict[str, str]:
    """The slots that are the same in all sentences of a text: people, places, times, the item."""
    new = held_out and rng.random() < 0.15
    name = rng.choice(lexicon.NEW_NAMES if new else lexicon.NAMES)
    town = rng.choice(lexicon.NEW_TOWNS if new else lexicon.TOWNS)
    relatives = rng.sample(lexicon.RELATIVES, 3)
    if rng.random() < 0.3:
        relatives[rng.randrange(3)] = "friend " + name
    kin, other, critic = ("my " + relative for relative in relatives)
    return {
        "kin": kin,
        "Kin": "M" + kin[1:],
        "other": other,
        "critic": critic,
        "town": town,
        "day": rng.choice(lexicon.DAYS),
        "month": rng.choice(lexicon.MONTHS),
        "item": subject.item,
    }


@cache
def slots_of(template: str) -> frozenset[str]:
    """The names of the slots in `template`."""
    return frozenset(_SLOT.findall(template))


def fill(template: str, slots: dict[str, str]) -> str:
    """`template` with every {slot} replaced; an unknown slot is a KeyError."""
    return _SLOT.sub(lambda match: slots[match.group(1)], template)


def _opposites(aspect: Aspect, unseen: bool) -> tuple[tuple[str, str], ...]:
    """The opposites that may be said of `aspect`: the reserved pair if `unseen`, or all others."""
    reserved = _RESERVED.get(aspect.name)
    if unseen and reserved in aspect.opposites:
        return (reserved,)
    return tuple(pair for pair in aspect.opposites if pair != reserved)


def past(verb: str) -> str:
    """The past tense of a regular verb."""
    if verb.endswith("y") and verb[-2] not in "aeo":
        return verb[:-1] + "ied"
    return verb + ("d" if verb.endswith("e") else "ed")


def sentence_slots(
    rng: Random,
    subject: Subject,
    aspects: Sequence[Aspect],
    neutral: dict[str, str],
    positive: bool,
) -> dict[str, str]:
    """Values of all slots for one sentence about `subject` and two of its aspects.

    The draws are the same whichever way the sentence is read: called with equal generators, the two
    values of `positive` give a minimal pair.
    """
    domain = subject.domain
    first, second = aspects
    usual = _opposites(first, unseen=False)
    opposites = _opposites(first, subject.unseen)
    described = opposites if subject.unseen else (*opposites, ("good", "bad"))
    # Not always of the same property: "dull, not witty" beside "dull, not gripping".
    good, bad = rng.choice(described)[0], rng.choice(described)[1]
    good2 = rng.choice([pair[0] for pair in usual if pair[0] != good])
    bad2 = rng.choice([pair[1] for pair in usual if pair[1] != bad])
    love, hate = rng.choice(lexicon.LOVE)
    impress, disappoint = rng.choice(lexicon.IMPRESS)
    fine, poor = rng.choice(lexicon.FINE), rng.choice(lexicon.POOR)
    rival = fill(subject.rival, neutral)
    this = "this " + subject.item
    singular = ("is", "was")
    is_, was = _VERBS.get(first.pronoun, singular)
    # (slot, its opposite): (what they hold in the positive reading)
    flips = {
        ("good", "bad"): (good, bad),
        ("good2", "bad2"): (good2, bad2),
        ("good3", "bad3"): rng.choice(_opposites(second, unseen=False)),
        ("clean", "dirty"): rng.choice(opposites),
        ("mild_good", "mild_bad"): (rng.choice(lexicon.MILD_GOOD), rng.choice(lexicon.MILD_BAD)),
        ("plain_good", "plain_bad"): ("good", "bad"),
        ("fine", "poor"): (fine, poor),
        ("fine_rival", "poor_rival"): (
            rival.replace("the ", f"the {fine} ", 1),
            rival.replace("the ", f"the {poor} ", 1),
        ),
        ("love", "hate"): (love, hate),
        ("loved", "hated"): (past(love), past(hate)),
        ("impress", "disappoint"): (impress, disappoint),
        ("impressed", "let_down"): (past(impress), past(disappoint)),
        ("delighted", "disappointed"): rng.choice(lexicon.DELIGHTED),
        ("treat", "letdown"): rng.choice(lexicon.TREAT),
        ("charm", "noise"): (rng.choice(domain.virtues), rng.choice(domain.vices)),
        ("this", "that"): (this, rival),
        ("was_or_had_been", "had_been_or_was"): (was, "had been"),
    }
    slots = dict(neutral)
    for names, words in flips.items():
        slots |= zip(names, words if positive else words[::-1], strict=True)
    for name, readings in FLIPS.items():
        slots[name] = readings[0 if positive else 1]
    who = neutral["critic"] if rng.random() < 0.6 else rng.choice(lexicon.CROWDS)
    return slots | {
        "aspect": first.name,
        "they": first.pronoun,
        "them": _OBJECTS[first.pronoun],
        "is": is_,
        "past": was,
        "was": is_ if subject.present else was,
        "aspect2": second.name,
        "was2": _VERBS.get(second.pronoun, singular)[0 if subject.present else 1],
        "iwas": "is" if subject.present else "was",
        "rival": rival,
        "Rival": rival,
        "unit": domain.unit,
        "tried": domain.tried,
        "again": domain.again,
        "who": who,
        "Who": who,
        "really": rng.choice(lexicon.REALLY),
        "very": rng.choice(lexicon.VERY),
        "any_good": rng.choice(opposites)[0],
        "any_impress": impress,
        "start": "start",
        "used": "",
    }
