"""Spanish noun phrases, pronouns and descriptions."""

from dataclasses import replace

from ..meaning import (
    Adjective,
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

_ARTICLES = {
    Det.THE: "el la los las",
    Det.GENERIC: "el la los las",
    Det.OWN: "el la los las",
    Det.A: "un una unos unas",
    Det.SOME: "un una unos unas",
    Det.THIS: "este esta estos estas",
    Det.THAT: "ese esa esos esas",
    Det.YONDER: "aquel aquella aquellos aquellas",
    Det.MANY: "mucho mucha muchos muchas",
    Det.FEW: "poco poca pocos pocas",
    Det.TOO_MANY: "demasiado demasiada demasiados demasiadas",
    Det.ALL: "todo@el toda@la todos@los todas@las",
    Det.ANOTHER: "otro otra otros otras",
    Det.NOT_ONE: "ningún ninguna ningún ninguna",
    Det.WHICH: "qué qué qué qué",
    Det.HOW_MANY: "cuánto cuánta cuántos cuántas",
    Det.MORE: "más más más más",
}
_TABLE = {
    det: tuple(form.replace("@", " ") for form in row.split()) for det, row in _ARTICLES.items()
}
_POSSESSIVES = {1: ("mi", "nuestro"), 2: ("tu", "vuestro"), 3: ("su", "su")}
# (person, plural): subject, and after a preposition
_PRONOUNS = {
    (1, False): ("yo", "mí"),
    (2, False): ("tú", "ti"),
    (1, True): ("nosotros", "nosotros"),
    (2, True): ("vosotros", "vosotros"),
}
_DEGREES = {
    Degree.PLAIN: "",
    Degree.VERY: "muy",
    Degree.TOO: "demasiado",
    Degree.MORE: "más",
    Degree.LESS: "menos",
    Degree.AS: "tan",
    Degree.SO: "tan",
}
_COMPARATIVES = {"bueno": "mejor", "malo": "peor"}


def pronoun(agreement: Agreement, after_preposition: bool = False) -> str:
    """A stressed pronoun: yo, mí, ella, ustedes."""
    person, many, feminine = agreement.person, agreement.plural, agreement.feminine
    if person == 3:
        if agreement.person_en == 2:
            return "ustedes" if many else "usted"
        return ("ellas" if many else "ella") if feminine else ("ellos" if many else "él")
    form = _PRONOUNS[person, many][after_preposition]
    return form[:-2] + "as" if many and feminine else form


def _possessive(owner: Agreement, owned: Agreement) -> str:
    form = _POSSESSIVES[owner.person][owner.plural]
    form = form[:-1] + "a" if form.endswith("o") and owned.feminine else form
    return words.plural(form) if owned.plural else form


def _determiner(phrase: Phrase, following: str) -> str:
    """The determiner of `phrase`; `following` is the word after it."""
    det, of = phrase.det, phrase.agreement
    if det in (Det.NONE, Det.ANY):
        return ""
    if det is Det.COUNT:
        return words.number(phrase.count, of.feminine)
    if det is Det.POSSESSIVE:
        assert phrase.possessor is not None
        return _possessive(phrase.possessor, of)
    if det is Det.SOME and phrase.noun.form is Form.MASS:
        return "un poco de"
    row = _TABLE[det]
    if of.feminine and not of.plural and row[0] in ("el", "un", "ningún"):
        return row[0] if words.takes_el(following) else row[1]
    return row[of.feminine + 2 * of.plural]


def _adjectives(phrase: Phrase, first: bool) -> list[str]:
    of = phrase.agreement
    form = words.before if first else words.agree
    return [form(a.es, of.feminine, of.plural) for a in phrase.adjectives if a.first is first]


def superlative(adjective: Adjective, feminine: bool, plural: bool) -> tuple[bool, str]:
    """The superlative, and whether it stands before the noun: mejor, más grande."""
    if adjective.es in _COMPARATIVES:
        word = _COMPARATIVES[adjective.es]
        return True, words.agree(word, False, plural)
    return False, "más " + words.agree(adjective.es, feminine, plural)


def _core(phrase: Phrase) -> str:
    """Noun and adjectives, with the superlative."""
    of = phrase.agreement
    many = of.plural and phrase.det is not Det.NOT_ONE
    noun = words.plural(phrase.noun.es) if many else phrase.noun.es
    before, after = _adjectives(phrase, first=True), _adjectives(phrase, first=False)
    if phrase.superlative is not None:
        leads, text = superlative(phrase.superlative, of.feminine, of.plural)
        (before if leads else after).append(text)
    return " ".join([*before, noun, *after])


def noun_phrase(phrase: Phrase) -> str:
    """A phrase without the clause that may describe it."""
    core = _core(phrase)
    text = f"{_determiner(phrase, core.split()[0])} {core}".strip()
    for other in (phrase.of, phrase.within):
        if other is not None:
            text += f" de {nominal(other, after_preposition=True)}"
    return text


def nominal(of: Nominal, after_preposition: bool = False) -> str:
    """A participant; a pronoun that is not spoken and a gap are nothing."""
    if isinstance(of, Phrase):
        text = noun_phrase(of)
        if of.relative is not None:
            from .sentence import relative

            text = f"{text} {relative(of.relative)}"
        return text
    if isinstance(of, Pronoun):
        shown = of.spoken or after_preposition
        return pronoun(of.agreement, after_preposition) if shown else ""
    if isinstance(of, Couple):
        return f"{nominal(of.first)} y {nominal(of.second)}"
    return "" if isinstance(of, Gap) else of.es


def identity(phrase: Phrase) -> str:
    """What somebody is: médica, un buen médico, médicos franceses."""
    plain = phrase.det is Det.A and (phrase.plural or not phrase.adjectives)
    return nominal(replace(phrase, det=Det.NONE) if plain else phrase)


def prepositional(preposition: str, of: Nominal) -> str:
    """A preposition and its phrase: conmigo, de mi hermana."""
    if preposition == "a" and isinstance(of, Couple):
        return f"{prepositional('a', of.first)} y {prepositional('a', of.second)}"
    text = nominal(of, after_preposition=True)
    if preposition == "con" and text in ("mí", "ti"):
        return {"mí": "conmigo", "ti": "contigo"}[text]
    return f"{preposition} {text}"


def quality(of: Quality, subject: Agreement) -> str:
    """A description of the subject, with what it is compared with."""
    degree = _DEGREES[of.degree]
    adjective = words.agree(of.adjective.es, subject.feminine, subject.plural)
    if of.degree is Degree.MORE and of.adjective.es in _COMPARATIVES:
        degree, adjective = "", words.agree(_COMPARATIVES[of.adjective.es], False, subject.plural)
    text = f"{degree} {adjective}".strip()
    if of.standard is None:
        return text
    than = "como" if of.degree is Degree.AS else "que"
    return f"{text} {than} {_standard(of.standard)}"


def _standard(of: Nominal) -> str:
    return pronoun(of.agreement) if isinstance(of, Pronoun) else nominal(of)
