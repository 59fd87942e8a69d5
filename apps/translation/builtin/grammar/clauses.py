"""Drawing clauses: an action with its participants, in a tense, at a place and a time."""

from dataclasses import replace
from random import Random

from ..lexicon import times
from ..lexicon.actions import MANNERS, Action, Goal
from ..lexicon.places import PLACES
from ..meaning import (
    Agreement,
    Clause,
    Indefinite,
    Nominal,
    Part,
    Phrase,
    Polarity,
    Prep,
    Tense,
    Text,
)
from .frames import extended
from .people import NAMES, someone_else, whom
from .things import describe, thing

NOBODY = Indefinite("nadie", "nobody", human=True)
# What an action of each rhythm can be said in, with weights.
_TENSES = {
    "daily": {
        Tense.PRESENT: 18,
        Tense.PRETERITE: 20,
        Tense.IMPERFECT: 8,
        Tense.FUTURE: 12,
        Tense.PERFECT: 12,
        Tense.PROGRESSIVE: 14,
        Tense.PAST_PROGRESSIVE: 6,
        Tense.GOING_TO: 10,
    },
    "routine": {
        Tense.PRESENT: 24,
        Tense.PRETERITE: 24,
        Tense.IMPERFECT: 10,
        Tense.FUTURE: 14,
        Tense.PERFECT: 14,
        Tense.GOING_TO: 12,
    },
    "task": {
        Tense.PRETERITE: 30,
        Tense.FUTURE: 18,
        Tense.PERFECT: 18,
        Tense.PROGRESSIVE: 16,
        Tense.PAST_PROGRESSIVE: 6,
        Tense.GOING_TO: 16,
        Tense.JUST: 6,
    },
    "moment": {
        Tense.PRETERITE: 40,
        Tense.FUTURE: 14,
        Tense.PERFECT: 22,
        Tense.GOING_TO: 12,
        Tense.JUST: 10,
    },
    "state": {Tense.PRESENT: 60, Tense.IMPERFECT: 30},
    "accident": {Tense.PRETERITE: 50, Tense.PERFECT: 30, Tense.JUST: 10},
}
_NO_OBJECT_BESIDE = ("mucho", "demasiado")
_WEARING = ("llevar", "ponerse", "quitarse")


def draw_tense(rng: Random, action: Action) -> Tense:
    """A tense that `action` can be said in."""
    tenses = _TENSES["accident" if "accident" in action.flags else action.rhythm]
    return rng.choices(tuple(tenses), weights=tuple(tenses.values()))[0]


def place(rng: Random, kind: str, described: float = 0.25) -> Text | Prep:
    """A place of that kind, by a chance with an adjective."""
    of = rng.choice(PLACES[kind])
    if isinstance(of, Text):
        return of
    return Prep(of.es, of.en, describe(rng, Phrase(of.noun), described))


def _drawn(
    rng: Random, of: Goal | None, subject: Agreement
) -> tuple[Nominal | None, tuple[Part, ...]]:
    """The direct object, or one after a preposition."""
    if of is None:
        return None, ()
    if of.is_person:
        drawn = whom(rng, of.kinds, subject)
    else:
        drawn = thing(rng, of.style, of.kinds, subject, NAMES)
    return (None, (Prep(of.es, of.en, drawn),)) if of.es else (drawn, ())


def suits_wearer(garment: Nominal | None, wearer: Agreement) -> bool:
    """Whether the wearer's sex goes with a skirt, or a tie."""
    name = garment.noun.es if isinstance(garment, Phrase) else ""
    if name in ("falda", "vestido", "blusa"):
        return wearer.feminine
    return name != "corbata" or not wearer.feminine


def _how(rng: Random, action: Action, subject: Agreement, bare: bool, rich: float) -> list[Part]:
    """Company or a manner, by chance; a manner where there must be one."""
    if "with" in action.flags and rng.random() < rich * 0.25:
        return [Prep("con", "with", someone_else(rng, subject, 0.15))]
    options = [m for m in action.manners if bare or m.es not in _NO_OBJECT_BESIDE]
    needed = "how" in action.flags or rng.random() < rich * 0.6
    return [rng.choice(options)] if needed and options else []


def act(rng: Random, action: Action, subject: Nominal, tense: Tense, rich: float = 0.5) -> Clause:
    """`subject` doing `action`; `rich` is the chance of a place and nearly that of a manner."""
    of = subject.agreement
    direct, parts = _drawn(rng, rng.choice(action.goals), of)
    while action.verb.es in _WEARING and not suits_wearer(direct, of):
        direct, parts = _drawn(rng, rng.choice(action.goals), of)
    recipient = someone_else(rng, of, 0.5) if action.verb.dative else None
    placed = action.place_needed or (bool(action.places) and rng.random() < rich)
    where = [place(rng, action.places)] if placed else []
    how = _how(rng, action, of, direct is None and not parts, rich)
    around = (*where, *how) if action.place_needed else (*how, *where)
    clause = Clause(action.verb, subject, tense, object=direct, recipient=recipient)
    return replace(clause, complements=(*parts, *around))


# What happens at some hours only.
_HOURS = {
    "desayunar": (7, 10),
    "cenar": (8, 10),
    "levantarse": (6, 10),
    "despertarse": (5, 9),
    "acostarse": (9, 12),
}
_TIMELY = ("tarde", "temprano", "muy temprano", "muy tarde", "a tiempo")
_HABITS = (Tense.PRESENT, Tense.IMPERFECT)
_DENIED_WITH_TIME = (Tense.PRETERITE, Tense.FUTURE, Tense.GOING_TO)
# What is told in months and years, always or at times.
_EPOCHS = frozenset(("casarse", "construir", "aprender", "enamorarse"))
_MEMORABLE = frozenset(("viajar", "conocer", "plantar", "visitar"))
# What people do every day, and not three times a week.
_EVERY_DAY = frozenset(
    "vestirse levantarse despertarse acostarse ducharse lavarse desayunar cenar dormir".split()
)


def _told_in_years(rng: Random, action: Action) -> bool:
    verb = action.verb.es
    traded = verb in ("comprar", "vender") and action.rhythm == "task"
    return verb in _EPOCHS or ((traded or verb in _MEMORABLE) and rng.random() < 0.5)


def _time_is_odd(clause: Clause, action: Action) -> bool:
    """Whether no time goes with `clause`: doesn't sing every day, sings all day on Monday."""
    negative = clause.polarity is not Polarity.YES or clause.subject is NOBODY
    if negative and clause.tense not in _DENIED_WITH_TIME:
        return True
    lasting = any(isinstance(c, Text) and c.es.startswith("tod") for c in clause.complements)
    return lasting or (clause.tense in _HABITS and not action.habitual)


def _at_an_hour(rng: Random, clause: Clause, action: Action) -> Clause:
    at = times.clock(rng, *_HOURS.get(action.verb.es, (1, 12)))
    kept = [c for c in clause.complements if not (isinstance(c, Text) and c.es in _TIMELY)]
    return replace(clause, complements=(*kept, at))


def with_time(rng: Random, clause: Clause, action: Action, chance: float = 0.7) -> Clause:
    """`clause` at a time that goes with its tense, first in Spanish at times."""
    bare = not clause.complements and clause.object is None
    if _time_is_odd(clause, action) or rng.random() >= chance + (bare and clause.tense in _HABITS):
        return clause
    if "clock" in action.flags and (bare or rng.random() < 0.5):
        return _at_an_hour(rng, clause, action)
    when = times.when(rng, clause.tense, _told_in_years(rng, action))
    if when is None or (when is times.MANY_TIMES and not action.habitual):
        return clause
    if action.verb.es in _EVERY_DAY and when.es.endswith(("semana", "mes", "verano", "invierno")):
        when = times.EVERY_DAY
    return replace(clause, front=when) if rng.random() < 0.6 else extended(clause, when)


def without_manner(clause: Clause) -> Clause:
    """`clause` at its place and its time alone: no manner, no company."""
    kept = tuple(part for part in clause.complements if not _incidental(part))
    return replace(clause, complements=kept)


def _incidental(part: Part) -> bool:
    if isinstance(part, Text):
        return part.es in MANNERS
    return isinstance(part, Prep) and part.es == "con"
