"""The English verb with its auxiliaries, split where a subject or 'not' may come between."""

from dataclasses import dataclass

from ..meaning import Agreement, Clause, Polarity, Tense, Voice
from . import verbs


@dataclass(frozen=True, slots=True)
class _Step:
    """A verb that governs another: the words between them, the form it asks for."""

    lemma: str
    link: str = ""
    asks: str = "base"
    auxiliary: bool = True


# Auxiliaries, and the form of the first verb.
_TENSES: dict[Tense, tuple[tuple[_Step, ...], str]] = {
    Tense.PRESENT: ((), "present"),
    Tense.PRETERITE: ((), "past"),
    Tense.IMPERFECT: ((_Step("use", "to", auxiliary=False),), "past"),
    Tense.BACKGROUND: ((_Step("be", asks="gerund"),), "past"),
    Tense.FUTURE: ((_Step("will"),), "present"),
    Tense.CONDITIONAL: ((_Step("would"),), "present"),
    Tense.SINCE: ((_Step("have", asks="participle"),), "present"),
    Tense.SUBJUNCTIVE: ((), "present"),
    Tense.WISH: ((), "base"),
    Tense.WISHED: ((), "base"),
    Tense.UNREAL: ((), "past"),
    Tense.COMMAND: ((), "base"),
    Tense.INFINITIVE: ((), "base"),
    Tense.VERBAL_NOUN: ((), "gerund"),
    Tense.PERFECT: ((_Step("have", asks="participle"),), "present"),
    Tense.PLUPERFECT: ((_Step("have", asks="participle"),), "past"),
    Tense.PROGRESSIVE: ((_Step("be", asks="gerund"),), "present"),
    Tense.PAST_PROGRESSIVE: ((_Step("be", asks="gerund"),), "past"),
    Tense.GOING_TO: ((_Step("be", "going to"),), "present"),
    Tense.JUST: ((_Step("have", "just", "participle"),), "present"),
    Tense.FOR_HOURS: (
        (_Step("have", asks="participle"), _Step("be", asks="gerund")),
        "present",
    ),
}
_STATIVE = (Tense.IMPERFECT, Tense.BACKGROUND)  # in these a state has the simple past
_ABLE = _Step("be", "able to")
_DEFECTIVE = {
    ("can", "past"): "could",
    ("can", "present"): "can",
    ("must", "present"): "must",
    ("should", "present"): "should",
    ("could", "present"): "could",
    ("will", "present"): "will",
    ("would", "present"): "would",
}
_NEGATED = {"can": "can't", "will": "won't", "am": "am not", "must": "mustn't"}


def _steps(clause: Clause) -> tuple[list[_Step], str]:
    """All verbs before the main one, and the form of the first."""
    steps, form = list(_TENSES[clause.tense][0]), _TENSES[clause.tense][1]
    said = [modal for modal in clause.modals if modal.en]
    state = said[0].en != "stop" if said else clause.verb.state
    if clause.tense in _STATIVE and state:
        steps, form = [], "past"
    for modal in said:
        lemma, _, link = modal.en.partition(" ")
        steps.append(_Step(lemma, link, modal.en_form, lemma in ("can", "must")))
    if clause.voice is not Voice.ACTIVE:
        steps.append(_Step("be", asks="participle"))
    return _without_gaps(steps, form, clause), form


def _without_gaps(steps: list[_Step], form: str, clause: Clause) -> list[_Step]:
    """`steps` with the forms that 'can' and 'must' do not have said otherwise."""
    if clause.tense is Tense.CONDITIONAL and len(steps) > 1 and steps[1].lemma in ("can", "must"):
        return [_Step("could" if steps[1].lemma == "can" else "should"), *steps[2:]]
    for at, step in enumerate(steps):
        managed = clause.tense is Tense.PRETERITE and clause.polarity is Polarity.YES
        if step.lemma == "can" and (at > 0 or managed or form not in ("present", "past")):
            steps[at] = _ABLE
    return steps


def _form(lemma: str, form: str, agreement: Agreement) -> str:
    if (lemma, form) in _DEFECTIVE:
        return _DEFECTIVE[lemma, form]
    person, plural = agreement.person_en, agreement.plural_en
    if form == "present":
        return verbs.present(lemma, person, plural)
    if form == "past":
        return verbs.past(lemma, person, plural)
    if form == "participle":
        return verbs.participle(lemma)
    return verbs.gerund(lemma) if form == "gerund" else lemma


def negated(operator: str) -> str:
    """An auxiliary with 'not': don't, isn't, can't."""
    return _NEGATED.get(operator, operator + "n't")


def verb_group(clause: Clause, agreement: Agreement, operator: bool) -> tuple[str, list[str]]:
    """The auxiliary that takes 'not' and inversion, and the rest up to the main verb.

    Args:
        clause: whose verb it is.
        agreement: that of the subject.
        operator: whether there must be an auxiliary, so that 'do' comes in where there is none.

    Returns:
        The auxiliary, empty if there is none, and the other words.
    """
    steps, form = _steps(clause)
    head = clause.verb.en.split()[0]
    chain = [*steps, _Step(head, auxiliary=head == "be")]
    finite = form in ("present", "past")
    first, words = "", []
    if finite and operator and not chain[0].auxiliary:
        first, form = _form("do", form, agreement), "base"
    elif finite and chain[0].auxiliary:
        first = _form(chain[0].lemma, form, agreement)
        if clause.tense is Tense.UNREAL and first == "was":
            first = "were"
        words.append(chain[0].link)
        form = chain[0].asks
        chain = chain[1:]
    for step in chain:
        words += [_form(step.lemma, form, agreement), step.link]
        form = step.asks
    return first, [word for word in words if word]
