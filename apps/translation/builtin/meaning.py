"""What a sentence means, before it is said in Spanish or in English.

A `Sentence` is made of `Clause`s, a clause of a `Verb`, its participants and what else is said of
them. The same structure is put into words by `spanish.sentence` and `english.sentence`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache


@dataclass(frozen=True, slots=True)
class Agreement:
    """What verbs, adjectives and pronouns must agree with.

    Spanish and English differ in person where 'usted' is 'you', and in number where 'la gente' is
    'people'.
    """

    person: int = 3
    plural: bool = False
    feminine: bool = False
    human: bool = True
    person_en: int = 3
    plural_en: bool = False


@cache
def third_person(plural: bool, feminine: bool, human: bool, plural_en: bool) -> Agreement:
    """That of a noun."""
    return Agreement(3, plural, feminine, human, 3, plural_en)


class Form(Enum):
    """Which numbers a noun has."""

    COUNT = auto()
    MASS = auto()
    PLURAL = auto()  # only: los pantalones, trousers
    PLURAL_ES = auto()  # los deberes, homework
    PLURAL_EN = auto()  # la gente, people


@dataclass(frozen=True, slots=True)
class Noun:
    """A common noun in the singular."""

    es: str
    en: str
    feminine: bool
    kind: str  # the group of nouns it belongs to
    form: Form = Form.COUNT
    bare: bool = False  # no article in English: la cena, dinner
    human: bool = False
    en_plural: str = ""  # where it is another word


@dataclass(frozen=True, slots=True)
class Adjective:
    """An adjective in the masculine singular."""

    es: str
    en: str
    first: bool = False  # before the noun in Spanish too


class Det(Enum):
    """Determiners; what they are in each language is in its `phrases` module."""

    NONE = auto()
    THE = auto()
    GENERIC = auto()  # el café, coffee
    A = auto()
    SOME = auto()
    THIS = auto()
    THAT = auto()
    YONDER = auto()  # aquel
    POSSESSIVE = auto()
    OWN = auto()  # el abrigo, his coat
    COUNT = auto()
    MANY = auto()
    FEW = auto()
    TOO_MANY = auto()
    ALL = auto()
    ANOTHER = auto()
    ANY = auto()  # no tengo dinero, I don't have any money
    NOT_ONE = auto()  # ningún libro, any books
    WHICH = auto()
    HOW_MANY = auto()
    MORE = auto()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A common noun with what determines and describes it."""

    noun: Noun
    det: Det = Det.THE
    plural: bool = False
    count: int = 0
    possessor: Agreement | None = None
    adjectives: tuple[Adjective, ...] = ()
    of: Nominal | None = None
    relative: Relative | None = None
    superlative: Adjective | None = None
    within: Nominal | None = None  # the largest house *in the city*

    @property
    def agreement(self) -> Agreement:
        """Third person, with the number of each language."""
        form = self.noun.form
        both = self.plural or form is Form.PLURAL
        none = self.det is Det.NOT_ONE  # ningún libro, any books
        return third_person(
            both or form is Form.PLURAL_ES,
            self.noun.feminine,
            self.noun.human,
            both or none or form is Form.PLURAL_EN,
        )


@dataclass(frozen=True, slots=True)
class Name:
    """A person or a place by name."""

    es: str
    en: str
    feminine: bool
    human: bool = True

    @property
    def agreement(self) -> Agreement:
        """Third person singular."""
        return third_person(False, self.feminine, self.human, False)


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A personal pronoun; Spanish leaves out a subject that is not `spoken`."""

    agreement: Agreement
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Couple:
    """Two people: Ana y Luis, mi hermano y yo."""

    first: Nominal
    second: Nominal

    @property
    def agreement(self) -> Agreement:
        """Plural; feminine if both are, first person if one is."""
        first, second = self.first.agreement, self.second.agreement
        person = min(first.person, second.person)
        return Agreement(
            person=person,
            plural=True,
            feminine=first.feminine and second.feminine,
            person_en=person,
            plural_en=True,
        )


@dataclass(frozen=True, slots=True)
class Indefinite:
    """nadie, algo, todo el mundo: words that stand for a whole phrase."""

    es: str
    en: str
    human: bool
    plural: bool = False
    feminine: bool = False

    @property
    def agreement(self) -> Agreement:
        """Third person."""
        return Agreement(3, self.plural, self.feminine, self.human, 3, self.plural)


@dataclass(frozen=True, slots=True)
class Gap:
    """The place in a clause of what is asked for or related: nothing is said there."""

    agreement: Agreement


Nominal = Phrase | Name | Pronoun | Couple | Indefinite | Gap


class Tense(Enum):
    """Tenses and moods; where the languages differ, Spanish first, then English."""

    PRESENT = auto()
    PRETERITE = auto()
    IMPERFECT = auto()  # comía, used to eat; with a state: tenía, had
    BACKGROUND = auto()  # mientras comía, was eating
    FUTURE = auto()
    CONDITIONAL = auto()
    PERFECT = auto()
    PLUPERFECT = auto()
    PROGRESSIVE = auto()
    PAST_PROGRESSIVE = auto()
    GOING_TO = auto()
    JUST = auto()  # acaba de comer, has just eaten
    SINCE = auto()  # vive aquí desde hace un año, has lived
    FOR_HOURS = auto()  # lleva dos horas comiendo, has been eating
    SUBJUNCTIVE = auto()  # cuando coma, eats
    WISH = auto()  # quiero que coma, want him to eat
    WISHED = auto()  # quería que comiera, wanted him to eat
    UNREAL = auto()  # si comiera, ate
    COMMAND = auto()
    INFINITIVE = auto()  # comer, to eat
    VERBAL_NOUN = auto()  # comer, eating


class Polarity(Enum):
    """Affirmation and the kinds of negation."""

    YES = auto()
    NO = auto()
    NEVER = auto()  # nunca come
    NEVER_LAST = auto()  # no come nunca
    HARDLY_EVER = auto()
    NO_LONGER = auto()
    NOT_YET = auto()
    NEITHER = auto()  # tampoco


class Voice(Enum):
    """Who is the subject."""

    ACTIVE = auto()
    PASSIVE = auto()  # fue construida por
    REFLEXIVE = auto()  # se vende, is sold


class Degree(Enum):
    """How much of a quality."""

    PLAIN = auto()
    VERY = auto()
    TOO = auto()
    MORE = auto()
    LESS = auto()
    AS = auto()
    SO = auto()  # tan cansado que


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb, its first word in the infinitive; the words after it never change.

    Attributes:
        es: 'casarse', 'tener hambre'.
        en: 'look for', 'be hungry'; '_' is where a pronoun goes ('turn _ on'), '*' the possessive
            of the subject.
        state: has no progressive, and its imperfect is the simple past in English.
        inverted: 'gustar': the subject of the English verb is the Spanish recipient.
        dative: how English says the recipient: 'shift' (give him the book, give it to him),
            'shift-for' (buy him a book, buy it for him), 'to', or 'ask' (ask him for it).
    """

    es: str
    en: str
    state: bool = False
    inverted: bool = False
    dative: str = ""


@dataclass(frozen=True, slots=True)
class Modal:
    """A verb that takes another one's infinitive or gerund: 'querer', 'want to'.

    `en_form` is 'base' or 'gerund'; an empty `en` with an `again` is said by that adverb alone.
    """

    es: str
    en: str
    es_form: str = "infinitive"
    en_form: str = "base"
    again: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """An expression that never changes."""

    es: str
    en: str


@dataclass(frozen=True, slots=True)
class Prep:
    """A preposition with its phrase."""

    es: str
    en: str
    nominal: Nominal


@dataclass(frozen=True, slots=True)
class Quality:
    """An adjective said of the subject, with what it is compared with."""

    adjective: Adjective
    degree: Degree = Degree.PLAIN
    standard: Nominal | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """A phrase that says what the subject is: es médica, is a doctor."""

    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Linked:
    """A clause inside another, after a word that links it: 'porque', 'because'."""

    es: str
    en: str
    clause: Clause


Part = Text | Prep | Quality | Identity | Linked


@dataclass(frozen=True, slots=True)
class Asked:
    """What a wh-question asks for; `stranded` is what English leaves behind: who … with?"""

    es: str
    en: str
    role: str = "adverb"  # or 'object', 'subject'
    stranded: str = ""
    phrase: Phrase | None = None  # which book, how many books
    quality: Adjective | None = None  # how big


@dataclass(frozen=True, slots=True)
class Relative:
    """A clause that describes a noun, with its relative words and what English strands."""

    es: str
    en: str
    clause: Clause
    stranded: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A verb and all that goes with it; no subject is that of 'hace frío', 'it is cold'."""

    verb: Verb
    subject: Nominal | None = None
    tense: Tense = Tense.PRESENT
    modals: tuple[Modal, ...] = ()
    polarity: Polarity = Polarity.YES
    voice: Voice = Voice.ACTIVE
    object: Nominal | None = None
    recipient: Nominal | None = None
    complements: tuple[Part, ...] = ()
    front: Part | None = None
    mid: Text | None = None  # an adverb beside the verb: siempre, always
    span: Text | None = None  # how long: dos horas
    asks: Asked | None = None
    question: bool = False
    attached: bool = False  # pronouns at the end of an infinitive or a gerund
    dislocated: bool = False  # the object first: el libro lo compré ayer
    late: bool = False  # the subject after the verb: ayer llegó Ana
    elliptic: bool = False  # English leaves out the auxiliary: she has come and *seen*


@dataclass(frozen=True, slots=True)
class Sentence:
    """Clauses in a frame of words and punctuation, '{0}' for the first of them."""

    name: str  # of the construction
    es: str
    en: str
    clauses: tuple[Clause, ...]
