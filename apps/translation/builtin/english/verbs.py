"""English verb forms: the rules of spelling, and the irregular verbs."""

import re
from functools import cache

# base: past, participle where it is another.
_IRREGULAR = """
    be:was:been begin:began:begun break:broke:broken bring:brought build:built buy:bought
    catch:caught choose:chose:chosen come:came:come cost:cost cut:cut do:did:done
    draw:drew:drawn drink:drank:drunk drive:drove:driven eat:ate:eaten fall:fell:fallen feed:fed
    feel:felt find:found fly:flew:flown forget:forgot:forgotten get:got give:gave:given
    go:went:gone grow:grew:grown have:had hear:heard hide:hid:hidden hold:held hurt:hurt
    keep:kept know:knew:known leave:left lend:lent lose:lost make:made mean:meant meet:met
    pay:paid put:put read:read ring:rang:rung run:ran:run say:said see:saw:seen sell:sold
    send:sent show:showed:shown shut:shut sing:sang:sung sit:sat sleep:slept speak:spoke:spoken
    spend:spent stand:stood steal:stole:stolen swim:swam:swum take:took:taken teach:taught
    tell:told think:thought understand:understood wake:woke:woken wear:wore:worn win:won
    write:wrote:written
"""
_TABLE = {row.split(":")[0]: row.split(":")[1:] for row in _IRREGULAR.split()}
# Of more than one syllable, with the last one stressed or, in British spelling, with an l.
_DOUBLING = frozenset(("begin", "forget", "prefer", "travel", "cancel"))
_DOUBLED = re.compile("(^|[^aeiou])[aeiouy][bdgklmnprt]$")
_PRESENT = {"be": ("am", "are", "is"), "have": ("have", "have", "has"), "do": ("do", "do", "does")}


def _doubles(verb: str) -> bool:
    """Whether the last consonant is doubled: stopped, but visited."""
    one_syllable = len(re.findall("[aeiouy]+", verb)) == 1
    return verb in _DOUBLING or (one_syllable and bool(_DOUBLED.search(verb)))


@cache
def third_person(verb: str) -> str:
    """goes, carries, watches."""
    if verb in _PRESENT:
        return _PRESENT[verb][2]
    if re.search("[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + ("es" if re.search("(s|x|z|ch|sh|o)$", verb) else "s")


def present(verb: str, person: int, plural: bool) -> str:
    """The present with a subject of `person` 1 to 3."""
    if verb == "be":
        return "are" if plural or person == 2 else _PRESENT["be"][person - 1]
    return third_person(verb) if person == 3 and not plural else verb


@cache
def _regular_past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if re.search("[^aeiou]y$", verb):
        return verb[:-1] + "ied"
    return verb + (verb[-1] if _doubles(verb) else "") + "ed"


def past(verb: str, person: int = 3, plural: bool = False) -> str:
    """The simple past; the subject matters to 'be' alone."""
    if verb == "be" and (plural or person == 2):
        return "were"
    return _TABLE[verb][0] if verb in _TABLE else _regular_past(verb)


def participle(verb: str) -> str:
    """The past participle."""
    return _TABLE[verb][-1] if verb in _TABLE else _regular_past(verb)


@cache
def gerund(verb: str) -> str:
    """The form in -ing."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and verb != "be" and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return verb + (verb[-1] if _doubles(verb) else "") + "ing"
