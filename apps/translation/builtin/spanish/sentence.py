"""Clauses and sentences in Spanish: the order of words, negation, questions."""

from ..meaning import (
    Agreement,
    Asked,
    Clause,
    Det,
    Gap,
    Identity,
    Linked,
    Nominal,
    Part,
    Phrase,
    Polarity,
    Prep,
    Pronoun,
    Quality,
    Relative,
    Sentence,
    Tense,
    Voice,
)
from ..surface import tidy
from . import phrases, words
from .verb_group import agreement_of, verb_group

_NEGATIONS = {
    Polarity.YES: "",
    Polarity.NO: "no",
    Polarity.NEVER: "nunca",
    Polarity.NEVER_LAST: "no",
    Polarity.HARDLY_EVER: "casi nunca",
    Polarity.NO_LONGER: "ya no",
    Polarity.NOT_YET: "todavía no",
    Polarity.NEITHER: "tampoco",
}
_UNSPECIFIC = (Det.A, Det.NONE, Det.ANY, Det.COUNT, Det.MANY, Det.FEW, Det.SOME, Det.NOT_ONE)
_NO_PERSONAL_A = frozenset(("tener", "haber", "ser"))
_SEEKING = frozenset(("necesitar", "buscar"))  # 'a' only before somebody in particular
# Adverbs that stand between verb and object.
_CLOSE = frozenset(("bien", "mal", "muy bien", "mucho", "perfectamente"))
_SUBJECTLESS = (Tense.INFINITIVE, Tense.VERBAL_NOUN, Tense.COMMAND)


def _object(clause: Clause) -> str:
    """The direct object, with 'a' before a person; nothing where a clitic says it all."""
    of = clause.object
    if of is None or isinstance(of, Pronoun | Gap):
        return ""
    text = phrases.nominal(of)
    vague = isinstance(of, Phrase) and of.det in _UNSPECIFIC
    verb = clause.verb
    bare = verb.inverted or verb.es in _NO_PERSONAL_A or (vague and verb.es in _SEEKING)
    return f"a {text}" if of.agreement.human and not bare else text


def _recipient(of: Nominal | None) -> str:
    """'a Ana', 'a mí'; nothing where the clitic is enough."""
    if of is None or isinstance(of, Gap) or (isinstance(of, Pronoun) and not of.spoken):
        return ""
    return phrases.prepositional("a", of)


def _part(part: Part, subject: Agreement) -> str:
    if isinstance(part, Prep):
        return phrases.prepositional(part.es, part.nominal)
    if isinstance(part, Quality):
        return phrases.quality(part, subject)
    if isinstance(part, Identity):
        return phrases.identity(part.phrase)
    if isinstance(part, Linked):
        return f"{part.es} {clause_words(part.clause)}"
    return part.es


def _light(of: Nominal | None) -> bool:
    """Whether an object stays beside its verb: ¿por qué aprende inglés tu hermana?"""
    return isinstance(of, Phrase) and of.det is Det.NONE and not of.adjectives


def _predicate(clause: Clause, subject: str) -> list[str]:
    """Negation, verb, and all that follows it, with a `subject` that stands after the verb.

    It stands after 'quiere' in 'quiere comprar', after 'cansada' in 'está cansada'.
    """
    parts = [_part(part, agreement_of(clause.subject)) for part in clause.complements]
    quality = parts.pop(0) if parts and isinstance(clause.complements[0], Quality) else ""
    close = [part for part in parts if part in _CLOSE]
    parts = [part for part in parts if part not in _CLOSE]
    finite, rest = verb_group(clause)
    direct = "" if clause.dislocated else _object(clause)
    if clause.modals:
        verb = [*finite, subject, *rest, quality]
    elif subject and _light(clause.object):
        verb, direct = [*finite, *rest, quality, direct, subject], ""
    else:
        verb = [*finite, *rest, quality, subject]
    return [
        _NEGATIONS[clause.polarity],
        clause.mid.es if clause.mid else "",
        *verb,
        "nunca" if clause.polarity is Polarity.NEVER_LAST else "",
        *close,
        direct,
        "" if clause.verb.inverted else _recipient(clause.recipient),
        *parts,
    ]


def _front(clause: Clause) -> list[str]:
    """What stands before the subject: an adverb, another clause, an object."""
    front = []
    if clause.front is not None:
        comma = "," if isinstance(clause.front, Linked) else ""
        front.append(_part(clause.front, agreement_of(clause.subject)) + comma)
    if clause.dislocated:
        front.append(_object(clause))
    if clause.asks is not None:
        front += _asked(clause.asks, agreement_of(clause.subject))
    return front


def _asked(asked: Asked, subject: Agreement) -> list[str]:
    """The question word, with what it asks for: qué libro, qué bonita."""
    if asked.quality is not None:
        return [asked.es, words.agree(asked.quality.es, subject.feminine, subject.plural)]
    return [asked.es, "" if asked.phrase is None else phrases.nominal(asked.phrase)]


def _subject(clause: Clause) -> str:
    if clause.subject is None or clause.tense in _SUBJECTLESS:
        return ""
    return _recipient(clause.subject) if clause.verb.inverted else phrases.nominal(clause.subject)


def _subject_last(clause: Clause) -> bool:
    asking = clause.question or clause.asks is not None
    return asking or clause.late or clause.dislocated or clause.voice is Voice.REFLEXIVE


def clause_words(clause: Clause) -> str:
    """`clause` in Spanish, without capital and end mark."""
    subject = _subject(clause)
    if not _subject_last(clause):
        words_ = [*_front(clause), subject, *_predicate(clause, "")]
    elif clause.verb.inverted:
        words_ = [*_front(clause), *_predicate(clause, ""), subject]
    else:
        words_ = [*_front(clause), *_predicate(clause, subject)]
    return " ".join(word for word in words_ if word)


def relative(of: Relative) -> str:
    """The clause that describes a noun."""
    return f"{of.es} {clause_words(of.clause)}"


def sentence(of: Sentence) -> str:
    """`of` in Spanish, ready to print."""
    text = of.es.format(*(clause_words(clause) for clause in of.clauses))
    return tidy(words.contract(text))
