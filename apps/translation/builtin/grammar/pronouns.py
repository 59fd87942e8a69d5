"""Statements with clitic object pronouns, and those that say the object first."""

from collections import defaultdict
from dataclasses import replace
from random import Random

from ..lexicon.actions import ACTIONS, STATES, Action
from ..meaning import Agreement, Det, Form, Nominal, Phrase, Pronoun, Sentence, Tense
from .clauses import act, draw_tense, with_time
from .frames import denied_at_times, front_last, stated
from .modals import ORDINARY
from .people import anybody

# One does not say of them: I washed it, I speak it.
_NOT_IT = frozenset("lavarse hablar aprender enseñar estudiar".split())
_DEFINITE = (Det.THE, Det.THIS, Det.THAT, Det.POSSESSIVE)


def _one_meaning() -> tuple[Action, ...]:
    """Actions whose third-person object pronoun can mean one thing only: read it, call her."""
    english: dict[str, set[tuple[str, bool]]] = defaultdict(set)
    for action in ACTIONS + STATES:
        for goal in action.goals:
            if goal is not None and not goal.es:
                english[action.verb.es].add((action.verb.en, goal.is_person))
    return tuple(
        action
        for action in ACTIONS
        if len(english[action.verb.es]) == 1
        and action.verb.es not in _NOT_IT
        and all(goal is not None and not goal.es for goal in action.goals)
    )


CLITICABLE = _one_meaning()
_GIVING = tuple(action for action in CLITICABLE if action.verb.dative)
_PLAIN = tuple(action for action in CLITICABLE if not action.verb.es.endswith("se"))


def as_pronoun(of: Nominal) -> Pronoun:
    """`of` as an object pronoun."""
    agreement = of.agreement
    if agreement.person != 3:
        return Pronoun(agreement)
    return Pronoun(
        Agreement(
            plural=agreement.plural,
            feminine=agreement.feminine,
            human=agreement.human,
            plural_en=agreement.plural_en,
        )
    )


def can_be_pronoun(of: Nominal | None) -> bool:
    """Whether a pronoun for `of` has one translation: los for los deberes might be it or them."""
    return of is not None and not (isinstance(of, Phrase) and of.noun.form is Form.PLURAL_ES)


def clitic(rng: Random) -> Sentence:
    """Lo compré ayer; se la voy a dar a Ana; quiero leerlo."""
    action = rng.choice(_GIVING if rng.random() < 0.4 else CLITICABLE)
    clause = act(rng, action, anybody(rng), draw_tense(rng, action), rich=0.6)
    of = clause.object
    if of is None or not can_be_pronoun(of):
        return clitic(rng)
    clause = replace(clause, object=as_pronoun(of), attached=rng.random() < 0.5)
    if rng.random() < 0.3:
        modal, tenses, _ = rng.choice(ORDINARY)
        clause = replace(clause, modals=(modal,), tense=rng.choice(tenses))
    clause = with_time(rng, clause, action, 0.5)
    if clause.tense is not Tense.JUST:
        clause = denied_at_times(rng, clause, 0.2)
    return stated("clitic", clause)


def dislocated(rng: Random) -> Sentence:
    """El libro lo compró Ana ayer; a Luis lo vi en la plaza."""
    action = rng.choice(_PLAIN)
    tense = rng.choice((Tense.PRETERITE, Tense.PERFECT, Tense.FUTURE))
    clause = act(rng, action, anybody(rng), tense)
    of = clause.object
    if not isinstance(of, Phrase) or of.det not in _DEFINITE:
        return clitic(rng)
    clause = front_last(with_time(rng, clause, action, 0.5))
    return stated("dislocated", replace(clause, dislocated=True))
