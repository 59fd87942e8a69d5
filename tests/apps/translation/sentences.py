"""Sentences that a small translator learns in seconds: who does what to which thing."""

from __future__ import annotations

import random
from itertools import product

Pair = tuple[str, str]

_WHO = {
    "Ana": "Ana",
    "Tom": "Tom",
    "El perro": "The dog",
    "El gato": "The cat",
    "Mi madre": "My mother",
    "La niña": "The girl",
}
_DOES = {"ve": "sees", "quiere": "wants", "busca": "looks for", "no ve": "does not see"}
# Which goes before the thing in English and behind it in Spanish.
_WHICH = {"verde": "green", "azul": "blue", "grande": "big"}
_THING = {
    "la casa": "the house",
    "el tren": "the train",
    "un libro": "a book",
    "una mesa": "a table",
    "la flor": "the flower",
}


def pairs(sizes: dict[str, int]) -> dict[str, list[Pair]]:
    """Returns so many pairs for each split, the same ones always; none is in two of them."""
    every = [
        (f"{who} {does} {thing} {which}.", _english(who, does, thing, which))
        for who, does, thing, which in product(_WHO, _DOES, _THING, _WHICH)
    ]
    random.Random(0).shuffle(every)
    drawn = iter(every)
    return {split: [next(drawn) for _ in range(size)] for split, size in sizes.items()}


def table(rows: list[Pair]) -> str:
    """Returns pairs as a TSV file."""
    return "source\ttarget\n" + "".join(f"{source}\t{target}\n" for source, target in rows)


def _english(who: str, does: str, thing: str, which: str) -> str:
    article, noun = _THING[thing].split()
    return f"{_WHO[who]} {_DOES[does]} {article} {_WHICH[which]} {noun}."
