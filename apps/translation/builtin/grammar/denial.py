"""Clauses in the negative, with objects that can be denied: no books, no bread."""

from dataclasses import replace

from ..lexicon.actions import MANNERS
from ..meaning import Clause, Det, Form, Part, Phrase, Polarity, Tense, Text

_PAST = (Tense.PRETERITE, Tense.PERFECT, Tense.PLUPERFECT, Tense.JUST)
_STUFF = ("food", "drink", "spice", "money", "advice")
_VAGUE = (Det.COUNT, Det.SOME, Det.MANY, Det.ANOTHER, Det.MORE, Det.A)
_DENIABLE = frozenset(
    (
        "bien; muy bien; tarde; temprano; mucho; a tiempo; a pie; en tren; en coche; en avión; "
        "en autobús; toda la noche"
    ).split("; ")
)


def _deniable(part: Part) -> bool:
    """Not a manner that nobody denies: he did not break it by accident."""
    return not (isinstance(part, Text) and part.es in MANNERS and part.es not in _DENIABLE)


def _stuff(of: Phrase) -> Phrase:
    """What a measure is full of: of a glass of water, the water."""
    inside = of.of
    if isinstance(inside, Phrase) and inside.noun.form is Form.MASS:
        return inside
    return of


def _none(of: Phrase, had: bool) -> Phrase:
    """`of` as what is not there; `had`, if English says 'any' of a mass."""
    of = _stuff(of)
    noun = of.noun
    if noun.form is Form.MASS and noun.kind in _STUFF and of.det in (Det.NONE, *_VAGUE):
        return Phrase(noun, Det.ANY if had else Det.NONE)
    if of.det is Det.A:
        return replace(of, det=Det.THE) if noun.human else of
    if of.det in _VAGUE:
        count = noun.form is Form.COUNT
        return Phrase(noun, Det.NOT_ONE) if count else Phrase(noun, Det.ANY, plural=of.plural)
    return of


def denied(clause: Clause, polarity: Polarity = Polarity.NO) -> Clause:
    """`clause` with that `polarity`, without what cannot be denied."""
    kept = tuple(part for part in clause.complements if _deniable(part))
    of = clause.object
    if isinstance(of, Phrase):
        plainly = polarity in (Polarity.NO, Polarity.NOT_YET)
        owned = clause.tense in _PAST or clause.verb.es in ("tener", "haber")
        of = _none(of, plainly and owned)
    return replace(clause, object=of, complements=kept, polarity=polarity)
