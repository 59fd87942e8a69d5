"""Spanish conjugation: the rules of the three classes, their spelling, and the irregular verbs.

Persons are counted 0 to 5: yo, tú, él, nosotros, vosotros, ellos. The tables of what no rule says
are in `irregular`.
"""

import re
from functools import cache

from . import irregular

SIMPLE_TENSES = (
    "present",
    "preterite",
    "imperfect",
    "future",
    "conditional",
    "subjunctive",
    "past_subjunctive",
    "imperative",
)

_ENDINGS = {
    ("present", "a"): "o as a amos áis an",
    ("present", "e"): "o es e emos éis en",
    ("present", "i"): "o es e imos ís en",
    ("preterite", "a"): "é aste ó amos asteis aron",
    ("preterite", "e"): "í iste ió imos isteis ieron",
    ("preterite", "i"): "í iste ió imos isteis ieron",
    ("imperfect", "a"): "aba abas aba ábamos abais aban",
    ("imperfect", "e"): "ía ías ía íamos íais ían",
    ("imperfect", "i"): "ía ías ía íamos íais ían",
    ("subjunctive", "a"): "e es e emos éis en",
    ("subjunctive", "e"): "a as a amos áis an",
    ("subjunctive", "i"): "a as a amos áis an",
}
_FUTURE = "é ás á emos éis án".split()
_CONDITIONAL = "ía ías ía íamos íais ían".split()
_STRONG_PRETERITE = "e iste o imos isteis ieron".split()
_PAST_SUBJUNCTIVE = "ra ras ra ramos rais ran".split()
_ACUTE = str.maketrans("aeiou", "áéíóú")
_GRAVE = str.maketrans("áéíóú", "aeiou")
_UNSTRESSED = (3, 4)  # nosotros and vosotros: the stress is on the ending, the stem stays


def _class(verb: str) -> str:
    """'a', 'e' or 'i'."""
    return verb[-2].translate(_GRAVE)


def _diphthong(stem: str, change: str) -> str:
    """`stem` with its last e or o changed: cerr- by 'ie' to cierr-."""
    at = max(stem.rfind(vowel) for vowel in ("u" if stem == "jug" else "eo"))
    return stem[:at] + change + stem[at + 1 :]


def _closed(verb: str, stem: str) -> str:
    """The stem of -ir verbs before an i-diphthong: pid-, durm-, sint-."""
    if _class(verb) == "i" and verb in irregular.STEM_CHANGES:
        at = max(stem.rfind(vowel) for vowel in "eo")
        return stem[:at] + {"e": "i", "o": "u"}[stem[at]] + stem[at + 1 :]
    return stem


def _spelled(verb: str, stem: str, ending: str) -> str:
    """Stem and ending joined so that the stem's last consonant keeps its sound."""
    front = ending[0] in "eéií"
    if _class(verb) == "a" and front:
        for old, new in (("c", "qu"), ("g", "gu"), ("z", "c")):
            if stem.endswith(old):
                return stem[: -len(old)] + new + ending
    if _class(verb) != "a" and not front:
        for old, new in (("gu", "g"), ("g", "j")):
            if stem.endswith(old):
                return stem[: -len(old)] + new + ending
    return stem + ending


def _stressed_stem(verb: str) -> str:
    """The stem where it bears the stress."""
    stem = verb[:-2]
    if verb in irregular.STEM_CHANGES:
        return _diphthong(stem, irregular.STEM_CHANGES[verb])
    if verb in irregular.HIATUS:
        return stem[:-1] + stem[-1].translate(_ACUTE)
    if verb.endswith("uir") and not verb.endswith("guir"):
        return stem + "y"
    return stem


def _first_person(verb: str) -> str:
    """The present of yo, on which the subjunctive stands."""
    if verb in irregular.FIRST_PERSON:
        return irregular.FIRST_PERSON[verb]
    if re.search("[aeou]c[ei]r$", verb):
        return verb[:-3] + "zco"
    return _spelled(verb, _stressed_stem(verb), "o")


def _present(verb: str) -> list[str]:
    endings = _ENDINGS["present", _class(verb)].split()
    forms = [
        _spelled(verb, verb[:-2] if person in _UNSTRESSED else _stressed_stem(verb), ending)
        for person, ending in enumerate(endings)
    ]
    return [_first_person(verb), *forms[1:]]


def _preterite(verb: str) -> list[str]:
    if verb in irregular.STRONG_PRETERITES:
        stem = irregular.STRONG_PRETERITES[verb]
        forms = [stem + ending for ending in _STRONG_PRETERITE]
        forms[2] = forms[2].replace("hico", "hizo")
        forms[5] = forms[5].replace("jie", "je")
        return forms
    stem = verb[:-2]
    endings = _ENDINGS["preterite", _class(verb)].split()
    if _class(verb) == "a":
        return [_spelled(verb, stem, ending) for ending in endings]
    forms = [stem + ending for ending in endings]
    for person in (2, 5):
        forms[person] = _glide(_closed(verb, stem) + endings[person])
    if stem[-1] in "aeo":  # leíste: the i is no part of a diphthong
        for person in (1, 3, 4):
            forms[person] = stem + "í" + endings[person][1:]
    return forms


def _glide(form: str) -> str:
    """`form` with an i between vowels written y: leió is leyó."""
    return re.sub(r"(?:(?<=[aeo])|(?<=[^gq]u))i(?=[eóa])", "y", form)


def _subjunctive(verb: str) -> list[str]:
    endings = _ENDINGS["subjunctive", _class(verb)].split()
    if _class(verb) == "a":
        stems = [verb[:-2] if p in _UNSTRESSED else _stressed_stem(verb) for p in range(6)]
        return [_spelled(verb, stem, end) for stem, end in zip(stems, endings, strict=True)]
    stem = _first_person(verb)[:-1]
    forms = [stem + ending for ending in endings]
    if irregular.STEM_CHANGES.get(verb) in ("ie", "ue") and verb not in irregular.FIRST_PERSON:
        for person in _UNSTRESSED:  # perdamos, durmamos
            forms[person] = _closed(verb, verb[:-2]) + endings[person]
    return forms


def _past_subjunctive(verb: str) -> list[str]:
    stem = forms_of(verb, "preterite")[5].removesuffix("ron")
    forms = [stem + ending for ending in _PAST_SUBJUNCTIVE]
    forms[3] = stem[:-1] + stem[-1].translate(_ACUTE) + "ramos"
    return forms


def _imperative(verb: str) -> list[str]:
    """Commands: tú, usted, vosotros and ustedes; the first persons as in the subjunctive."""
    forms = list(forms_of(verb, "subjunctive"))
    forms[1] = irregular.COMMANDS.get(verb, forms_of(verb, "present")[2])
    forms[4] = verb[:-1] + "d"
    return forms


@cache
def forms_of(verb: str, tense: str) -> tuple[str, ...]:
    """The six forms of `verb`, an infinitive without -se, in one of `SIMPLE_TENSES`."""
    if (verb, tense) in irregular.WHOLE_TENSES:
        return tuple(irregular.WHOLE_TENSES[verb, tense].split())
    if tense in ("future", "conditional"):
        stem = irregular.FUTURE_STEMS.get(verb, verb.translate(_GRAVE))
        return tuple(stem + end for end in (_FUTURE if tense == "future" else _CONDITIONAL))
    if tense == "imperfect":
        stem = verb[:-2]
        return tuple(stem + end for end in _ENDINGS["imperfect", _class(verb)].split())
    rules = {
        "present": _present,
        "preterite": _preterite,
        "subjunctive": _subjunctive,
        "past_subjunctive": _past_subjunctive,
        "imperative": _imperative,
    }
    return tuple(rules[tense](verb))


def conjugate(verb: str, tense: str, person: int, plural: bool) -> str:
    """One form: `person` 1 to 3, `tense` one of `SIMPLE_TENSES`."""
    return forms_of(verb, tense)[person - 1 + 3 * plural]


@cache
def gerund(verb: str) -> str:
    """comiendo, leyendo, durmiendo."""
    if verb in irregular.GERUNDS:
        return irregular.GERUNDS[verb]
    if _class(verb) == "a":
        return verb[:-2] + "ando"
    return _glide(_closed(verb, verb[:-2]) + "iendo")


@cache
def participle(verb: str) -> str:
    """comido, leído, escrito: masculine singular."""
    if verb in irregular.PARTICIPLES:
        return irregular.PARTICIPLES[verb]
    stem = verb[:-2]
    if _class(verb) == "a":
        return stem + "ado"
    return stem + ("ído" if stem.endswith(("a", "e", "o")) else "ido")
