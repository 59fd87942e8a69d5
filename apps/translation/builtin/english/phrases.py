"""English noun phrases, pronouns and descriptions."""

from ..meaning import (
    Agreement,
    Couple,
    Degree,
    Det,
    Form,
    Gap,
    Nominal,
    Phrase,
    Pronoun,
    Quality,
)
from . import words

# singular (and mass), plural
_DETERMINERS = {
    Det.NONE: ("", ""),
    Det.GENERIC: ("", ""),
    Det.THE: ("the", "the"),
    Det.SOME: ("some", "some"),
    Det.THIS: ("this", "these"),
    Det.THAT: ("that", "those"),
    Det.YONDER: ("that", "those"),
    Det.MANY: ("a lot of", "many"),
    Det.FEW: ("little", "few"),
    Det.TOO_MANY: ("too much", "too many"),
    Det.ALL: ("all the", "all the"),
    Det.ANOTHER: ("another", "other"),
    Det.ANY: ("any", "any"),
    Det.NOT_ONE: ("any", "any"),
    Det.WHICH: ("which", "which"),
    Det.HOW_MANY: ("how much", "how many"),
    Det.MORE: ("more", "more"),
}
# subject, object, possessive; by person, or by sex in the third
_PRONOUNS = {
    "I": ("I", "me", "my"),
    "you": ("you", "you", "your"),
    "he": ("he", "him", "his"),
    "she": ("she", "her", "her"),
    "it": ("it", "it", "its"),
    "we": ("we", "us", "our"),
    "they": ("they", "them", "their"),
}
_DEGREES = {
    Degree.PLAIN: "",
    Degree.VERY: "very",
    Degree.TOO: "too",
    Degree.MORE: "",
    Degree.LESS: "less",
    Degree.AS: "as",
    Degree.SO: "so",
}
_FOLLOWING = {Degree.AS: "as"}  # of the others: than


def _pronoun(of: Agreement) -> tuple[str, str, str]:
    if of.person_en == 2:
        return _PRONOUNS["you"]
    if of.plural_en:
        return _PRONOUNS["we" if of.person_en == 1 else "they"]
    if of.person_en == 1:
        return _PRONOUNS["I"]
    return _PRONOUNS["it" if not of.human else "she" if of.feminine else "he"]


def subject_pronoun(of: Agreement) -> str:
    """I, he, they."""
    return _pronoun(of)[0]


def object_pronoun(of: Agreement) -> str:
    """me, him, them."""
    return _pronoun(of)[1]


def possessive(of: Agreement) -> str:
    """my, his, their."""
    return _pronoun(of)[2]


def _core(phrase: Phrase) -> str:
    """Adjectives and noun; a superlative comes first."""
    many = phrase.agreement.plural_en and phrase.noun.form is not Form.PLURAL_EN
    many = many or phrase.det is Det.NOT_ONE
    # One each: se quitaron el abrigo, they took off their coats.
    shared = phrase.det is Det.OWN and phrase.noun.form is Form.COUNT
    many = many or (shared and phrase.possessor is not None and phrase.possessor.plural_en)
    only_plural = phrase.noun.form is Form.PLURAL
    noun = phrase.noun.en
    if many and not only_plural:
        noun = phrase.noun.en_plural or words.plural(noun)
    first = [a.en for a in phrase.adjectives if a.first]
    last = [a.en for a in phrase.adjectives if not a.first]
    best = [] if phrase.superlative is None else [words.compared(phrase.superlative.en)[1]]
    return " ".join([*best, *first, *last, noun])


def _determiner(phrase: Phrase, core: str) -> str:
    det, many = phrase.det, phrase.agreement.plural_en
    if det is Det.A:
        return "" if many else words.article(core)
    if det is Det.COUNT:
        return words.number(phrase.count)
    if det in (Det.POSSESSIVE, Det.OWN):
        assert phrase.possessor is not None
        return possessive(phrase.possessor)
    if det is Det.THE and phrase.noun.bare and core == phrase.noun.en and phrase.of is None:
        return ""
    if det is Det.SOME and phrase.noun.form is Form.MASS:
        return "a little"
    return _DETERMINERS[det][many]


def genitive(of: Nominal) -> str:
    """my sister's, Ana's."""
    if isinstance(of, Pronoun):
        return possessive(of.agreement)
    text = nominal(of)
    return words.possessive(text, of.agreement.plural_en)


def noun_phrase(phrase: Phrase) -> str:
    """A phrase without the clause that may describe it."""
    core = _core(phrase)
    of = phrase.of
    if of is not None and of.agreement.human:
        if phrase.det is Det.THE:
            text = f"{genitive(of)} {core}"
        else:
            text = f"{_determiner(phrase, core)} {core} of {genitive(of)}".strip()
    else:
        text = f"{_determiner(phrase, core)} {core}".strip()
        text += f" of {nominal(of)}" if of is not None else ""
    return text if phrase.within is None else f"{text} in {nominal(phrase.within)}"


def nominal(of: Nominal, subject: bool = False) -> str:
    """A participant, in the case of the subject or of the object; a gap is nothing."""
    if isinstance(of, Phrase):
        text = noun_phrase(of)
        if of.relative is not None:
            from .sentence import relative

            text = f"{text} {relative(of.relative)}"
        return text
    if isinstance(of, Pronoun):
        return subject_pronoun(of.agreement) if subject else object_pronoun(of.agreement)
    if isinstance(of, Couple):
        return f"{nominal(of.first, subject)} and {nominal(of.second, subject)}"
    return "" if isinstance(of, Gap) else of.en


def quality(of: Quality) -> str:
    """A description of the subject, with what it is compared with."""
    adjective = of.adjective.en
    if of.degree is Degree.MORE:
        adjective = words.compared(adjective)[0]
    text = f"{_DEGREES[of.degree]} {adjective}".strip()
    if of.standard is None:
        return text
    return f"{text} {_FOLLOWING.get(of.degree, 'than')} {nominal(of.standard)}"
