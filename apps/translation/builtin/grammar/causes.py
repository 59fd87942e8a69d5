"""Sentences of a cause and what comes of it, or in spite of it: see `scenes`."""

from dataclasses import replace
from random import Random

from ..lexicon.actions import Action
from ..lexicon.scenes import SCENES, Cause, Scene
from ..meaning import (
    Clause,
    Indefinite,
    Linked,
    Nominal,
    Polarity,
    Quality,
    Sentence,
    Tense,
    Text,
)
from .clauses import act
from .denial import denied
from .frames import extended, stated
from .modals import CAN, WANT
from .people import reference, subject_for
from .things import thing

_WEATHER = Indefinite("", "the weather", human=False)
_UNDER_WAY = {Tense.PRESENT: Tense.PROGRESSIVE, Tense.IMPERFECT: Tense.PAST_PROGRESSIVE}
# When the cause is, when the effect.
TIMES = (
    (Tense.IMPERFECT, Tense.PRETERITE),
    (Tense.PRESENT, Tense.PERFECT),
    (Tense.IMPERFECT, Tense.PRETERITE),
    (Tense.IMPERFECT, Tense.PRETERITE),
    (Tense.PRESENT, Tense.GOING_TO),
    (Tense.PRESENT, Tense.FUTURE),
)


def draw_scene(rng: Random) -> tuple[Scene, Cause]:
    """A scene and one of its causes."""
    scene = rng.choice(SCENES)
    return scene, rng.choice(scene.causes)


def _about(rng: Random, cause: Cause, person: Nominal) -> Nominal | None:
    """Of what `cause` is said."""
    if not cause.of:
        return person
    if cause.of == "it":
        return None
    if cause.of == "weather":
        return _WEATHER
    style, kinds = cause.of.split()
    return thing(rng, style, kinds, person.agreement, (), 0.2)


def cause_clause(rng: Random, cause: Cause, person: Nominal, tense: Tense) -> Clause:
    """The state of things; rain is under way where other states simply are."""
    if not cause.verb.state:
        tense = _UNDER_WAY.get(tense, tense)
    polarity = Polarity.NO if cause.denied else Polarity.YES
    parts = () if cause.quality is None else (Quality(cause.quality),)
    subject = _about(rng, cause, person)
    return Clause(cause.verb, subject, tense, polarity=polarity, complements=parts)


def draw_effect(rng: Random, scene: Scene, follows: bool) -> tuple[Action, bool]:
    """Something done or not done, as it follows from the cause or against it."""
    if scene.not_done and rng.random() < 0.45:
        return rng.choice(scene.not_done), not follows
    return rng.choice(scene.done), follows


def effect_clause(
    rng: Random, action: Action, subject: Nominal, tense: Tense, happens: bool
) -> Clause:
    """What `subject` does, or does not do."""
    clause = act(rng, action, subject, tense, 0.35)
    return clause if happens else denied(clause)


def _willing(rng: Random, clause: Clause, able: bool) -> Clause:
    """`clause`, at times as what somebody wants to do or, if `able`, cannot do."""
    texts = [part.es for part in clause.complements if isinstance(part, Text)]
    timely = any(text.endswith(("tarde", "temprano")) for text in texts)
    if timely or rng.random() > 0.25:
        return clause
    tense = Tense.IMPERFECT if clause.tense is Tense.PRETERITE else Tense.PRESENT
    denied_ability = able and clause.polarity is not Polarity.YES
    modal = rng.choice((WANT, CAN)) if denied_ability else WANT
    return replace(clause, modals=(modal,), tense=tense, attached=rng.random() < 0.7)


def _hinders(cause: Cause) -> bool:
    """Whether because of it one cannot do a thing: of a closed shop or of wealth nobody says so."""
    wealth = cause.verb.es == "tener mucho dinero"
    rich = cause.quality is not None and cause.quality.en == "rich"
    return cause.of in ("", "it", "weather") and not (wealth or rich)


def _cause_first(rng: Random, follows: bool, able: bool = True) -> tuple[Clause, Clause]:
    """A cause and its effect, which takes up the person by a pronoun."""
    scene, cause = draw_scene(rng)
    action, happens = draw_effect(rng, scene, follows)
    then, what = rng.choice(TIMES)
    subject = subject_for(rng, action.flags)
    doer = subject if cause.of else reference(subject)
    effect = effect_clause(rng, action, doer, what, happens)
    effect = _willing(rng, effect, able and _hinders(cause))
    return cause_clause(rng, cause, subject, then), effect


def _effect_first(rng: Random, follows: bool) -> tuple[Clause, Clause]:
    """An effect and its cause, which takes up the person by a pronoun."""
    scene, cause = draw_scene(rng)
    action, happens = draw_effect(rng, scene, follows)
    then, what = rng.choice(TIMES)
    subject = subject_for(rng, action.flags)
    effect = effect_clause(rng, action, subject, what, happens)
    reason = cause_clause(rng, cause, reference(subject), then)
    return _willing(rng, effect, follows and _hinders(cause)), reason


def because(rng: Random) -> Sentence:
    """Ana no fue a la fiesta porque estaba enferma."""
    effect, cause = _effect_first(rng, follows=True)
    return stated("because", extended(effect, Linked("porque", "because", cause)))


def since(rng: Random) -> Sentence:
    """Como tenía frío, cerré la ventana."""
    cause, effect = _cause_first(rng, follows=True)
    return stated("since", replace(effect, front=Linked("como", "since", cause)))


_SO = (("{0}, así que {1}.", "{0}, so {1}."), ("{0} y por eso {1}.", "{0} and that is why {1}."))


def so(rng: Random) -> Sentence:
    """Llovía mucho, así que nos quedamos en casa."""
    es, en = rng.choice(_SO)
    return Sentence("so", es, en, _cause_first(rng, follows=True))


def but(rng: Random) -> Sentence:
    """Tenía hambre, pero no comió nada."""
    pair = _cause_first(rng, follows=False)
    return Sentence("but", "{0}, pero {1}.", "{0}, but {1}.", pair)


def although(rng: Random) -> Sentence:
    """Aunque estaba cansada, Ana fue al cine; salimos aunque hacía frío."""
    if rng.random() < 0.5:
        cause, effect = _cause_first(rng, follows=False, able=False)
        return stated("although", replace(effect, front=Linked("aunque", "although", cause)))
    effect, cause = _effect_first(rng, follows=False)
    return stated("although", extended(effect, Linked("aunque", "although", cause)))
