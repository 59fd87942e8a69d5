"""Composing a text of each genre out of sentences of opinion and neutral remarks.

All random draws are the same for both readings of a text: two writers with equal generators and
opposite `positive` write twins.
"""

from itertools import accumulate
from random import Random

from . import lexicon, surface
from .constructs import CONSTRUCTS, SHARES, TWEETS
from .slots import DOMAINS, Subject, fill, neutral_slots, sentence_slots, slots_of
from .subjects import Aspect

_GENRES = {"review": 4, "tweet": 3, "sentence": 3}
_CUMULATIVE_SHARES = tuple(accumulate(SHARES.values()))
_OPENINGS = (
    "To be honest",
    "Honestly",
    "Frankly",
    "I must say",
    "All things considered",
    "Truth be told",
    "In all fairness",
)
_FURTHER = ("Also", "What is more", "Besides", "On top of that")
# A slot that asks something of the subject: slot -> the trait it must have.
_ASKS = {"start": "unfolding", "used": "recurring"}
# What may follow a contrast: praise or blame of one more aspect.
_SINGLE_ASPECT = frozenset(("direct", "negation", "scope"))
# Sentences that already speak of the subject as a whole cannot take it as their aspect.
_OF_THE_WHOLE = frozenset(("item", "aspect2", "this", "that", "rival", "Rival", "poor_rival"))
_DESCRIPTIONS = frozenset(lexicon.FINE + lexicon.POOR).union(
    *(
        pair
        for domain in DOMAINS
        for part in (domain.whole, *domain.aspects)
        for pair in part.opposites
    )
)


class _Writer:
    """Writes the sentences of one text: same subject, same people, no aspect twice."""

    def __init__(self, rng: Random, held_out: bool, positive: bool) -> None:
        self.rng = rng
        self.positive = positive
        self.subject = Subject.draw(rng, held_out)
        self.neutral = neutral_slots(rng, self.subject, held_out)
        self.aspects = rng.sample(self.subject.domain.aspects, 4)
        self.constructs: list[str] = []
        self.item_named = False

    def remark(self, remarks: tuple[str, ...]) -> str:
        """A sentence that says nothing of praise or blame."""
        return fill(self.rng.choice(remarks), self.neutral)

    def verdict(self) -> str:
        """A sentence of praise or blame peculiar to the subject."""
        return self.rng.choice(self.subject.domain.verdicts)[0 if self.positive else 1]

    def opinion(self, casual: bool = False) -> str:
        """A sentence of opinion; a `casual` one is one that only a tweet can say."""
        construct = self._construct()
        templates = (TWEETS if casual else CONSTRUCTS)[construct]
        template = self.rng.choice(templates)
        while not self._fits(template):
            template = self.rng.choice(templates)
        if self.item_named and construct != "comparison":
            template = template.replace("This {item}", "It").replace("this {item}", "it")
        aspects = [self.aspects.pop(), self.aspects.pop()]
        template, aspects[0] = self._as_whole(template, aspects[0])
        named = slots_of(template) & {"item", "this"}
        self.item_named = bool(named) or aspects[0].name == self.subject.item
        self.constructs.append(construct)
        slots = sentence_slots(self.rng, self.subject, aspects, self.neutral, self.positive)
        return fill(template, slots)

    def _construct(self) -> str:
        """A construct by its share; in a second sentence, one that goes with the first."""
        while True:
            construct = self.rng.choices(tuple(SHARES), cum_weights=_CUMULATIVE_SHARES)[0]
            if not self.constructs:
                return construct
            if "contrast" in self.constructs:
                fits = construct in _SINGLE_ASPECT
            else:
                fits = construct not in self.constructs and construct != "contrast"
            if fits:
                return construct

    def _fits(self, template: str) -> bool:
        slots = slots_of(template)
        if "contrast" in self.constructs and ("aspect" not in slots or "item" in slots):
            return False  # "… but overall it was great. There was nothing to dislike about it."
        traits = self.subject.domain.traits
        return not any(slot in slots and trait not in traits for slot, trait in _ASKS.items())

    def _as_whole(self, template: str, aspect: Aspect) -> tuple[str, Aspect]:
        """At times, the sentence about the subject itself, by its name or as "it"."""
        whole, it = self.rng.random() < 0.3, self.rng.random() < 0.5
        if not whole or self.constructs or slots_of(template) & _OF_THE_WHOLE:
            return template, aspect
        if it:
            template = template.replace("The {aspect}", "It").replace("the {aspect}", "it")
        return template, self.subject.whole()


def _review(writer: _Writer) -> str:
    """Two to four sentences: an opinion, at times a second, with neutral remarks around them.

    Mostly there is one opinion only: where an easy one stands beside a difficult one, a network
    learns the easy one and never needs the other.
    """
    rng = writer.rng
    before, twice, after, verdict = (rng.random() < share for share in (0.65, 0.35, 0.35, 0.1))
    parts = [writer.opinion()]
    if twice or not (before or after or verdict):
        second = writer.opinion()
        further = rng.choice(_FURTHER)
        parts.append(surface.lead(further, second) if rng.random() < 0.3 else second)
    if verdict:
        parts.append(writer.verdict())
    if before:
        parts.insert(0, writer.remark(writer.subject.domain.settings))
    if after:
        parts.append(writer.remark(writer.subject.domain.asides))
    return " ".join(parts)


def _plain(writer: _Writer) -> str:
    """One sentence of opinion, at times of two clauses that agree."""
    text = writer.opinion()
    return surface.join(text, writer.opinion()) if writer.rng.random() < 0.2 else text


def text(rng: Random, held_out: bool, positive: bool) -> str:
    """One text of praise or blame; `held_out` texts may hold what training texts never do."""
    genre = rng.choices(tuple(_GENRES), weights=tuple(_GENRES.values()))[0]
    contracted = rng.random() < {"review": 0.6, "tweet": 0.9, "sentence": 0.5}[genre]
    casual = rng.random() < 0.6 and genre == "tweet"
    writer = _Writer(rng, held_out, positive)
    if genre == "review":
        text = _review(writer)
    elif genre == "tweet":
        text = writer.opinion(casual)
    else:
        text = _plain(writer)
    text = surface.articles(text)
    if contracted:
        text = surface.contract(text)
    if not casual:
        text = surface.capitals(text)
    if genre == "tweet":
        domain = writer.subject.domain
        return surface.tweet(rng, text, domain.tags, domain.emoji, _DESCRIPTIONS)
    if genre == "review":
        return text.lower() if rng.random() < 0.08 else text
    opening = rng.choice(_OPENINGS)
    return surface.lead(opening, text) if rng.random() < 0.35 else text
