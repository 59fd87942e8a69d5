"""Modal verbs, the tenses they are used in, and the actions they can be said of."""

from dataclasses import replace
from functools import cache
from random import Random

from ..lexicon.actions import ACTIONS, Action
from ..meaning import Clause, Modal, Nominal, Tense, Text
from .clauses import act
from .people import subject_for

_P, _PRET, _IMP, _FUT, _COND, _PERF, _GO = (
    Tense.PRESENT,
    Tense.PRETERITE,
    Tense.IMPERFECT,
    Tense.FUTURE,
    Tense.CONDITIONAL,
    Tense.PERFECT,
    Tense.GOING_TO,
)
WANT = Modal("querer", "want to")
CAN = Modal("poder", "can")
HAVE_TO = Modal("tener que", "have to")
MUST = Modal("deber", "must")
_USUALLY = Modal("soler", "")
# Modal verb, its tenses, and what the action must be: see `_VERBS` and `_fits`.
_Use = tuple[Modal, tuple[Tense, ...], str]
ORDINARY: tuple[_Use, ...] = (
    (WANT, (_P, _IMP), ""),
    (WANT, (_P, _IMP), ""),
    (CAN, (_P, _IMP, _PRET, _FUT, _COND), ""),
    (CAN, (_P, _IMP, _PRET, _FUT), ""),
    (HAVE_TO, (_P, _PRET, _FUT, _PERF), ""),
    (HAVE_TO, (_P, _PRET, _FUT, _COND), ""),
    (MUST, (_P, _COND), ""),
    (MUST, (_COND,), ""),
)
_MODALS: tuple[_Use, ...] = (
    *ORDINARY,
    (Modal("necesitar", "need to"), (_P, _IMP), ""),
    (Modal("preferir", "prefer to"), (_P,), "habit"),
    (Modal("intentar", "try to"), (_PRET, _PERF, _FUT), "effort"),
    (Modal("empezar a", "start", en_form="gerund"), (_PRET, _PERF, _GO), "ongoing"),
    (Modal("dejar de", "stop", en_form="gerund"), (_PRET, _PERF), "given up"),
    (Modal("seguir", "keep", "gerund", "gerund"), (_PRET,), "ongoing"),
    (Modal("volver a", "", again="again"), (_PRET, _PERF, _FUT, _GO), "repeated"),
    (Modal("decidir", "decide to"), (_PRET, _PERF), "decision"),
    (Modal("olvidar", "forget to"), (_PRET, _PERF), "duty"),
    (Modal("aprender a", "learn to"), (_PRET, _PERF), "skill"),
    (Modal("saber", "know how to"), (_P, _IMP), "skill"),
    (_USUALLY, (_P,), "habit"),
    (Modal("esperar", "hope to"), (_P,), "hope"),
    (Modal("tener ganas de", "feel like", en_form="gerund"), (_P, _IMP), "pleasure"),
    (Modal("estar a punto de", "be about to"), (_P, _IMP), "deed"),
    (Modal("terminar de", "finish", en_form="gerund"), (_PRET, _PERF), "work"),
)
# Verbs that clitic pronouns can stand before: lo quiero ver; of the others, espero verlo.
_CLIMBING = frozenset(
    "querer; poder; tener que; deber; empezar a; volver a; seguir; saber".split("; ")
)
_SPARE = ("given up", "hope", "deed", "duty", "skill", "work")  # no place or manner with these
_UNSAID = ("bien", "mal", "muy bien", "otra vez")  # manners that do not go with them

_VERBS = {
    need: frozenset(verbs.split())
    for need, verbs in (
        ("skill", "nadar bailar cocinar conducir dibujar tocar pintar arreglar cantar"),
        (
            "duty",
            "cerrar apagar llamar comprar regar preparar hacer limpiar ordenar devolver recoger",
        ),
        (
            "pleasure",
            "comer beber bailar nadar cantar salir viajar leer ver jugar pasear dormir descansar",
        ),
        ("effort", "dormir estudiar leer arreglar abrir dibujar cerrar ayudar terminar explicar"),
        ("work", "leer escribir limpiar lavar pintar preparar comer estudiar cortar ordenar"),
        ("hope", "viajar aprender conocer ganar ver visitar vender venir terminar"),
        (
            "decision",
            "comprar vender viajar quedarse irse aprender pintar llamar visitar invitar estudiar "
            "casarse construir plantar volver salir ayudar",
        ),
        (
            "ongoing",
            "leer trabajar estudiar hablar caminar correr nadar cantar bailar dormir comer cocinar "
            "escribir jugar tocar escuchar mirar llorar reírse limpiar pintar",
        ),
        (
            "given up",
            "trabajar llorar correr jugar cantar bailar cocinar nadar reírse viajar estudiar "
            "enseñar",
        ),
    )
}
# Nobody does these because they want to, or again.
_UNWILLED = frozenset(
    "perder encontrar caerse dormirse romper llorar enamorarse soñar oír reírse".split()
)
_ONCE = frozenset("casarse construir terminar empezar".split())
_UNCHOSEN = frozenset("despertarse levantarse ducharse vestirse ver".split())


def _fits(action: Action, need: str) -> bool:
    verb = action.verb.es
    if verb in _UNWILLED or (need and verb == "despertarse"):
        return False
    if need == "pleasure" and action.verb.en in ("leave", "see"):
        return False
    if need in _VERBS:
        return verb in _VERBS[need]
    if need == "habit":
        return action.habitual
    if need == "repeated":
        return verb not in _ONCE
    if need == "chosen":
        return verb not in _UNCHOSEN
    return need != "deed" or (action.rhythm in ("moment", "task") and verb != "ver")


@cache
def suited(need: str = "") -> tuple[Action, ...]:
    """The actions that a modal verb with that need can be said of; of no need, all that are willed.

    Besides the needs in `_VERBS` there are 'habit', 'repeated', 'chosen' and 'deed'.
    """
    return tuple(action for action in ACTIONS if _fits(action, need))


def modal_clause(rng: Random, subject: Nominal | None = None) -> tuple[Clause, Action]:
    """Somebody wanting, having, being able … to do something."""
    modal, tenses, need = rng.choice(_MODALS)
    action = rng.choice(suited(need))
    subject = subject or subject_for(rng, action.flags)
    if modal is _USUALLY:
        usual = act(rng, action, subject, Tense.PRESENT)
        return replace(usual, modals=(modal,), mid=Text("", "usually")), action
    clause = act(rng, action, subject, rng.choice(tenses), rich=0 if need in _SPARE else 0.35)
    kept = [c for c in clause.complements if not (isinstance(c, Text) and c.es in _UNSAID)]
    attached = modal.es not in _CLIMBING or rng.random() < 0.6
    return replace(clause, complements=tuple(kept), modals=(modal,), attached=attached), action
