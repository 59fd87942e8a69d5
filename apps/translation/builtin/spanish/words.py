"""Spanish words besides verbs: plurals, agreement, accents, numbers, contractions."""

import re
from functools import cache

_GRAVE = str.maketrans("áéíóú", "aeiou")
_ACUTE = str.maketrans("aeiou", "áéíóú")

# Plurals whose accent moves, comes or goes in a way the endings do not tell.
_PLURALS = {
    "examen": "exámenes",
    "joven": "jóvenes",
    "imagen": "imágenes",
    "jersey": "jerséis",
    "mes": "meses",
    "gris": "grises",
}
# Adjectives in a consonant that have a feminine all the same, besides those in -dor.
_GENDERED = frozenset(("español", "inglés", "francés", "alemán", "portugués", "japonés"))
_MALE_ENDINGS = re.compile("dor$")
# Before a masculine singular noun (grande before any singular noun).
_SHORTENED = {"bueno": "buen", "malo": "mal", "primero": "primer", "tercero": "tercer"}
# Feminine nouns that begin with a stressed a: el agua, un águila.
_STRESSED_A = frozenset(("agua", "águila", "aula", "arma"))

_UNITS = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro"
    " veinticinco veintiséis veintisiete veintiocho veintinueve"
).split()
_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()

_CONTRACTIONS = (
    (re.compile(r"\b(a|de) el\b"), r"\1l"),
    (re.compile(r"\by (?=h?[ií](?![aeo]))", re.IGNORECASE), "e "),
    (re.compile(r"\bo (?=h?[oó])", re.IGNORECASE), "u "),
)
_NUCLEUS = re.compile(r"[iuü]?[aeoáéó][iuy]?(?![íú])|[iu]?[íú]|[iuü]+|[aeoáéóíú]")


@cache
def plural(word: str) -> str:
    """The plural of a noun or an adjective; of 'clase de español' that of its first word."""
    if " " in word:
        first, rest = word.split(" ", 1)
        return f"{plural(first)} {rest}"
    if word in _PLURALS:
        return _PLURALS[word]
    if word[-1] in "aeiouáéó":
        return word + "s"
    if word.endswith("z"):
        return word[:-1] + "ces"
    if re.search("[áéíóú][ns]$", word):  # estación, autobús, inglés: the accent is no longer needed
        return word[:-2] + word[-2].translate(_GRAVE) + word[-1] + "es"
    if word.endswith("s"):  # lunes, paraguas
        return word
    return word + "es"


@cache
def agree(adjective: str, feminine: bool, many: bool) -> str:
    """`adjective`, given in the masculine singular, in another gender and number.

    Of several words ('cubierto de nieve') only the first changes, 'de madera' not at all.
    """
    if " " in adjective:
        head, rest = adjective.split(" ", 1)
        return adjective if head == "de" else f"{agree(head, feminine, many)} {rest}"
    form = adjective
    if feminine:
        if adjective.endswith("o"):
            form = adjective[:-1] + "a"
        elif adjective in _GENDERED or _MALE_ENDINGS.search(adjective):
            form = adjective[:-2] + adjective[-2].translate(_GRAVE) + adjective[-1] + "a"
    return plural(form) if many else form


def before(adjective: str, feminine: bool, many: bool) -> str:
    """`adjective` as it stands before its noun: un buen día, una gran ciudad."""
    if adjective == "grande" and not many:
        return "gran"
    if adjective in _SHORTENED and not (feminine or many):
        return _SHORTENED[adjective]
    return agree(adjective, feminine, many)


def number(count: int, feminine: bool = False, alone: bool = False) -> str:
    """`count`, 0 to 100, before a noun of that gender, or `alone`: veintiún, veintiuno."""
    if count == 100:
        return "cien"
    tens, units = divmod(count, 10)
    if count < 30:
        word = _UNITS[count]
    else:
        word = _TENS[tens - 3] + (f" y {_UNITS[units]}" if units else "")
    if alone or not word.endswith("uno"):
        return word
    if feminine:
        return word[:-1] + "a"
    return word[:-3] + ("ún" if word.startswith("veinti") else "un")


def takes_el(noun: str) -> bool:
    """Whether a feminine singular noun has el and un all the same: el agua."""
    return noun.split()[0] in _STRESSED_A


def attach(verb: str, clitics: str) -> str:
    """A command, an infinitive or a gerund with pronouns at its end: dámelo, comprarlo."""
    if not clitics:
        return verb
    stressed = _syllables(verb)[_stress(verb)]
    stem = verb[:-1] if verb.endswith("d") and clitics == "os" else verb  # sentaos
    if len(_syllables(verb)) == 1:
        stem = stem.translate(_GRAVE)
    whole = stem + clitics
    if re.search("[áéíóú]", whole):
        return whole
    start = stressed.start()
    strong = max(stressed.group().find(vowel) for vowel in "aeo")
    at = start + (strong if strong >= 0 else len(stressed.group()) - 1)
    hiatus = whole[at] == "i" and whole[at + 1] in "aeo"  # vestíos
    if not hiatus and _syllables(whole)[_stress(whole)].start() == start:
        return whole
    return whole[:at] + whole[at].translate(_ACUTE) + whole[at + 1 :]


def _syllables(word: str) -> list[re.Match[str]]:
    """The vowels of each syllable; u after q and before e or i in gu is silent."""
    silent = re.sub("(?<=q)u|(?<=g)u(?=[eiéí])", "_", word)
    return list(_NUCLEUS.finditer(silent))


def _stress(word: str) -> int:
    """Which syllable of an unaccented word is stressed, counted from the end as in Python."""
    if len(_syllables(word)) == 1:
        return -1
    return -2 if word[-1] in "aeiouns" else -1


def contract(text: str) -> str:
    """`text` with a el, de el made al, del, and y, o before their own sound made e, u."""
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    return text
