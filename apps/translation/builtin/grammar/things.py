"""Drawing noun phrases of things: determiner, number, adjectives, owner.

A style says which determiners a phrase may have:

    a      a coat, some shoes                  gen    el café, coffee
    new    a coat, two coats, many coats       bare   inglés, English
    known  the coat, this coat, Ana's coats    many   flores, flowers
    one    the same, never several             all    the flowers
    mine   the subject's: mi abrigo            the    the radio
    own    el abrigo, his coat                 glass  un vaso de agua
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from ..lexicon.nouns import NOUNS, of_kinds
from ..lexicon.qualities import LASTING, LEADING, fits
from ..meaning import Adjective, Agreement, Det, Form, Name, Noun, Phrase

_NEW = {Det.A: 45, Det.COUNT: 14, Det.SOME: 8, Det.MANY: 5, Det.ANOTHER: 6}
_NEW_MASS = {Det.NONE: 6, Det.SOME: 3, Det.MANY: 2, Det.MORE: 1}
_KNOWN = {
    Det.THE: 40,
    Det.THIS: 12,
    Det.THAT: 8,
    Det.YONDER: 3,
    Det.POSSESSIVE: 16,
    Det.ALL: 3,
}
_MANY = (Det.COUNT, Det.SOME, Det.MANY, Det.FEW, Det.ALL)
_ONE = (Det.A, Det.ANOTHER)
_OWNERS = (Agreement(1, person_en=1), Agreement(2, person_en=2))
# Kinds of things that may be somebody's.
_OWNABLE = frozenset(
    (
        "pet clothes pair furniture room belonging bag book reference mail parcel homework pen "
        "instrument picture vehicle idea event appliance present"
    ).split()
)
# A pretty red dress, a small wooden box: what can come before what.
_PAIRABLE = ("new", "old", "small", "pretty")
_PAIRED = frozenset(
    (
        "red blue green yellow black white grey brown wooden silver cotton woollen German Japanese "
        "English French Italian Spanish"
    ).split()
)
_HOT = ("coffee", "tea", "hot chocolate")
_IN_PAIRS = ("hand", "foot", "tooth")


def _weighted(rng: Random, weights: dict[Det, int]) -> Det:
    return rng.choices(tuple(weights), weights=tuple(weights.values()))[0]


def describe(rng: Random, phrase: Phrase, chance: float) -> Phrase:
    """`phrase` with an adjective by that `chance`, at times one before and one after the noun."""
    if rng.random() >= chance:
        return phrase
    noun = phrase.noun
    after = [a for a in LASTING.get(noun.kind, ()) if fits(a, noun)]
    before = [a for a in LEADING.get(noun.kind, ()) if fits(a, noun)]
    chosen: list[Adjective] = []
    if before and rng.random() < 0.3:
        chosen.append(rng.choice(before))
    if after and (not chosen or (not noun.human and rng.random() < 0.3)):
        last = rng.choice(after)
        if not chosen or (chosen[0].en in _PAIRABLE and last.en in _PAIRED):
            chosen.append(last)
    return replace(phrase, adjectives=tuple(chosen))


def _counted(rng: Random, noun: Noun, det: Det, several: float = 0) -> Phrase:
    """`noun` with `det` in a number that goes with both."""
    if noun.form is Form.MASS:
        return Phrase(noun, det)
    if det is Det.COUNT:
        count = rng.randint(2, 4) if rng.random() < 0.7 else rng.randint(5, 12)
        return Phrase(noun, det, plural=True, count=count)
    many = det in _MANY or (det not in _ONE and rng.random() < several)
    return Phrase(noun, det, plural=many)


def _some(noun: Noun) -> Det:
    """What stands for 'a' before a noun that cannot have it."""
    return Det.NONE if noun.form is Form.PLURAL_ES else Det.SOME


def _a(rng: Random, noun: Noun) -> Phrase:
    return _counted(rng, noun, Det.A if noun.form is Form.COUNT else _some(noun))


def _new(rng: Random, noun: Noun) -> Phrase:
    if noun.form is Form.MASS:
        return Phrase(noun, _weighted(rng, _NEW_MASS))
    if noun.form is not Form.COUNT:
        return Phrase(noun, _some(noun))
    return _counted(rng, noun, _weighted(rng, _NEW))


def _known(
    rng: Random, noun: Noun, subject: Agreement, names: tuple[Name, ...], several: float
) -> Phrase:
    ownable = noun.kind in _OWNABLE
    if names and ownable and rng.random() < 0.18:
        return replace(_counted(rng, noun, Det.THE, several), of=rng.choice(names))
    det = _weighted(rng, _KNOWN)
    single = noun.form is not Form.COUNT or not several
    if (det is Det.ALL and single) or (det is Det.POSSESSIVE and not ownable):
        det = Det.THE
    phrase = _counted(rng, noun, det, several)
    if det is not Det.POSSESSIVE:
        return phrase
    own = rng.random() < 0.6
    return replace(phrase, possessor=subject if own else rng.choice(_OWNERS))


def _mine(rng: Random, noun: Noun, owner: Agreement) -> Phrase:
    many = noun.form is Form.COUNT and rng.random() < 0.15
    return Phrase(noun, Det.POSSESSIVE, plural=many, possessor=owner)


def _own(noun: Noun, owner: Agreement) -> Phrase:
    """A part of the body, or something on it: both hands, but one coat."""
    return Phrase(noun, Det.OWN, plural=noun.en in _IN_PAIRS, possessor=owner)


def _glass(rng: Random, noun: Noun) -> Phrase:
    vessel = NOUNS["measure"][noun.en in _HOT]
    det = rng.choice((Det.A, Det.A, Det.COUNT))
    return replace(_counted(rng, vessel, det), of=Phrase(noun, Det.NONE))


# Styles that do not depend on whose something is.
_PLAIN: dict[str, Callable[[Random, Noun], Phrase]] = {
    "a": _a,
    "new": _new,
    "glass": _glass,
    "gen": lambda _, noun: Phrase(noun, Det.GENERIC, plural=noun.form is Form.COUNT),
    "all": lambda _, noun: Phrase(noun, Det.THE, plural=noun.form is Form.COUNT),
    "the": lambda _, noun: Phrase(noun, Det.THE),
    "bare": lambda _, noun: Phrase(noun, Det.NONE),
    "many": lambda _, noun: Phrase(noun, Det.NONE, plural=True),
}
# How much more or less often than others they have an adjective.
_DESCRIBED = {"a": 1.0, "new": 1.0, "known": 1.0, "one": 1.0, "mine": 0.5, "own": 0.5, "all": 0.5}


def thing(
    rng: Random,
    style: str,
    kinds: str,
    subject: Agreement,
    names: tuple[Name, ...] = (),
    described: float = 0.4,
) -> Phrase:
    """A phrase with a noun of one of `kinds`.

    Args:
        rng: of the draws.
        style, kinds: see above, and `nouns.of_kinds`.
        subject: of the sentence, to whom things may belong.
        names: of others to whom they may belong.
        described: the chance of an adjective.
    """
    noun = rng.choice(of_kinds(kinds))
    if style in _PLAIN:
        phrase = _PLAIN[style](rng, noun)
    elif style == "mine":
        phrase = _mine(rng, noun, subject)
    elif style == "own":
        phrase = _own(noun, subject)
    else:
        phrase = _known(rng, noun, subject, names, 0.25 if style == "known" else 0)
    if noun.kind == "body":
        return phrase
    return describe(rng, phrase, described * _DESCRIBED.get(style, 0))
