"""Answers pickled requests on standard input: the other end of `OtherProcess`.

It runs where nothing of this project is installed, so it imports nothing but the standard library.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from typing import Any


def answer_all(answer: Callable[..., Any]) -> None:
    """Answers requests until there are no more; whatever else is printed goes to standard error."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while True:
        try:
            request = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            reply: tuple[str | None, Any] = (None, answer(*request))
        except Exception as error:
            reply = (f"{type(error).__name__}: {error}", None)
        pickle.dump(reply, replies)
        replies.flush()
