"""Drawing sentences: constructions by their shares, none ambiguous, none that repeats itself."""

from collections.abc import Callable, Iterator
from random import Random

from .grammar import (
    causes,
    commands,
    comparisons,
    conditions,
    descriptions,
    dialogues,
    feelings,
    inquiries,
    meanwhile,
    passives,
    pronouns,
    questions,
    relatives,
    reports,
    schedules,
    sequences,
    statements,
)
from .lexicon import times
from .meaning import Clause, Name, Nominal, Phrase, Pronoun, Sentence, Tense, Text
from .spanish import verbs
from .traversal import Contents, parts

# Constructions with their shares.
_SHARES: tuple[tuple[Callable[[Random], Sentence], int], ...] = (
    (statements.statement, 60),
    (statements.modal, 44),
    (statements.negative, 30),
    (statements.nobody, 8),
    (statements.nothing, 10),
    (statements.often, 20),
    (statements.state, 16),
    (statements.animal, 5),
    (pronouns.clitic, 56),
    (pronouns.dislocated, 36),
    (descriptions.lasting, 6),
    (descriptions.state, 10),
    (descriptions.identity, 12),
    (descriptions.age, 9),
    (descriptions.origin, 9),
    (descriptions.location, 6),
    (descriptions.existence, 12),
    (feelings.weather, 8),
    (feelings.having, 9),
    (feelings.liking, 38),
    (feelings.contrast, 20),
    (feelings.hurting, 8),
    (comparisons.comparative, 24),
    (comparisons.superlative, 12),
    (comparisons.belonging, 10),
    (comparisons.exclamation, 5),
    (schedules.price, 7),
    (schedules.number, 4),
    (schedules.schedule, 5),
    (schedules.opening_hours, 3),
    (schedules.clock, 2),
    (schedules.weekday, 1),
    (schedules.lasting, 3),
    (schedules.has_been_doing, 6),
    (schedules.has_been_so, 6),
    (passives.passive, 18),
    (passives.reflexive_passive, 8),
    (questions.yes_no, 46),
    (questions.what, 16),
    (questions.who, 12),
    (questions.where, 8),
    (questions.where_is, 4),
    (questions.where_from, 1),
    (questions.how, 30),
    (questions.how_many, 18),
    (questions.how_long, 8),
    (inquiries.how_much, 3),
    (inquiries.what_colour, 2),
    (inquiries.whose, 2),
    (inquiries.how_old, 2),
    (inquiries.how_is, 1),
    (inquiries.weather, 1),
    (inquiries.embedded, 36),
    (commands.order, 44),
    (commands.necessity, 8),
    (commands.wish, 28),
    (commands.hope, 8),
    (commands.asking, 36),
    (causes.because, 28),
    (causes.since, 14),
    (causes.so, 18),
    (causes.but, 18),
    (causes.although, 20),
    (conditions.if_, 28),
    (conditions.when, 22),
    (conditions.if_command, 10),
    (conditions.so_that, 8),
    (conditions.because_of_it, 10),
    (sequences.one_after_the_other, 22),
    (sequences.before_or_after, 24),
    (sequences.on_doing, 10),
    (sequences.without, 12),
    (sequences.purpose, 20),
    (meanwhile.while_, 18),
    (meanwhile.interrupted, 14),
    (meanwhile.on_arrival, 12),
    (meanwhile.when_arriving, 14),
    (reports.says, 14),
    (reports.said, 14),
    (reports.told, 66),
    (relatives.is_so, 26),
    (relatives.is_met, 24),
    (relatives.this_is, 14),
    (dialogues.where_is_it, 6),
    (dialogues.lost, 6),
    (dialogues.bought_and_given, 10),
    (dialogues.but_not_liked, 9),
    (dialogues.how_nice, 8),
    (dialogues.do_it, 5),
    (dialogues.i_will_do_it, 7),
    (dialogues.not_here, 9),
    (dialogues.seen, 10),
    (dialogues.offered, 8),
    (dialogues.who_has_it, 7),
)
_CONSTRUCTIONS = tuple(construction for construction, _ in _SHARES)
_WEIGHTS = tuple(share for _, share in _SHARES)


def draw(rng: Random) -> Sentence:
    """A sentence of some construction."""
    return rng.choices(_CONSTRUCTIONS, _WEIGHTS)[0](rng)


# Verbs that may come twice in one sentence.
_PLAIN_VERBS = frozenset(("ser", "estar", "haber", "tener", "gustar"))
# Tenses in which yo and él have one form.
_ALIKE = frozenset(
    (
        Tense.IMPERFECT,
        Tense.BACKGROUND,
        Tense.CONDITIONAL,
        Tense.PLUPERFECT,
        Tense.PAST_PROGRESSIVE,
        Tense.SUBJUNCTIVE,
        Tense.UNREAL,
        Tense.WISH,
        Tense.WISHED,
    )
)


def _words(clause: Clause, nominals: list[Nominal]) -> Iterator[str]:
    """Names, nouns and verbs, each as often as it is said."""
    if clause.verb.es not in _PLAIN_VERBS:
        yield clause.verb.es
    for modal in clause.modals:
        yield modal.es
    for of in nominals:
        if isinstance(of, Phrase):
            yield of.noun.es.split()[0]
        elif isinstance(of, Name):
            yield of.es


def _repeats(inside: Contents) -> bool:
    """Whether a name, a noun or a verb is said twice: the cook cooks."""
    said = [word for clause, nominals in inside for word in _words(clause, nominals)]
    verbs_en = {clause.verb.en.split()[0] for clause, _ in inside}
    phrases = [of for _, nominals in inside for of in nominals if isinstance(of, Phrase)]
    return len(said) != len(set(said)) or any(of.noun.en in verbs_en for of in phrases)


def _unclear(clause: Clause) -> bool:
    """Whether the verb of nosotros may be of the present or of the past: cantamos."""
    subject = clause.subject
    if clause.tense is not Tense.PRETERITE or subject is None:
        return False
    of = subject.agreement
    if of.person != 1 or not of.plural:
        return False
    first = clause.modals[0].es if clause.modals else clause.verb.es
    head = first.split()[0].removesuffix("se")
    same = verbs.forms_of(head, "present")[3] == verbs.forms_of(head, "preterite")[3]
    dates = [part.es for part in parts(clause) if isinstance(part, Text)]
    return same and not any(times.is_past(date) for date in dates)


def _is_me(of: Nominal | None) -> bool:
    return isinstance(of, Pronoun) and of.agreement.person == 1 and not of.agreement.plural


def _is_somebody(of: Nominal | None) -> bool:
    if of is None or isinstance(of, Pronoun):
        return False
    return of.agreement.person == 3 and not of.agreement.plural


def _mixed(inside: Contents) -> bool:
    """Whether a verb said of me could be taken to be said of somebody else in the sentence."""
    mine = any(clause.tense in _ALIKE and _is_me(clause.subject) for clause, _ in inside)
    return mine and any(_is_somebody(clause.subject) for clause, _ in inside)


def is_sound(inside: Contents) -> bool:
    """Whether a sentence can be read in one way only and repeats no name, noun or verb."""
    unclear = any(_unclear(clause) for clause, _ in inside)
    return not (unclear or _mixed(inside) or _repeats(inside))
