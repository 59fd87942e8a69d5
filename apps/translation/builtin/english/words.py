"""English words besides verbs: plurals, articles, comparison, numbers, the possessive."""

import re
from functools import cache

_PLURALS = dict(
    pair.split(":")
    for pair in (
        "child:children person:people foot:feet tooth:teeth mouse:mice sheep:sheep series:series "
        "fish:fish knife:knives wife:wives leaf:leaves shelf:shelves loaf:loaves wolf:wolves "
        "scarf:scarves tomato:tomatoes potato:potatoes half:halves"
    ).split()
)
_COMPARISON = {
    "good": ("better", "best"),
    "bad": ("worse", "worst"),
    "far": ("farther", "farthest"),
}
# Of two syllables and compared with -er all the same, besides those in y.
_SHORT = frozenset(("quiet", "clever", "narrow", "simple", "polite", "bitter"))
_ALOUD_VOWEL = re.compile("[aeiou]|hour|honest", re.IGNORECASE)
_ALOUD_CONSONANT = re.compile("uni|use|euro|one|once", re.IGNORECASE)

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


@cache
def plural(noun: str) -> str:
    """The plural; of several words that of the last, 'glass of water' that of the first."""
    if " of " in noun:
        first, rest = noun.split(" of ", 1)
        return f"{plural(first)} of {rest}"
    head, _, word = noun.rpartition(" ")
    if word in _PLURALS:
        word = _PLURALS[word]
    elif word.endswith("man") and word != "German":
        word = word[:-2] + "en"
    elif re.search("[^aeiou]y$", word):
        word = word[:-1] + "ies"
    else:
        word += "es" if re.search("(s|x|z|ch|sh)$", word) else "s"
    return f"{head} {word}" if head else word


def article(following: str) -> str:
    """a or an, as it stands before `following`."""
    vowel = _ALOUD_VOWEL.match(following) and not _ALOUD_CONSONANT.match(following)
    return "an" if vowel else "a"


def _stem(adjective: str) -> str:
    """`adjective` as it stands before -er and -est."""
    if adjective.endswith("y"):
        return adjective[:-1] + "i"
    if adjective.endswith("e"):
        return adjective[:-1]
    return adjective + (adjective[-1] if re.search("[^aeiou][aeiou][bdgnt]$", adjective) else "")


def _inflected(adjective: str) -> bool:
    syllables = len(re.findall("[aeiouy]+", adjective.removesuffix("e")))
    return syllables == 1 or adjective in _SHORT or (syllables == 2 and adjective.endswith("y"))


@cache
def compared(adjective: str) -> tuple[str, str]:
    """Comparative and superlative: (bigger, biggest), (more careful, most careful)."""
    if adjective in _COMPARISON:
        return _COMPARISON[adjective]
    if _inflected(adjective) and "-" not in adjective:
        return _stem(adjective) + "er", _stem(adjective) + "est"
    return "more " + adjective, "most " + adjective


def number(count: int) -> str:
    """`count`, 0 to 100."""
    if count == 100:
        return "a hundred"
    if count < 20:
        return _UNITS[count]
    tens, units = divmod(count, 10)
    return _TENS[tens - 2] + (f"-{_UNITS[units]}" if units else "")


def possessive(owner: str, many: bool = False) -> str:
    """Ana's, Carlos's; of `many` owners, my parents', the children's."""
    return owner + ("'" if many and owner.endswith("s") else "'s")
