"""Drawing people: subjects of a sentence and those that something is done to."""

from random import Random

from ..lexicon.nouns import NOUNS
from ..meaning import Agreement, Couple, Det, Form, Name, Nominal, Noun, Phrase, Pronoun
from .things import describe

NAMES = tuple(
    Name(name.rstrip("+"), name.rstrip("+"), name.endswith("+"))
    for name in (
        "Ana+ Carlos Lucía+ Pedro Marta+ Pablo Elena+ Javier Carmen+ Diego Laura+ Miguel Sofía+ "
        "Andrés Teresa+ Luis Julia+ Raúl Isabel+ Tomás Clara+ Manuel Irene+ David Nuria+ Alberto "
        "Paula+ Jorge Inés+ Víctor Beatriz+ Hugo"
    ).split()
)

ME = Agreement(person=1, person_en=1)
YOU = Agreement(person=2, person_en=2)
WE = Agreement(person=1, plural=True, person_en=1, plural_en=True)
YOU_ALL = Agreement(person=2, plural=True, person_en=2, plural_en=True)
HE = Agreement()
SHE = Agreement(feminine=True)
THEY = Agreement(plural=True, plural_en=True)
THEY_FEMININE = Agreement(plural=True, feminine=True, plural_en=True)
USTED = Agreement(person_en=2)
USTEDES = Agreement(plural=True, person_en=2, plural_en=True)

# Subjects that Spanish leaves out, with their weights, and those it must say to be clear.
_DROPPED = {ME: 30, YOU: 14, WE: 18, YOU_ALL: 5, THEY: 14}
_SPOKEN = {HE: 10, SHE: 10, THEY: 3, THEY_FEMININE: 4, USTED: 3, USTEDES: 2}
_OWNERS = {ME: 6, WE: 2, YOU: 2}
_POINTING = {Det.THE: 12, Det.THIS: 1, Det.THAT: 1, Det.YONDER: 1}
_KIN = NOUNS["relative"] + NOUNS["sibling"]
_STRANGERS = NOUNS["worker"] + NOUNS["person"] + NOUNS["child"] + NOUNS["pupil"]
_SPOUSES = ("marido", "esposa")
# Of these nobody says that they do their homework.
_GROWN = frozenset(("worker", "family", "relative", "crowd"))


def with_sex(rng: Random, agreement: Agreement) -> Agreement:
    """A first or second person as a man or a woman, which Spanish adjectives show."""
    if agreement.person_en == 3:
        return agreement
    feminine = rng.random() < (0.25 if agreement.plural else 0.5)
    person, plural = agreement.person, agreement.plural
    return Agreement(person, plural, feminine, True, agreement.person_en, agreement.plural_en)


def _weighted(rng: Random, weights: dict[Agreement, int]) -> Agreement:
    return rng.choices(tuple(weights), weights=tuple(weights.values()))[0]


def pronoun(rng: Random) -> Pronoun:
    """A subject pronoun; Spanish says it only where its verb alone would not be clear."""
    if rng.random() < 0.75:
        return Pronoun(with_sex(rng, _weighted(rng, _DROPPED)))
    return Pronoun(with_sex(rng, _weighted(rng, _SPOKEN)), spoken=True)


def _may_marry(noun: Noun, owner: Agreement) -> bool:
    """Of a husband or a wife, whether `owner` is one person, of the other sex where it is told."""
    if noun.es not in _SPOUSES:
        return True
    return not owner.plural and (owner.person != 3 or owner.feminine is not noun.feminine)


def relative(rng: Random, owner: Agreement | None = None) -> Phrase:
    """my sister; their parents if `owner` is given."""
    owner = owner or _weighted(rng, _OWNERS)
    kind = NOUNS["family"] if rng.random() < 0.15 else _KIN
    noun = rng.choice(kind)
    while not _may_marry(noun, owner):
        noun = rng.choice(kind)
    return describe(rng, Phrase(noun, Det.POSSESSIVE, possessor=owner), 0.12)


def _of_somebody(rng: Random) -> Phrase:
    """la hermana de Pedro."""
    noun, owner = rng.choice(_KIN), rng.choice(NAMES)
    while not _may_marry(noun, owner.agreement):
        owner = rng.choice(NAMES)
    return Phrase(noun, Det.THE, of=owner)


def stranger(rng: Random, det: Det | None = None) -> Phrase:
    """the doctor, those tourists, a tall boy."""
    det = det or rng.choices(tuple(_POINTING), weights=tuple(_POINTING.values()))[0]
    several = rng.random() < 0.3 and det is not Det.A
    return describe(rng, Phrase(rng.choice(_STRANGERS), det, plural=several), 0.25)


def named(rng: Random) -> Nominal:
    """Somebody of whom Spanish and English know the sex: a name, a relative, a stranger."""
    pick = rng.random()
    if pick < 0.45:
        return rng.choice(NAMES)
    if pick < 0.7:
        return relative(rng)
    return _of_somebody(rng) if pick < 0.82 else stranger(rng)


def _couple(rng: Random) -> Couple:
    """Ana y Luis, mi hermano y yo."""
    if rng.random() < 0.35:
        return Couple(relative(rng, ME), Pronoun(ME, spoken=True))
    return Couple(*rng.sample(NAMES, 2))


def anybody(rng: Random) -> Nominal:
    """The subject of a sentence about people."""
    pick = rng.random()
    if pick < 0.4:
        return pronoun(rng)
    return named(rng) if pick < 0.92 else _couple(rng)


def subject_for(rng: Random, flags: frozenset[str]) -> Nominal:
    """The subject of an action with those `flags`: of what the young do, nobody's grandmother."""
    subject = anybody(rng)
    while "young" in flags and _grown(subject):
        subject = anybody(rng)
    return subject


def _grown(subject: Nominal) -> bool:
    if isinstance(subject, Couple):
        return _grown(subject.first)
    return isinstance(subject, Phrase) and subject.noun.kind in _GROWN


def someone_else(rng: Random, subject: Agreement, clitic: float = 0.25) -> Nominal:
    """A person that something is done to, other than `subject`; at times a clitic pronoun."""
    told = subject.person_en == 3
    if rng.random() < clitic:
        chosen = _weighted(rng, {ME: 5, YOU: 4, WE: 3, YOU_ALL: 1})
        if told or chosen.person_en != subject.person_en:
            return Pronoun(chosen)
    if told and rng.random() < 0.3:
        return relative(rng, subject)
    other = named(rng)
    mine = isinstance(other, Phrase) and other.possessor is not None
    return relative(rng, subject) if mine and not told else other


def _child(rng: Random) -> Phrase:
    noun = rng.choice(NOUNS["child"] + NOUNS["baby"])
    return Phrase(noun, plural=rng.random() < 0.3 and noun.form is Form.COUNT)


def whom(rng: Random, kinds: str, subject: Agreement) -> Nominal:
    """A person that something is done to, of some kinds.

    'person' and 'anyone' may be the subject's own relatives, 'anyone' somebody never seen before; a
    'stranger' is nobody's relative, a 'sweetheart' one person; other kinds are kinds of nouns.
    """
    if kinds == "stranger":
        return rng.choice(NAMES) if rng.random() < 0.5 else stranger(rng)
    if kinds == "sweetheart":
        return Phrase(rng.choice(NOUNS["worker"])) if rng.random() < 0.4 else rng.choice(NAMES)
    if kinds == "anyone" and rng.random() < 0.2:
        return stranger(rng, Det.A)
    if kinds in ("person", "anyone"):
        return someone_else(rng, subject)
    if "relative" in kinds and rng.random() < 0.6:
        return relative(rng, subject if rng.random() < 0.8 else None)
    return _child(rng) if "child" in kinds else named(rng)


def reference(nominal: Nominal) -> Pronoun:
    """The pronoun that takes up `nominal` again, not spoken in Spanish."""
    return Pronoun(nominal.agreement)
