"""How a text is typed: articles, capitals, contractions, and what makes a tweet look like one."""

import re
from random import Random

from . import lexicon

# "is not" before "it is": "it is not" is to become "it isn't".
_CONTRACTIONS = tuple(
    (re.compile(rf"\b{full}\b{after}"), short)
    for full, short, after in (
        ("cannot", "can't", ""),
        ("([Ww])ill not", r"\1on't", ""),
        ("((?i:do|does|did|is|are|was|were|could|would|had|have)) not", r"\1n't", ""),
        ("I would", "I'd", r"(?= \w)"),
        ("I have", "I've", r"(?= (?:been|never|just)\b)"),
        ("I am", "I'm", ""),
        ("([Ii]t|[Tt]hat) is", r"\1's", r"(?= \w)"),
        ("([Tt]hey) are", r"\1're", r"(?= \w)"),
        ("There is", "There's", ""),
    )
)
_AN = re.compile(r"\b([Aa]) (?=[aeiou])(?!one\b|us|uni)")
_SENTENCE = re.compile(r"(^|[.!?] )([a-z])")
_WORD = re.compile(r"[A-Za-z']+")
# Words a tweet may shout, besides those of praise and blame.
_LOUD = frozenset("not never no nothing so really still wrong right better worse".split()) | {
    form
    for pair in lexicon.LOVE + lexicon.TREAT + lexicon.DELIGHTED + lexicon.IMPRESS
    for word in pair
    for form in (word, word + "d", word + "ed")
}
_STRETCHED = {
    "so": "sooo",
    "really": "reallyyy",
    "love": "loooove",
    "hate": "haaaate",
    "no": "nooo",
    "never": "neverrr",
    "such": "suuuch",
    "wrong": "wroooong",
}
_OPENERS = ("ok", "omg", "honestly", "tbh", "ngl", "imo")
_ENDINGS = ("lol", "tbh", "ngl", "imo", "just saying", "haha")
_LEADABLE = re.compile(r"(The|This|There|It|We|I|My|Nothing|Everything|Nobody)\b")


def articles(text: str) -> str:
    """`text` with "a" made "an" where it must be."""
    return _AN.sub(r"\1n ", text)


def contract(text: str) -> str:
    """`text` with "do not" made "don't", and so on."""
    for full, short in _CONTRACTIONS:
        text = full.sub(short, text)
    return text


def capitals(text: str) -> str:
    """`text` with a capital at the start of every sentence."""
    return _SENTENCE.sub(lambda match: match.group(1) + match.group(2).upper(), text)


def lead(opening: str, sentence: str) -> str:
    """`sentence` after an opening phrase ("To be honest, …"), or alone where none can stand."""
    if not _LEADABLE.match(sentence):
        return sentence
    pronoun = sentence.startswith(("I ", "I'"))
    return f"{opening}, {sentence if pronoun else sentence[0].lower() + sentence[1:]}"


def join(first: str, second: str) -> str:
    """Two plain sentences as one ("…, and …"); where that would not read well, `second` alone."""
    plain = not any(re.search("[,;:.] | and ", sentence) for sentence in (first, second))
    if not plain or not _LEADABLE.match(second):
        return second
    return lead(first[:-1], second).replace(", ", ", and ", 1)


def _one_word(rng: Random, text: str, words: frozenset[str], change: dict[str, str]) -> str:
    """`text` with one of its words that are in `words` changed, or in capitals."""
    matches = [match for match in _WORD.finditer(text) if match.group().lower() in words]
    pick = rng.random()
    if not matches:
        return text
    match = matches[int(pick * len(matches))]
    word = match.group()
    return text[: match.start()] + change.get(word, word.upper()) + text[match.end() :]


def tweet(rng: Random, text: str, tags: tuple[str, ...], emoji: str, loud: frozenset[str]) -> str:
    """`text` as it might be typed into a phone, with what people put around it.

    Handles, hashtags and emoji never depend on the opinion. `loud` are the words of praise and
    blame that may be in capitals.
    """
    lower, stretch, shout, bare = (rng.random() < share for share in (0.6, 0.3, 0.3, 0.7))
    if lower:
        text = text.lower()
    if rng.random() < 0.1:
        text = re.sub(r"n't\b", "nt", text)
    opener = rng.choice(_OPENERS)
    if rng.random() < 0.2 and not text.startswith((*_OPENERS, "not gonna", "hot take")):
        text = f"{opener} {text}" if lower else lead(opener.capitalize(), text)
    if bare:
        text = text.removesuffix(".")
    if rng.random() < 0.1:
        text = text.replace(" and ", " & ")
    if stretch:
        text = _one_word(rng, text, frozenset(_STRETCHED), _STRETCHED)
    if shout:
        text = _one_word(rng, text, loud | _LOUD, {})
    ending = rng.choice(_ENDINGS)
    if rng.random() < 0.15 and not any(short in text for short in _ENDINGS):
        text = f"{text.removesuffix('.')} {ending}"
    elif rng.random() < 0.25:
        text = text.removesuffix(".") + rng.choice(("!", "!!", "...", "!!!"))
    if rng.random() < 0.3:
        handle = "@" + rng.choice(lexicon.HANDLES)
        if rng.random() < 0.6:
            handle += str(rng.randrange(2, 99))
        text = f"{handle} {text}" if rng.random() < 0.6 else f"{text} {handle}"
    if rng.random() < 0.4:
        text = f"{text} {rng.choice(emoji + lexicon.EMOJI)}"
    if rng.random() < 0.4:
        text = f"{text} {rng.choice(tags + lexicon.TAGS)}"
    return text
