"""Statements of one clause about what somebody does: tenses, modal verbs, negation, adverbs."""

from dataclasses import replace
from random import Random

from ..lexicon import times
from ..lexicon.actions import ACTIONS, ANIMAL_ACTIONS, STATES, Action
from ..lexicon.nouns import NOUNS
from ..meaning import Clause, Det, Indefinite, Nominal, Phrase, Polarity, Sentence, Tense, Text
from . import people
from .clauses import NOBODY, act, draw_tense, with_time
from .denial import denied
from .frames import stated
from .modals import modal_clause, suited
from .people import anybody, subject_for
from .things import describe

ANYONE = Indefinite("nadie", "anyone", human=True)
ANYTHING = Indefinite("nada", "anything", human=False)
EVERYBODY = Indefinite("todo el mundo", "everybody", human=True)
SOMEBODY = Indefinite("alguien", "somebody", human=True)
PEOPLE = Phrase(NOUNS["crowd"][0])

_SELDOM = frozenset(("casarse", "construir"))  # nobody denies these


def undated(rng: Random, subject: Nominal | None = None) -> tuple[Clause, Action]:
    """Somebody does something, at times negated, at no time that is said."""
    action = rng.choice(ACTIONS)
    subject = subject or subject_for(rng, action.flags)
    clause = act(rng, action, subject, draw_tense(rng, action))
    deniable = clause.tense is not Tense.JUST and action.verb.es not in _SELDOM
    return denied(clause) if deniable and rng.random() < 0.15 else clause, action


def plain(rng: Random, subject: Nominal | None = None) -> Clause:
    """Somebody does something, at times negated, at some time."""
    clause, action = undated(rng, subject)
    return with_time(rng, clause, action)


# What is news of somebody, who then comes last in Spanish.
_NEWS = frozenset("llegar venir volver salir irse caerse dormirse casarse".split())


def statement(rng: Random) -> Sentence:
    """Ayer Ana compró una falda roja en el mercado; el lunes volvió mi tío a casa."""
    clause = plain(rng)
    news = clause.verb.es in _NEWS and clause.front is not None
    return stated("statement", replace(clause, late=news and rng.random() < 0.7))


_REFUSABLE = ("want to", "can", "have to", "need to", "know how to", "feel like")
_DATED = ("can", "have to", "forget to", "decide to", "try to", "")
_UNDATED_TENSES = (Tense.PRESENT, Tense.IMPERFECT, Tense.CONDITIONAL)


def modal(rng: Random) -> Sentence:
    """Mi hermano quiere aprender francés."""
    clause, action = modal_clause(rng)
    said = clause.modals[0].en
    if said in _REFUSABLE and rng.random() < 0.3:
        clause = denied(clause)
    if said in _DATED and clause.tense not in _UNDATED_TENSES:
        clause = with_time(rng, clause, action, 0.4)
    return stated("modal", _again_before_time(clause))


def _again_before_time(clause: Clause) -> Clause:
    """`clause` with its time first in Spanish, so that English has it after 'again'."""
    *others, last = clause.complements or (None,)
    if not clause.modals[0].again or not isinstance(last, Text) or not times.is_date(last):
        return clause
    return replace(clause, front=last, complements=tuple(other for other in others if other))


_HABITS = ("daily", "routine")
_PRESENT_OR_PERFECT = (Tense.PRESENT, Tense.PERFECT)
# Polarity, tenses, rhythms of the actions.
_NEGATIONS: tuple[tuple[Polarity, tuple[Tense, ...], tuple[str, ...]], ...] = (
    (Polarity.NEVER, _PRESENT_OR_PERFECT, _HABITS),
    (Polarity.NEVER_LAST, _PRESENT_OR_PERFECT, _HABITS),
    (Polarity.HARDLY_EVER, (Tense.PRESENT,), _HABITS),
    (Polarity.NO_LONGER, (Tense.PRESENT,), ("daily",)),
    (Polarity.NOT_YET, (Tense.PERFECT,), ("task", "routine", "moment")),
    (Polarity.NEITHER, (Tense.PRESENT, Tense.PRETERITE, Tense.PERFECT), _HABITS),
)
# What nobody never does.
_UNAVOIDABLE = frozenset(
    "despertarse dormir vestirse levantarse lavarse acostarse descansar".split()
)


def negative(rng: Random) -> Sentence:
    """Ana nunca bebe café; todavía no he leído el libro."""
    polarity, tenses, rhythms = rng.choice(_NEGATIONS)
    action = rng.choice(
        [a for a in suited() if a.rhythm in rhythms and a.verb.es not in _UNAVOIDABLE]
    )
    clause = act(rng, action, subject_for(rng, action.flags), rng.choice(tenses), rich=0.35)
    return stated("negative", denied(clause, polarity))


def _impersonal(action: Action) -> bool:
    """Whether nothing in it may be the subject's own."""
    owned = ("mine", "own", "known", "whom")
    styles = [goal.style for goal in action.goals if goal is not None]
    return not action.verb.dative and not any(style in owned for style in styles)


_OF_ANYBODY = tuple(action for action in ACTIONS if _impersonal(action))


def nobody(rng: Random) -> Sentence:
    """Nadie compró pan; la gente baila en la plaza."""
    action = rng.choice(_OF_ANYBODY)
    subject = rng.choice((NOBODY, NOBODY, EVERYBODY, SOMEBODY, PEOPLE))
    clause = act(rng, action, subject, draw_tense(rng, action))
    return stated("nobody", with_time(rng, clause, action, 0.4))


def _taking(verbs: str, person: bool) -> tuple[Action, ...]:
    """The actions with one of `verbs` whose object is a person, or a thing."""
    return tuple(
        a
        for a in ACTIONS
        if a.verb.es in verbs.split() and any(g and g.is_person is person for g in a.goals)
    )


_NOTHING = _taking("comer beber leer comprar estudiar oír encontrar perder romper", False)
_NOT_ANYONE = _taking("ver oír conocer llamar ayudar invitar esperar visitar saludar buscar", True)


def nothing(rng: Random) -> Sentence:
    """No comí nada; no vi a nadie en la calle."""
    actions, none = rng.choice(((_NOTHING, ANYTHING), (_NOT_ANYONE, ANYONE)))
    action = rng.choice(actions)
    tenses = [Tense.PRETERITE, Tense.PERFECT]
    if action.rhythm == "daily":
        tenses.append(Tense.PRESENT)
    clause = act(rng, action, anybody(rng), rng.choice(tenses))
    clause = denied(replace(clause, object=none))
    return stated("nothing", with_time(rng, clause, action, 0.4))


_HABITUAL = tuple(action for action in ACTIONS if action.habitual)
_LASTING = tuple(action for action in ACTIONS if action.rhythm == "daily")


def often(rng: Random) -> Sentence:
    """Ana siempre se levanta temprano; ya hemos cenado; todavía estoy leyendo."""
    mid = rng.choice((*times.OFTEN, times.ALREADY, times.STILL, times.ALSO))
    actions, tense = _HABITUAL, Tense.PRESENT
    if mid is times.ALREADY:
        actions, tense = suited("chosen"), Tense.PERFECT
    elif mid is times.STILL:
        actions, tense = _LASTING, Tense.PROGRESSIVE
    elif mid is times.ALSO:
        tense = rng.choice((Tense.PRESENT, Tense.PRETERITE, Tense.PERFECT, Tense.FUTURE))
    action = rng.choice(actions)
    clause = act(rng, action, subject_for(rng, action.flags), tense)
    bare = clause.object is None and not clause.complements
    if bare or (mid is times.ALREADY and action.verb.es == "quedarse"):
        return often(rng)
    return stated("often", replace(clause, mid=mid))


def state(rng: Random) -> Sentence:
    """Mi padre tiene un coche viejo; no conozco a Luis."""
    action = rng.choice(STATES)
    clause = act(rng, action, anybody(rng), draw_tense(rng, action))
    return stated("state", denied(clause) if rng.random() < 0.25 else clause)


_ANIMAL_TENSES = (
    Tense.PRESENT,
    Tense.PRESENT,
    Tense.PRETERITE,
    Tense.PERFECT,
    Tense.PROGRESSIVE,
    Tense.PAST_PROGRESSIVE,
)


def _animal(rng: Random, flags: frozenset[str]) -> Phrase:
    if "farm" in flags:
        return Phrase(rng.choice(NOUNS["farm"]), Det.THE, plural=rng.random() < 0.6)
    pets = NOUNS["pet"]
    noun = pets[0] if "dog" in flags else rng.choice(pets)
    pick = rng.random()
    if pick < 0.33:
        owner = rng.choice((people.ME, people.YOU, people.WE))
        return Phrase(noun, Det.POSSESSIVE, possessor=owner)
    if pick < 0.66:
        return Phrase(noun, Det.THE, of=rng.choice(people.NAMES))
    return Phrase(noun, Det.THE, plural=rng.random() < 0.3)


def animal(rng: Random) -> Sentence:
    """El gato negro de Ana duerme debajo de la mesa."""
    action = rng.choice(ANIMAL_ACTIONS)
    tense = rng.choice(_ANIMAL_TENSES)
    if not action.under_way and tense is not Tense.PRETERITE:
        tense = Tense.PERFECT
    clause = act(rng, action, describe(rng, _animal(rng, action.flags), 0.4), tense)
    return stated("animal", with_time(rng, clause, action, 0.3))
