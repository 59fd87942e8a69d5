"""Filling a sentence's slots: one draw of a subject, its aspects and its words, read both ways."""

import re
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
# One pair of words in so many of each aspect's table is kept from the training split.
_HELD_OUT_EVERY = 4


@dataclass(frozen=True)
class Subject:
    """What a text is about, the same in all its sentences."""

    domain: Domain
    item: str
    rival: str
    present: bool  # "the plot is", not "the plot was"
    unseen: bool  # take the pairs of words that no training text has

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


def _pair(rng: Random, opposites: Sequence[tuple[str, str]], unseen: bool) -> tuple[str, str]:
    """A word of praise and one of blame: an unseen combination or one of the others."""
    # Opposites stand on the diagonal and are always seen; a few of the other diagonals are not.
    pairs = [
        (good, bad)
        for i, (good, _) in enumerate(opposites)
        for j, (_, bad) in enumerate(opposites)
        if ((j - i) % _HELD_OUT_EVERY == 2) == unseen
    ]
    return rng.choice(pairs)


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
    good, bad = _pair(rng, (*first.opposites, ("good", "bad")), subject.unseen)
    others = [pair for pair in first.opposites if good not in pair and bad not in pair]
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
        ("good2", "bad2"): rng.choice(others or first.opposites),
        ("good3", "bad3"): rng.choice(second.opposites),
        ("clean", "dirty"): rng.choice(first.opposites),
        ("mild_good", "mild_bad"): (rng.choice(lexicon.MILD_GOOD), rng.choice(lexicon.MILD_BAD)),
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
        "any_good": rng.choice(first.opposites)[0],
        "any_impress": impress,
        "start": "start",
        "used": "",
    }
