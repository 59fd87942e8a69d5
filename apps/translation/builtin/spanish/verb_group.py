"""The Spanish verb with its auxiliaries and its clitic pronouns."""

from dataclasses import dataclass

from ..meaning import Agreement, Clause, Nominal, Polarity, Pronoun, Tense, Voice
from . import verbs, words


@dataclass(frozen=True, slots=True)
class _Step:
    """A verb that governs another: the word between them, the form it asks for."""

    lemma: str
    link: str
    asks: str


# Auxiliaries, and the simple tense of the first verb.
_TENSES: dict[Tense, tuple[tuple[_Step, ...], str]] = {
    Tense.PRESENT: ((), "present"),
    Tense.PRETERITE: ((), "preterite"),
    Tense.IMPERFECT: ((), "imperfect"),
    Tense.BACKGROUND: ((), "imperfect"),
    Tense.FUTURE: ((), "future"),
    Tense.CONDITIONAL: ((), "conditional"),
    Tense.SINCE: ((), "present"),
    Tense.SUBJUNCTIVE: ((), "subjunctive"),
    Tense.WISH: ((), "subjunctive"),
    Tense.WISHED: ((), "past_subjunctive"),
    Tense.UNREAL: ((), "past_subjunctive"),
    Tense.COMMAND: ((), "imperative"),
    Tense.INFINITIVE: ((), "infinitive"),
    Tense.VERBAL_NOUN: ((), "infinitive"),
    Tense.PERFECT: ((_Step("haber", "", "participle"),), "present"),
    Tense.PLUPERFECT: ((_Step("haber", "", "participle"),), "imperfect"),
    Tense.PROGRESSIVE: ((_Step("estar", "", "gerund"),), "present"),
    Tense.PAST_PROGRESSIVE: ((_Step("estar", "", "gerund"),), "imperfect"),
    Tense.GOING_TO: ((_Step("ir", "a", "infinitive"),), "present"),
    Tense.JUST: ((_Step("acabar", "de", "infinitive"),), "present"),
    Tense.FOR_HOURS: ((_Step("llevar", "{span}", "gerund"),), "present"),
}
_CLITICS = {
    (1, False): "me",
    (2, False): "te",
    (1, True): "nos",
    (2, True): "os",
}
IMPERSONAL = Agreement(human=False)


def agreement_of(subject: Nominal | None) -> Agreement:
    """That of `subject`; of nobody, the third person singular."""
    return IMPERSONAL if subject is None else subject.agreement


def _verb_agreement(clause: Clause) -> Agreement:
    """What the finite verb agrees with: with 'gustar', what is liked; with 'haber', nothing."""
    if clause.verb.es == "haber":
        return IMPERSONAL
    return agreement_of(clause.object if clause.verb.inverted else clause.subject)


def _direct(of: Agreement) -> str:
    if of.person == 3:
        return ("las" if of.plural else "la") if of.feminine else ("los" if of.plural else "lo")
    return _CLITICS[of.person, of.plural]


def _clitics(clause: Clause) -> list[str]:
    """The clitic pronouns in their order: reflexive, recipient, object."""
    subject = agreement_of(clause.subject)
    recipient = clause.subject if clause.verb.inverted else clause.recipient
    found = []
    if clause.verb.es.split()[0].endswith("se") or clause.voice is Voice.REFLEXIVE:
        found.append(_CLITICS.get((subject.person, subject.plural), "se"))
    if recipient is not None:
        to = recipient.agreement
        found.append(_CLITICS.get((to.person, to.plural), "les" if to.plural else "le"))
    of = None if clause.verb.inverted else clause.object
    if of is not None and (isinstance(of, Pronoun) or clause.dislocated):
        direct = _direct(of.agreement)
        if direct.startswith("l") and found and found[-1] in ("le", "les"):
            found[-1] = "se"
        found.append(direct)
    return found


def _form(lemma: str, form: str, agreement: Agreement) -> str:
    """One form of `lemma`, finite or not; an 'agreed' participle is that of the passive."""
    if form == "infinitive":
        return lemma
    if form == "gerund":
        return verbs.gerund(lemma)
    if form == "participle":
        return verbs.participle(lemma)
    if form == "agreed":
        return words.agree(verbs.participle(lemma), agreement.feminine, agreement.plural)
    return verbs.conjugate(lemma, form, agreement.person, agreement.plural)


def _first_form(clause: Clause) -> str:
    """The form of the first verb; a command that is denied is a subjunctive."""
    form = _TENSES[clause.tense][1]
    denied = clause.polarity is not Polarity.YES
    return "subjunctive" if form == "imperative" and denied else form


def _steps(clause: Clause) -> list[_Step]:
    """All verbs before the main one."""
    steps = list(_TENSES[clause.tense][0])
    for modal in clause.modals:
        lemma, _, link = modal.es.partition(" ")
        steps.append(_Step(lemma, link, modal.es_form))
    if clause.voice is Voice.PASSIVE:
        steps.append(_Step("ser", "", "agreed"))
    return steps


def _existential(clause: Clause) -> bool:
    """Whether haber is no auxiliary: hay pan, hay que comprar pan."""
    if clause.modals:
        return clause.modals[0].es == "haber que"
    return clause.verb.es == "haber" and clause.tense is Tense.PRESENT


def verb_group(clause: Clause) -> tuple[list[str], list[str]]:
    """The finite verb with what stands before it, and the rest of the verb.

    Clitics stand before a finite verb, at the end of a command, an infinitive or a gerund.
    """
    agreement = _verb_agreement(clause)
    head, *tail = clause.verb.es.split()
    form = first = _first_form(clause)
    span = clause.span.es if clause.span else ""
    group: list[str] = []
    for step in _steps(clause):
        group += [_form(step.lemma, form, agreement), step.link.format(span=span)]
        form = step.asks
    group.append(_form(head.removesuffix("se"), form, agreement))
    if group[0] == "ha" and _existential(clause):
        group[0] = "hay"
    clitics = _clitics(clause)
    if first == "imperative":
        group[0], clitics = words.attach(group[0], "".join(clitics)), []
    elif form in ("infinitive", "gerund") and (clause.attached or first == "infinitive"):
        group[-1], clitics = words.attach(group[-1], "".join(clitics)), []
    return [*clitics, group[0]], [*group[1:], *tail]
