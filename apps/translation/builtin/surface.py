"""What both languages share in writing: spaces, commas, capitals."""

import re

_SPACES = re.compile(" +")
_BEFORE_MARK = re.compile(r" (?=[,.;:?!])")
_DOUBLE_COMMA = re.compile(r",(?: ?,)+")
_SENTENCE_START = re.compile(r"(?:^|(?<=[.?!] ))([¿¡]?)([^\W\d_])")


def tidy(text: str) -> str:
    """`text` with single spaces, none before a mark, and a capital at each sentence's start."""
    text = _SPACES.sub(" ", text.strip())
    text = _DOUBLE_COMMA.sub(",", _BEFORE_MARK.sub("", text))
    return _SENTENCE_START.sub(lambda match: match.group(1) + match.group(2).upper(), text)
