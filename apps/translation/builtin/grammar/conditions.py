"""Sentences with if, when, so … that, and of things done because of what they are."""

from dataclasses import replace
from random import Random

from ..lexicon.notation import adjective, verb
from ..lexicon.scenes import Cause
from ..meaning import (
    Clause,
    Degree,
    Det,
    Linked,
    Nominal,
    Phrase,
    Polarity,
    Pronoun,
    Quality,
    Sentence,
    Tense,
)
from . import people
from .causes import TIMES, cause_clause, draw_effect, draw_scene, effect_clause
from .clauses import suits_wearer
from .descriptions import ESTAR, SER, graded
from .frames import extended, stated
from .people import anybody, reference, subject_for
from .things import thing

_Tenses = tuple[Tense, Tense]
# Tenses of a condition and of what depends on it; of a time and of what happens then.
_IF: tuple[_Tenses, ...] = (
    (Tense.PRESENT, Tense.FUTURE),
    (Tense.UNREAL, Tense.CONDITIONAL),
)
_WHEN: tuple[_Tenses, ...] = (
    (Tense.PRESENT, Tense.PRESENT),
    (Tense.PRESENT, Tense.PRESENT),
    (Tense.SUBJUNCTIVE, Tense.FUTURE),
    (Tense.IMPERFECT, Tense.IMPERFECT),
)
# One is not rich now and then.
_UNCHANGING = ("ser", "tener dinero", "tener mucho dinero")


def _simply(rng: Random, cause: Cause, person: Nominal, tense: Tense) -> Clause:
    """A cause as a condition: if it rains, not if it is raining."""
    return cause_clause(rng, replace(cause, verb=replace(cause.verb, state=True)), person, tense)


def _dependent(rng: Random, link: tuple[str, str], tenses: _Tenses) -> Clause:
    """An effect with its condition, before or after it."""
    scene, cause = draw_scene(rng)
    if link[0] == "cuando" and (cause.verb.es in _UNCHANGING or cause.of == "mine car"):
        return _dependent(rng, link, tenses)
    action, happens = draw_effect(rng, scene, follows=True)
    subject = subject_for(rng, action.flags)
    if rng.random() < 0.6:
        doer = subject if cause.of else reference(subject)
        effect = effect_clause(rng, action, doer, tenses[1], happens)
        return replace(effect, front=Linked(*link, _simply(rng, cause, subject, tenses[0])))
    effect = effect_clause(rng, action, subject, tenses[1], happens)
    return extended(effect, Linked(*link, _simply(rng, cause, reference(subject), tenses[0])))


def if_(rng: Random) -> Sentence:
    """Si hace frío, nos quedaremos en casa; si fuera rico, compraría una casa."""
    return stated("if", _dependent(rng, ("si", "if"), rng.choice(_IF)))


def when(rng: Random) -> Sentence:
    """Cuando tengo sed, bebo agua; cuando esté cansada, Ana se acostará."""
    return stated("when", _dependent(rng, ("cuando", "when"), rng.choice(_WHEN)))


def if_command(rng: Random) -> Sentence:
    """Si tienes frío, cierra la ventana."""
    scene, cause = draw_scene(rng)
    if cause.of not in ("", "it", "weather"):
        return if_command(rng)
    action, happens = draw_effect(rng, scene, follows=True)
    hearer = Pronoun(people.with_sex(rng, rng.choice((people.YOU, people.YOU, people.YOU_ALL))))
    effect = effect_clause(rng, action, hearer, Tense.COMMAND, happens)
    condition = Linked("si", "if", _simply(rng, cause, hearer, Tense.PRESENT))
    return stated("if command", replace(effect, front=condition))


def so_that(rng: Random) -> Sentence:
    """Ana estaba tan cansada que se durmió en el sofá."""
    scene, cause = draw_scene(rng)
    if cause.quality is None or cause.of:
        return so_that(rng)
    action, happens = draw_effect(rng, scene, follows=True)
    subject = subject_for(rng, action.flags)
    then, what = rng.choice(TIMES[:2])
    effect = effect_clause(rng, action, reference(subject), what, happens)
    state = replace(cause_clause(rng, cause, subject, then), complements=())
    so = Quality(cause.quality, Degree.SO)
    return stated("so that", extended(state, so, Linked("que", "that", effect)))


# What is done to which things, because of what they are (ser) or how they are (estar); and what
# is not done for such a reason.
_REASONS = (
    (
        "comprar=buy",
        "clothes,pair,furniture",
        SER,
        "barato=cheap bonito=pretty elegante=elegant",
        "caro=expensive feo=ugly viejo=old",
    ),
    (
        "comprar=buy",
        "vehicle,gift",
        SER,
        "barato=cheap bonito=pretty",
        "caro=expensive feo=ugly",
    ),
    (
        "leer=read",
        "book",
        SER,
        "interesante=interesting divertido=funny corto=short",
        "aburrido=boring largo=long difícil=difficult",
    ),
    (
        "ver=watch",
        "film",
        SER,
        "interesante=interesting divertido=funny famoso=famous",
        "aburrido=boring largo=long triste=sad",
    ),
    ("vender=sell", "driven", SER, "viejo=old lento=slow", "nuevo=new rápido=fast"),
    ("comer=eat", "homemade", ESTAR, "rico=delicious caliente=hot", "frío=cold salado=salty"),
    ("beber=drink", "hot", ESTAR, "caliente=hot dulce=sweet", "frío=cold amargo=bitter"),
    (
        "ponerse=put _ on",
        "clothes",
        ESTAR,
        "limpio=clean seco=dry",
        "sucio=dirty mojado=wet roto=torn",
    ),
    ("usar=use", "appliance,dish", ESTAR, "limpio=clean", "roto=broken sucio=dirty"),
    ("lavar=wash", "clothes,driven", ESTAR, "sucio=dirty", "limpio=clean"),
    ("abrir=open", "opening", ESTAR, "cerrado=closed", "roto=broken"),
)
_BUYING_AND_USING = ("comprar", "leer", "ver", "comer", "beber")  # for these it can be too much
_POINTING = (Det.THE, Det.THE, Det.THIS, Det.THAT)
_REASON_TIMES = (
    (Tense.PRETERITE, Tense.IMPERFECT),
    (Tense.PRETERITE, Tense.IMPERFECT),
    (Tense.GOING_TO, Tense.PRESENT),
    (Tense.PERFECT, Tense.PRESENT),
)


def _fitting(done: str, of: Phrase, subject: Nominal) -> bool:
    """Whether `subject` would do it: of clothes, put them on."""
    if not done.startswith("ponerse"):
        return True
    return not subject.agreement.plural and suits_wearer(of, subject.agreement)


def because_of_it(rng: Random) -> Sentence:
    """No compré la falda porque era demasiado cara."""
    done, kinds, being, reasons, objections = rng.choice(_REASONS)
    happens = rng.random() < 0.5
    quality = adjective(rng.choice((reasons if happens else objections).split()))
    subject = anybody(rng)
    of = replace(thing(rng, "the", kinds, subject.agreement), det=rng.choice(_POINTING))
    if not _fitting(done, of, subject):
        return because_of_it(rng)
    degrees = [Degree.PLAIN]
    if graded(quality):
        excessive = not happens and done.startswith(_BUYING_AND_USING)
        degrees += [Degree.VERY, Degree.TOO] if excessive else [Degree.VERY]
    what, then = rng.choice(_REASON_TIMES)
    described = Quality(quality, rng.choice(degrees))
    state = Clause(being, reference(of), then, complements=(described,))
    clause = Clause(verb(done), subject, what, object=of)
    clause = replace(clause, polarity=Polarity.YES if happens else Polarity.NO)
    return stated("because of it", extended(clause, Linked("porque", "because", state)))
