"""How the tables of the lexicon are written.

A table is a text of sections, 'name: entry, entry, …', whose further lines are indented; a line
that begins with '#' is a comment. Most entries are 'Spanish=English'. Where a heading goes with
whole lines, these are indented and marked ('+', '-', '>').
"""

import re

from ..meaning import Adjective, Text, Verb

_MARKS = ("+", "-", ">")
_SECTION = re.compile(r"^(\S.*?): ((?:.|\n )*)", re.MULTILINE)


def entries(text: str) -> list[str]:
    """What is separated by commas."""
    return [entry.strip() for entry in re.split(r",\s+", text.strip()) if entry.strip()]


def sections(text: str) -> dict[str, list[str]]:
    """The entries of every section by its name."""
    bare = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return {name: entries(listed) for name, listed in _SECTION.findall(bare)}


def blocks(text: str) -> list[tuple[str, list[str]]]:
    """Headings, each with the indented lines below it; a heading may run on to a line of its own
    that is indented and has no mark ('+', '-', '>')."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if not line.startswith(" "):
            found.append((line, []))
        elif line.strip()[0] in _MARKS:
            found[-1][1].append(line.strip())
        else:
            found[-1] = (f"{found[-1][0]} {line.strip()}", [])
    return found


def pair(entry: str) -> tuple[str, str]:
    """Spanish and English of an entry."""
    es, en = entry.split("=")
    return es, en


def texts(listed: str) -> tuple[Text, ...]:
    """'hoy=today, ayer=yesterday' as expressions."""
    return tuple(Text(*pair(entry)) for entry in entries(listed))


def verb(entry: str, *, state: bool = False, inverted: bool = False, dative: str = "") -> Verb:
    """'comer=eat' as a verb."""
    return Verb(*pair(entry), state=state, inverted=inverted, dative=dative)


def adjective(entry: str) -> Adjective:
    """'rojo=red' as an adjective."""
    return Adjective(*pair(entry))
