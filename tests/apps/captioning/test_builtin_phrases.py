"""How captions of the builtin corpus are put together: grammatical, and in many ways."""

import re

import pytest

from apps.captioning.builtin.scene import COLOURS, SHAPES

from .builtin_corpus import some

PLURALS = [f"{shape}es" if shape == "cross" else f"{shape}s" for shape in SHAPES]
SINGULAR, PLURAL = "|".join(SHAPES), "|".join(PLURALS)
SIZED = "(?:big|large|small|little)"
COLOURED = f"(?:{'|'.join(COLOURS)})"
ADJECTIVES = f"(?:{SIZED} )?(?:{COLOURED} )?"


@pytest.fixture(scope="module")
def captions() -> list[str]:
    return [caption for drawn in some() for caption in drawn.captions]


@pytest.mark.parametrize(
    "mistake",
    [
        r"\ba [aeiou]",
        r"\ban [^aeiou]",
        rf"\b(?:a|an|one) {ADJECTIVES}(?:{PLURAL})\b",
        rf"\b(?:two|three|four) {ADJECTIVES}(?:{SINGULAR})\b",
        r"\b(?:a|an|the) (?:a|an|one)\b",
        r"\bthere is (?:two|three|four|the)\b",
        r"\bthere are (?:a|an|the)\b",
        rf"^(?:the|an?) {ADJECTIVES}(?:{SINGULAR}) are\b",
        rf"^(?:the|two|three|four|the two|the three) {ADJECTIVES}(?:{PLURAL}) is\b",
        rf"^an? {ADJECTIVES}(?:{SINGULAR}) with [^,]* (?:them|their \w+)\b",
        rf"^(?:two|three|four) {ADJECTIVES}(?:{PLURAL}) with [^,]* (?:it|its \w+)\b",
        rf"\b{COLOURED} {SIZED}\b",
        r"\b(\w+) \1\b",
        r"  |^ | $| ,|[A-Z.{}_]",
        r",$|^,|,,|\band$",
    ],
)
def test_captions_are_put_together_well(captions: list[str], mistake: str) -> None:
    pattern = re.compile(mistake)
    assert not [caption for caption in captions if pattern.search(caption)]


def test_patterns_of_mistakes_find_some() -> None:
    # The other side: the patterns above are not of things that never match.
    assert re.search(rf"\b(?:two|three|four) {ADJECTIVES}(?:{SINGULAR})\b", "two small red star")
    assert re.search(rf"\b(?:a|an|one) {ADJECTIVES}(?:{PLURAL})\b", "a star and a red crosses")
    assert re.search(rf"\b{COLOURED} {SIZED}\b", "a red big star")


@pytest.mark.parametrize(
    ("pattern", "least"),
    [
        (r"^an? [^,]*$", 2500),
        (r"^there (is|are) ", 1500),
        (r"^the ", 1000),
        (r" with .* (its|it|their|them)\b", 400),
        (r"^\w+ the \w+ there (is|are) ", 150),
        (r", (both|all) of them \w+$", 100),
        (r" and nothing else$", 50),
        (r", from (left to right|top to bottom)$", 100),
        (r"\bon a (dark|light) background\b", 400),
        (r" between .* and ", 300),
        (r"^the [\w ]+ (is|are) (\w+ and )?(\w+)$", 300),
    ],
)
def test_every_phrasing_is_there_often(captions: list[str], pattern: str, least: int) -> None:
    assert sum(bool(re.search(pattern, caption)) for caption in captions) >= least
