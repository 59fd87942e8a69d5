"""Sentences with relative clauses: who lives here, that I bought, where we ate, I talked to."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from ..lexicon.actions import ACTIONS, STATES, Action
from ..lexicon.notation import verb
from ..lexicon.nouns import NOUNS
from ..lexicon.places import COUNTRIES
from ..lexicon.qualities import LASTING
from ..lexicon.qualities import STATES as IN_STATE
from ..meaning import (
    Clause,
    Det,
    Form,
    Gap,
    Identity,
    Nominal,
    Noun,
    Phrase,
    Pronoun,
    Relative,
    Sentence,
    Tense,
    Text,
    Verb,
)
from . import people
from .clauses import act, with_time, without_manner
from .comparisons import this
from .descriptions import ESTAR, NOW_OR_THEN, SER, graded, in_some_degree, lasts, said_of
from .frames import denied_at_times, front_last, stated
from .modals import suited
from .people import named

_PEOPLE = NOUNS["person"] + NOUNS["worker"]
_DENIED = 0.15


def _the(rng: Random, noun: Noun) -> Phrase:
    return Phrase(noun, Det.THE, plural=noun.form is Form.COUNT and rng.random() < 0.2)


# What tells nobody from others.
_COMMON = frozenset("levantarse despertarse acostarse ducharse vestirse lavarse saber".split())


def _done_by_anybody(action: Action) -> bool:
    return not action.flags & {"accident", "young"} and action.verb.es not in _COMMON


_DONE = tuple(action for action in ACTIONS + STATES if _done_by_anybody(action))


def _doer_tense(rng: Random, action: Action) -> Tense:
    if action.rhythm == "state":
        return Tense.PRESENT
    tenses = [Tense.PRETERITE]
    if action.habitual:
        tenses.append(Tense.PRESENT)
    if action.under_way:
        tenses += [Tense.PROGRESSIVE, Tense.PROGRESSIVE]
    return rng.choice(tenses)


def _who_does(rng: Random) -> Phrase:
    """la mujer que vive aquí, el hombre que está jugando en el parque."""
    phrase = _the(rng, rng.choice(_PEOPLE))
    action = rng.choice(_DONE)
    clause = act(rng, action, Gap(phrase.agreement), _doer_tense(rng, action), 0.45)
    clause = front_last(with_time(rng, without_manner(clause), action, 0.25))
    bare = clause.object is None and not clause.complements
    if bare and clause.tense is Tense.PRETERITE:
        return _who_does(rng)
    return replace(phrase, relative=Relative("que", "who", clause))


# Verbs whose object is hardly told by them, and kinds of things nobody tells so.
_NOT_TOLD = frozenset("ganar lavarse apagar encender cuidar coger cerrar pedir".split())
_TAKEN = tuple(
    action for action in suited() if action.verb.es not in _NOT_TOLD and "young" not in action.flags
)
_UNTOLD = frozenset("language subject set music meal food radio noise sky money".split())
_TOLD_TENSES = (Tense.PRETERITE, Tense.PRETERITE, Tense.PERFECT)


def _kinds(action: Action) -> list[str]:
    """The kinds of things that `action` is done to."""
    goals = [g for g in action.goals if g is not None and not g.es and not g.is_person]
    return [kind for goal in goals for kind in goal.kinds.split(",") if kind not in _UNTOLD]


def _user(rng: Random) -> Nominal:
    """The subject of a relative clause: a pronoun that is left out, or a name."""
    if rng.random() < 0.55:
        return Pronoun(rng.choice((people.ME, people.ME, people.WE, people.YOU, people.THEY)))
    return named(rng)


def _what_is_done(rng: Random) -> Phrase:
    """el libro que compré ayer, la carta que escribió Ana."""
    action = rng.choice(_TAKEN)
    kinds = _kinds(action)
    if not kinds:
        return _what_is_done(rng)
    clause = without_manner(act(rng, action, _user(rng), rng.choice(_TOLD_TENSES), 0.3))
    clause = with_time(rng, replace(clause, object=None), action, 0.4)
    clause = replace(front_last(clause), late=clause.recipient is None)
    phrase = _the(rng, rng.choice(NOUNS[rng.choice(kinds)]))
    return replace(phrase, relative=Relative("que", "that", clause))


# What people do where.
_WHERE = (
    ("home", "vivir=live nacer=be_born dormir=sleep"),
    ("eatery", "comer=eat cenar=have_dinner desayunar=have_breakfast trabajar=work"),
    ("village", "vivir=live nacer=be_born casarse=get_married trabajar=work"),
    ("school", "estudiar=study aprender_inglés=learn_English enseñar_historia=teach_history"),
    ("grocer", "comprar_pan=buy_bread trabajar=work"),
    ("attraction", "trabajar=work esperar=wait"),
)
_LASTING = ("vivir", "trabajar", "estudiar")


def _where_it_is(rng: Random) -> Phrase:
    """la casa donde nació mi abuela."""
    kind, verbs = rng.choice(_WHERE)
    of = verb(rng.choice(verbs.split()).replace("_", " "), state=True)
    tense = rng.choice(NOW_OR_THEN) if of.es in _LASTING else Tense.PRETERITE
    clause = Clause(of, _user(rng), tense, late=True)
    place = Phrase(rng.choice(NOUNS[kind]), Det.THE)
    return replace(place, relative=Relative("donde", "where", clause))


# Spanish preposition, verb, the preposition that English strands.
_WITH = (
    ("con", "hablar=talk", "to"),
    ("con", "bailar=dance", "with"),
    ("con", "trabajar=work", "with"),
    ("con", "vivir=live", "with"),
    ("de", "hablar=talk", "about"),
    ("de", "enamorarse=fall in love", "with"),
    ("de", "despedirse=say goodbye", "to"),
    ("a", "esperar=wait", "for"),
    ("con", "soñar=dream", "about"),
    ("en", "pensar=think", "about"),
)


def _with_whom(rng: Random) -> Phrase:
    """el hombre con quien hablé, the man I talked to."""
    es, entry, stranded = rng.choice(_WITH)
    lasting = entry.startswith(_LASTING)
    tense = rng.choice(NOW_OR_THEN if lasting else _TOLD_TENSES)
    clause = Clause(verb(entry, state=lasting), _user(rng), tense, late=True)
    phrase = _the(rng, rng.choice(_PEOPLE))
    whom = f"{es} {'quienes' if phrase.plural else 'quien'}"
    return replace(phrase, relative=Relative(whom, "", clause, stranded))


_RELATED: tuple[Callable[[Random], Phrase], ...] = (
    _who_does,
    _who_does,
    _what_is_done,
    _what_is_done,
    _where_it_is,
    _with_whom,
)


def _told(rng: Random, clause: Clause) -> Sentence:
    return stated("relative", denied_at_times(rng, clause, _DENIED))


def is_so(rng: Random) -> Sentence:
    """La mujer que vive aquí es simpática; los libros que compré ayer son interesantes."""
    phrase = rng.choice(_RELATED)(rng)
    of = LASTING
    being = SER
    if phrase.noun.human:
        pick = rng.random()
        if pick < 0.3:
            land = rng.choice(COUNTRIES)
            origin = Text(f"de {land.es}", f"from {land.en}")
            return _told(rng, Clause(SER, phrase, complements=(origin,)))
        if pick < 0.6:
            of, being = IN_STATE, ESTAR
    fitting = lasts if being is SER else graded
    found = [quality for quality in said_of(of, phrase) if fitting(quality)]
    if not found:
        return is_so(rng)
    quality = in_some_degree(rng, rng.choice(found))
    return _told(rng, Clause(being, phrase, rng.choice(NOW_OR_THEN), complements=(quality,)))


_KNOW = Verb("conocer", "know", state=True)
_REMEMBER = Verb("recordar", "remember", state=True)
_SEEK = Verb("buscar", "look for")
_MEETING = (
    (_KNOW, Tense.PRESENT),
    (_REMEMBER, Tense.PRESENT),
    (_SEEK, Tense.PROGRESSIVE),
    (Verb("ver", "see"), Tense.PRETERITE),
    (Verb("saludar", "greet"), Tense.PRETERITE),
    (Verb("ayudar", "help"), Tense.PRETERITE),
    (Verb("llamar", "call"), Tense.GOING_TO),
)
_HANDLING = (
    (Verb("perder", "lose"), Tense.PERFECT),
    (Verb("encontrar", "find"), Tense.PRETERITE),
    (_SEEK, Tense.PROGRESSIVE),
    (_REMEMBER, Tense.PRESENT),
)
_PORTABLE = frozenset(
    "book mail belonging bag clothes pair present pen picture parcel reference".split()
)


def is_met(rng: Random) -> Sentence:
    """Conozco a la mujer que vende flores; he perdido el libro que me regaló Ana."""
    phrase = rng.choice(_RELATED)(rng)
    assert phrase.relative is not None
    if phrase.noun.human:
        of, tense = rng.choice(_MEETING)
    elif phrase.relative.es == "donde":
        of, tense = rng.choice(_MEETING[:2])
    elif phrase.noun.kind in _PORTABLE:
        of, tense = rng.choice(_HANDLING)
    else:
        return is_so(rng)
    return _told(rng, Clause(of, _user(rng), tense, object=phrase))


def this_is(rng: Random) -> Sentence:
    """Esta es la casa donde nació mi abuela."""
    phrase = rng.choice(_RELATED)(rng)
    return _told(rng, Clause(SER, this(phrase), complements=(Identity(phrase),)))
