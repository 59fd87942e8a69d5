"""Clauses and sentences in English: the order of words, negation, questions."""

from dataclasses import replace

from ..meaning import (
    Agreement,
    Asked,
    Clause,
    Det,
    Gap,
    Identity,
    Linked,
    Part,
    Phrase,
    Polarity,
    Prep,
    Pronoun,
    Quality,
    Relative,
    Sentence,
    Tense,
)
from ..surface import tidy
from . import phrases
from .verb_group import negated, verb_group

_NOT = (Polarity.NO, Polarity.NOT_YET, Polarity.NEITHER)
_BEFORE_VERB = {
    Polarity.NEVER: "never",
    Polarity.NEVER_LAST: "never",
    Polarity.HARDLY_EVER: "hardly ever",
    Polarity.NO_LONGER: "no longer",
}
_AT_END = {Polarity.NOT_YET: "yet", Polarity.NEITHER: "either"}
_IT = Agreement(human=False)


def _subject(clause: Clause) -> tuple[str, Agreement]:
    """The subject in words, and what the verb agrees with: in 'there are' what is there."""
    if clause.verb.es == "haber":
        counted = clause.asks.phrase if clause.asks is not None else clause.object
        return "there", _IT if counted is None else counted.agreement
    if clause.subject is None:
        return "it", _IT
    return phrases.nominal(clause.subject, subject=True), clause.subject.agreement


def _part(part: Part) -> str:
    if isinstance(part, Prep):
        return f"{part.en} {phrases.nominal(part.nominal)}"
    if isinstance(part, Quality):
        return phrases.quality(part)
    if isinstance(part, Identity):
        return phrases.nominal(part.phrase)
    if isinstance(part, Linked):
        return f"{part.en} {clause_words(part.clause)}"
    return part.en


def _objects(clause: Clause, tail: list[str]) -> list[str]:
    """What follows the verb's first word: the rest of it, object and recipient in their order."""
    owner = clause.subject.agreement if clause.subject is not None else _IT
    tail = [phrases.possessive(owner) if word == "*" else word for word in tail]
    thing = "" if clause.object is None else phrases.nominal(clause.object)
    short = isinstance(clause.object, Pronoun)
    if short and "_" in tail:
        tail[tail.index("_")], thing = thing, ""
    tail = [word for word in tail if word != "_"]
    dative = clause.verb.dative
    if clause.recipient is None:
        link = "for" if dative == "ask" and thing else ""
        return [*tail, link, thing]
    to = phrases.nominal(clause.recipient)
    if dative == "ask":
        wanted = bool(thing) or (clause.asks is not None and clause.asks.role == "object")
        return [*tail, to, "for" if wanted else "", thing]
    if dative.startswith("shift") and not short:
        return [*tail, to, thing]
    return [*tail, thing, "for" if dative == "shift-for" else "to", to]


def _again(clause: Clause) -> str:
    return " ".join(modal.again for modal in clause.modals if modal.again)


def _ending(clause: Clause) -> list[str]:
    """All that follows the objects; adverbs come before a clause that ends the sentence."""
    plain = [_part(part) for part in clause.complements if not isinstance(part, Linked)]
    linked = [_part(part) for part in clause.complements if isinstance(part, Linked)]
    moved = clause.front is not None and not isinstance(clause.front, Linked)
    adverbs = [
        _again(clause),
        _AT_END.get(clause.polarity, ""),
        clause.span.en if clause.span else "",
        clause.asks.stranded if clause.asks else "",
        _part(clause.front) if moved and clause.front is not None else "",
    ]
    return [*plain, *adverbs, *linked]


def _asked(asked: Asked | None) -> str:
    if asked is None:
        return ""
    if asked.quality is not None:
        return f"{asked.en} {asked.quality.en}"
    return asked.en if asked.phrase is None else phrases.nominal(asked.phrase)


def _inverted(clause: Clause) -> bool:
    """Whether the auxiliary comes before the subject."""
    return clause.question and not isinstance(clause.subject, Gap)


def _ordered(clause: Clause) -> list[str]:
    """Subject and verb, with 'not' and adverbs, up to the objects."""
    subject, agreement = _subject(clause)
    denied = clause.polarity in _NOT
    first, rest = verb_group(clause, agreement, operator=denied or _inverted(clause))
    mid = [_BEFORE_VERB.get(clause.polarity, ""), clause.mid.en if clause.mid else ""]
    if clause.tense is Tense.COMMAND:
        return ["don't" if denied else "", *mid, *rest]
    if clause.tense is Tense.INFINITIVE:
        return ["not" if denied else "", "to", *rest]
    if clause.tense is Tense.VERBAL_NOUN:
        return ["not" if denied else "", *rest]
    if clause.tense in (Tense.WISH, Tense.WISHED):
        assert clause.subject is not None
        return [phrases.nominal(clause.subject), "not" if denied else "", "to", *rest]
    if clause.elliptic:
        return [*mid, *rest]
    operator = negated(first) if denied else first
    if _inverted(clause):
        return [operator, subject, *mid, *rest]
    return [subject, operator, *mid, *rest]


def _aching(clause: Clause) -> Clause:
    """'a Ana le duele la cabeza' as what English says of the head: that it hurts."""
    owner, part = clause.subject, clause.object
    assert owner is not None and isinstance(part, Phrase)
    part = replace(part, plural=part.plural or owner.agreement.plural_en)
    if isinstance(owner, Pronoun):
        part = replace(part, det=Det.POSSESSIVE, possessor=owner.agreement)
    else:
        part = replace(part, det=Det.THE, of=owner)
    return replace(clause, subject=part, object=None)


def clause_words(clause: Clause) -> str:
    """`clause` in English, without capital and end mark."""
    if clause.verb.es == "doler":
        clause = _aching(clause)
    front = ""
    if isinstance(clause.front, Linked):
        front = _part(clause.front) + ","
    tail = clause.verb.en.split()[1:]
    listed = [
        front,
        _asked(clause.asks),
        *_ordered(clause),
        *_objects(clause, tail),
        *_ending(clause),
    ]
    return " ".join(word for word in listed if word)


def relative(of: Relative) -> str:
    """The clause that describes a noun."""
    return f"{of.en} {clause_words(of.clause)} {of.stranded}".strip()


def sentence(of: Sentence) -> str:
    """`of` in English, ready to print."""
    return tidy(of.en.format(*(clause_words(clause) for clause in of.clauses)))
