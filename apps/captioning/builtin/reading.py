"""What a caption claims: a parser of the language of `phrases`.

It understands every sentence of that language, the false ones too. What is outside of it, an
unknown word, a plural after 'a', 'an' before a consonant, is not understood at all.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TypeVar

from .claims import AreCounted, IsAll, IsAt, IsBetween, IsLike, IsRelated, IsTone, Mention, Reading
from .scene import COLOURS, TONES, Place
from .words import (
    COMPANIONS,
    NUMBERS,
    ORDERS,
    PLACES,
    PLURALS,
    RELATIONS,
    SIZE_WORDS,
    article,
    be,
)

Key = TypeVar("Key")

_TOKEN = re.compile(r"[^\s,]+|,")
_SIZES = {word: size for size, words in SIZE_WORDS.items() for word in words}
_NOUNS = {shape: (shape, False) for shape in PLURALS} | {
    plural: (shape, True) for shape, plural in PLURALS.items()
}


class NotUnderstoodError(ValueError):
    """A caption is not of the language; the message says where it stops to be."""


def read(caption: str) -> Reading:
    """Returns what a caption says.

    Args:
        caption: case, white space and a full stop at its end do not matter.

    Raises:
        NotUnderstoodError: it is not of the language of the captions.
    """
    tokens = _TOKEN.findall(caption.strip().lower().removesuffix("."))
    if not tokens:
        raise NotUnderstoodError("the caption is empty")
    return _Parser(tokens).caption()


class _Parser:
    """Recursive descent: a method a construction, each takes its words or raises."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._reading = Reading()

    # Words.

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _fail(self) -> NotUnderstoodError:
        around = self._tokens[max(0, self._at - 2) : self._at + 2]
        what = f"'{self._next()}'" if self._next() else "the end"
        return NotUnderstoodError(f"{what} is not understood in '{' '.join(around)}'")

    def _take(self, words: str) -> bool:
        """Takes `words` if they are next."""
        wanted = words.split()
        if self._tokens[self._at : self._at + len(wanted)] != wanted:
            return False
        self._at += len(wanted)
        return True

    def _need(self, words: str) -> None:
        if not self._take(words):
            raise self._fail()

    def _any(self, words: Mapping[Key, Iterable[str]]) -> Key | None:
        """Takes one of several phrases and returns what it stands for."""
        for key, phrases in words.items():
            if any(self._take(phrase) for phrase in phrases):
                return key
        return None

    def _one_of(self, words: Iterable[str]) -> str | None:
        """Takes one of several words."""
        return self._any({word: (word,) for word in words})

    # Sentences.

    def caption(self) -> Reading:
        """The whole."""
        if self._background():
            self._take(",")
            if self._next() != "there":
                raise self._fail()
        self._sentence()
        self._background()
        if self._at < len(self._tokens):
            raise self._fail()
        return self._reading

    def _background(self) -> bool:
        start = self._at
        if self._take("on a") and (tone := self._one_of(TONES)) and self._take("background"):
            self._reading.claims.append(IsTone(tone))
            return True
        self._at = start
        return False

    def _sentence(self) -> None:
        if (place := self._any(PLACES)) is not None:
            self._placed(place)
        elif self._take("there"):
            self._there()
        else:
            what = self._mention()
            before_place = self._at
            at = self._any(PLACES)
            if self._take(be(2 if what.plural else 1)):
                if at is not None:
                    self._reading.claims.append(IsAt(what, at))
                self._predicate(what)
            else:
                self._at = before_place
                self._things(what)

    def _there(self) -> None:
        plural = self._verb()
        what = self._mention()
        if what.plural is not plural:
            raise NotUnderstoodError(f"'there {be(1 + plural)}' does not agree with '{what.shape}'")
        self._things(what)

    def _verb(self) -> bool:
        """Returns whether it is that of several."""
        if self._take("are"):
            return True
        self._need("is")
        return False

    def _placed(self, place: Place) -> None:
        """'on the left there is a star and on the right there are two rings'."""
        while True:
            self._need("there")
            plural = self._verb()
            what = self._mention()
            if what.plural is not plural:
                raise self._fail()
            self._reading.claims.append(IsAt(what, place))
            start = self._at
            self._take(",")
            self._take("and")
            following = self._any(PLACES)
            if following is None:
                self._at = start
                return
            place = following

    def _predicate(self, what: Mention) -> None:
        """What is said of a subject after its verb."""
        if self._modifier(what):
            return
        size, colour = self._one_of(_SIZES), None
        if size is None or self._take("and"):
            colour = self._one_of(COLOURS)
            if colour is None:
                raise self._fail()
        self._reading.claims.append(IsLike((what,), _SIZES.get(size or ""), colour))

    def _things(self, first: Mention) -> None:
        """An enumeration that has begun, and what is said of all of it."""
        self._modifiers(first)
        listed = [first]
        while self._continues():
            self._take(",")
            self._take("and")
            listed.append(self._mention())
            self._modifiers(listed[-1])
        self._end(listed)

    def _continues(self) -> bool:
        """Whether another noun phrase follows."""
        start = self._at
        joined = self._take(",")
        joined = self._take("and") or joined
        more = joined and self._next() in {"a", "an", *NUMBERS}
        self._at = start
        return more

    def _end(self, listed: list[Mention]) -> None:
        claims, mentions = self._reading.claims, tuple(self._reading.mentions)
        if self._take("and nothing else"):
            claims.append(IsAll(mentions))
            return
        start = self._at
        if not self._take(","):
            return
        for relation, order in ORDERS.items():
            if len(listed) > 1 and self._take(order):
                for one, other in pairwise(listed):
                    claims.append(IsRelated(one, relation, other))
                return
        quantity = self._one_of(("both", "all"))
        if quantity and self._take("of them") and (colour := self._one_of(COLOURS)):
            claims.append(AreCounted(mentions, quantity == "both"))
            claims.append(IsLike(mentions, colour=colour))
        else:
            self._at = start

    # Noun phrases.

    def _mention(self) -> Mention:
        start = self._at
        definite = self._take("the")
        number = self._one_of(NUMBERS)
        indefinite = None if definite or number else self._one_of(("a", "an"))
        count = NUMBERS[number] if number else 1 if indefinite else None
        if indefinite and self._next() and article(self._next()) != indefinite:
            raise self._fail()
        size = self._one_of(_SIZES)
        colour = self._one_of(COLOURS)
        noun = self._one_of(_NOUNS)
        if noun is None or not (definite or count):
            raise self._fail()
        shape, plural = _NOUNS[noun]
        if count is not None and plural is (count == 1):
            phrase = " ".join(self._tokens[start : self._at])
            raise NotUnderstoodError(f"number and noun of '{phrase}' do not agree")
        if count is None and not plural:
            count = 1
        mention = Mention(shape, plural, count, _SIZES.get(size or ""), colour)
        self._reading.mentions.append(mention)
        return mention

    def _modifiers(self, what: Mention) -> None:
        """What follows a noun phrase, if anything."""
        if self._take("with"):
            self._companion(what)
            while self._another_companion(what):
                pass
        else:
            self._modifier(what)

    def _modifier(self, what: Mention) -> bool:
        claims = self._reading.claims
        if self._take("between"):
            one = self._mention()
            self._need("and")
            claims.append(IsBetween(what, (one, self._mention())))
        elif (relation := self._any(RELATIONS)) is not None:
            claims.append(IsRelated(what, relation, self._mention()))
        elif (place := self._any(PLACES)) is not None:
            claims.append(IsAt(what, place))
        else:
            return False
        return True

    def _companion(self, what: Mention) -> None:
        companion = self._mention()
        place = {key: (phrases[what.plural],) for key, phrases in COMPANIONS.items()}
        relation = self._any(place)
        if relation is None:
            raise self._fail()
        self._reading.claims.append(IsRelated(companion, relation, what))

    def _another_companion(self, what: Mention) -> bool:
        """Takes one more after 'and', unless that goes on with an enumeration."""
        mentions, claims = self._reading.mentions, self._reading.claims
        start, mentioned, claimed = self._at, len(mentions), len(claims)
        try:
            self._need("and")
            self._companion(what)
        except NotUnderstoodError:
            self._at = start
            del mentions[mentioned:], claims[claimed:]
            return False
        return True
