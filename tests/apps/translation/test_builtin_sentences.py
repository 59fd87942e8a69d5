"""Meanings of the builtin translation corpus in both languages, against sentences by hand."""

from dataclasses import replace

import pytest

from apps.translation.builtin.english.sentence import sentence as english
from apps.translation.builtin.meaning import (
    Adjective,
    Agreement,
    Asked,
    Clause,
    Degree,
    Det,
    Form,
    Identity,
    Indefinite,
    Linked,
    Modal,
    Name,
    Noun,
    Phrase,
    Polarity,
    Prep,
    Pronoun,
    Quality,
    Relative,
    Sentence,
    Tense,
    Text,
    Verb,
    Voice,
)
from apps.translation.builtin.spanish.sentence import sentence as spanish

ANA = Name("Ana", "Ana", feminine=True)
LUIS = Name("Luis", "Luis", feminine=False)
ME = Pronoun(Agreement(person=1, person_en=1))
YOU = Pronoun(Agreement(person=2, person_en=2))
WE = Pronoun(Agreement(person=1, plural=True, person_en=1, plural_en=True))
THEY = Pronoun(Agreement(plural=True, plural_en=True))
USTED = Pronoun(Agreement(person_en=2), spoken=True)
IT = Pronoun(Agreement(human=False))
HER = Pronoun(Agreement(feminine=True))

HOUSE = Noun("casa", "house", True, "building")
BOOK = Noun("libro", "book", False, "book")
COFFEE = Noun("café", "coffee", False, "drink", Form.MASS)
WATER = Noun("agua", "water", True, "drink", Form.MASS)
HOMEWORK = Noun("deberes", "homework", False, "homework", Form.PLURAL_ES)
PEOPLE = Noun("gente", "people", True, "crowd", Form.PLURAL_EN, bare=True, human=True)
DOCTOR = Noun("médica", "doctor", True, "worker", human=True)
COAT = Noun("abrigo", "coat", False, "clothes")
HEAD = Noun("cabeza", "head", True, "body")
RED, BIG, GREAT = (
    Adjective("rojo", "red"),
    Adjective("grande", "big"),
    Adjective("grande", "great", True),
)
TIRED = Adjective("cansado", "tired")

BUY, GIVE = Verb("comprar", "buy"), Verb("dar", "give", dative="shift")
SER, ESTAR = Verb("ser", "be", state=True), Verb("estar", "be", state=True)
HAY = Verb("haber", "be", state=True)
LIKE = Verb("gustar", "like", state=True, inverted=True)
WANT, CAN, MUST = Modal("querer", "want to"), Modal("poder", "can"), Modal("deber", "must")
A_HOUSE = Phrase(HOUSE, Det.A, adjectives=(RED,))


def both(clause: Clause, mark: str = ".") -> tuple[str, str]:
    es = "¿{0}?" if mark == "?" else "{0}" + mark
    sentence = Sentence("test", es, "{0}" + mark, (clause,))
    return spanish(sentence), english(sentence)


BUYING = Clause(BUY, ANA, object=A_HOUSE)


@pytest.mark.parametrize(
    ("tense", "es", "en"),
    [
        (Tense.PRESENT, "Ana compra una casa roja.", "Ana buys a red house."),
        (Tense.PRETERITE, "Ana compró una casa roja.", "Ana bought a red house."),
        (Tense.IMPERFECT, "Ana compraba una casa roja.", "Ana used to buy a red house."),
        (Tense.BACKGROUND, "Ana compraba una casa roja.", "Ana was buying a red house."),
        (Tense.FUTURE, "Ana comprará una casa roja.", "Ana will buy a red house."),
        (Tense.CONDITIONAL, "Ana compraría una casa roja.", "Ana would buy a red house."),
        (Tense.PERFECT, "Ana ha comprado una casa roja.", "Ana has bought a red house."),
        (Tense.PLUPERFECT, "Ana había comprado una casa roja.", "Ana had bought a red house."),
        (Tense.PROGRESSIVE, "Ana está comprando una casa roja.", "Ana is buying a red house."),
        (Tense.GOING_TO, "Ana va a comprar una casa roja.", "Ana is going to buy a red house."),
        (Tense.JUST, "Ana acaba de comprar una casa roja.", "Ana has just bought a red house."),
        (Tense.UNREAL, "Ana comprara una casa roja.", "Ana bought a red house."),
    ],
)
def test_tenses(tense: Tense, es: str, en: str) -> None:
    assert both(replace(BUYING, tense=tense)) == (es, en)


@pytest.mark.parametrize(
    ("polarity", "es", "en"),
    [
        (Polarity.NO, "No lo he comprado.", "I haven't bought it."),
        (Polarity.NEVER, "Nunca lo he comprado.", "I have never bought it."),
        (Polarity.NEVER_LAST, "No lo he comprado nunca.", "I have never bought it."),
        (Polarity.NOT_YET, "Todavía no lo he comprado.", "I haven't bought it yet."),
        (Polarity.NEITHER, "Tampoco lo he comprado.", "I haven't bought it either."),
    ],
)
def test_negation(polarity: Polarity, es: str, en: str) -> None:
    assert both(Clause(BUY, ME, Tense.PERFECT, polarity=polarity, object=IT)) == (es, en)


@pytest.mark.parametrize(
    ("clause", "es", "en"),
    [
        (
            Clause(GIVE, ANA, Tense.PRETERITE, object=Phrase(BOOK), recipient=LUIS),
            "Ana le dio el libro a Luis.",
            "Ana gave Luis the book.",
        ),
        (
            Clause(GIVE, ANA, Tense.PRETERITE, object=IT, recipient=LUIS),
            "Ana se lo dio a Luis.",
            "Ana gave it to Luis.",
        ),
        (
            Clause(GIVE, ANA, Tense.GOING_TO, object=IT, recipient=ME, attached=True),
            "Ana va a dármelo.",
            "Ana is going to give it to me.",
        ),
        (Clause(GIVE, YOU, Tense.COMMAND, object=IT, recipient=ME), "Dámelo.", "Give it to me."),
        (
            Clause(GIVE, YOU, Tense.COMMAND, object=IT, recipient=ME, polarity=Polarity.NO),
            "No me lo des.",
            "Don't give it to me.",
        ),
        (Clause(Verb("levantarse", "get up"), YOU, Tense.COMMAND), "Levántate.", "Get up."),
        (
            Clause(Verb("apagar", "turn _ off"), WE, Tense.FUTURE, object=IT),
            "Lo apagaremos.",
            "We will turn it off.",
        ),
        (
            Clause(
                Verb("pedir", "ask", dative="ask"),
                ME,
                Tense.PRETERITE,
                object=Phrase(COFFEE, Det.NONE),
                recipient=ANA,
            ),
            "Le pedí café a Ana.",
            "I asked Ana for coffee.",
        ),
        (
            Clause(BUY, ANA, Tense.PRETERITE, object=Phrase(BOOK, of=LUIS), dislocated=True),
            "El libro de Luis lo compró Ana.",
            "Ana bought Luis's book.",
        ),
        (Clause(Verb("ver", "see"), ME, Tense.PRETERITE, object=ANA), "Vi a Ana.", "I saw Ana."),
        (
            Clause(
                Verb("ponerse", "put _ on"),
                THEY,
                Tense.PRETERITE,
                object=Phrase(COAT, Det.OWN, possessor=THEY.agreement),
            ),
            "Se pusieron el abrigo.",
            "They put on their coats.",
        ),
    ],
)
def test_objects_and_clitic_pronouns(clause: Clause, es: str, en: str) -> None:
    assert both(clause) == (es, en)


@pytest.mark.parametrize(
    ("clause", "es", "en"),
    [
        (
            Clause(LIKE, ANA, object=Phrase(COFFEE, Det.GENERIC)),
            "A Ana le gusta el café.",
            "Ana likes coffee.",
        ),
        (
            Clause(LIKE, ME, object=Phrase(BOOK, Det.THIS, plural=True), polarity=Polarity.NO),
            "No me gustan estos libros.",
            "I don't like these books.",
        ),
        (
            Clause(
                Verb("doler", "hurt", state=True, inverted=True),
                ANA,
                object=Phrase(HEAD, Det.OWN, possessor=ANA.agreement),
            ),
            "A Ana le duele la cabeza.",
            "Ana's head hurts.",
        ),
        (
            Clause(Verb("tener hambre", "be hungry", state=True), WE, Tense.IMPERFECT),
            "Teníamos hambre.",
            "We were hungry.",
        ),
        (Clause(Verb("hacer frío", "be cold", state=True), None), "Hace frío.", "It is cold."),
        (
            Clause(HAY, None, object=Phrase(BOOK, Det.COUNT, True, 3)),
            "Hay tres libros.",
            "There are three books.",
        ),
        (
            Clause(
                HAY,
                None,
                object=Phrase(BOOK, Det.NOT_ONE),
                polarity=Polarity.NO,
            ),
            "No hay ningún libro.",
            "There aren't any books.",
        ),
        (
            Clause(SER, Phrase(PEOPLE), complements=(Quality(Adjective("amable", "kind")),)),
            "La gente es amable.",
            "People are kind.",
        ),
        (
            Clause(
                SER, Phrase(HOMEWORK), complements=(Quality(Adjective("difícil", "difficult")),)
            ),
            "Los deberes son difíciles.",
            "The homework is difficult.",
        ),
        (
            Clause(ESTAR, Phrase(WATER), complements=(Quality(Adjective("frío", "cold")),)),
            "El agua está fría.",
            "The water is cold.",
        ),
        (
            Clause(SER, ANA, complements=(Identity(Phrase(DOCTOR, Det.A, adjectives=(GREAT,))),)),
            "Ana es una gran médica.",
            "Ana is a great doctor.",
        ),
        (
            Clause(SER, ANA, complements=(Quality(BIG, Degree.MORE, LUIS),)),
            "Ana es más grande que Luis.",
            "Ana is bigger than Luis.",
        ),
        (
            Clause(
                Verb("construir", "build"),
                Phrase(HOUSE),
                Tense.PRETERITE,
                voice=Voice.PASSIVE,
                complements=(Prep("por", "by", replace(HER, spoken=True)),),
            ),
            "La casa fue construida por ella.",
            "The house was built by her.",
        ),
        (
            Clause(
                Verb("vender", "sell", state=True),
                Phrase(HOUSE, Det.NONE, True),
                voice=Voice.REFLEXIVE,
                front=Text("aquí", "here"),
            ),
            "Aquí se venden casas.",
            "Houses are sold here.",
        ),
        (
            Clause(
                Verb("esperar", "wait"),
                ME,
                Tense.FOR_HOURS,
                span=Text("dos horas", "for two hours"),
            ),
            "Llevo dos horas esperando.",
            "I have been waiting for two hours.",
        ),
    ],
)
def test_where_the_languages_differ(clause: Clause, es: str, en: str) -> None:
    assert both(clause) == (es, en)


@pytest.mark.parametrize(
    ("clause", "es", "en"),
    [
        (
            replace(BUYING, tense=Tense.PRETERITE),
            "¿Compró Ana una casa roja?",
            "Did Ana buy a red house?",
        ),
        (
            replace(BUYING, tense=Tense.PERFECT),
            "¿Ha comprado Ana una casa roja?",
            "Has Ana bought a red house?",
        ),
        (
            replace(BUYING, modals=(WANT,)),
            "¿Quiere Ana comprar una casa roja?",
            "Does Ana want to buy a red house?",
        ),
        (Clause(ESTAR, ANA, complements=(Quality(TIRED),)), "¿Está cansada Ana?", "Is Ana tired?"),
        (
            Clause(BUY, USTED, Tense.FUTURE, asks=Asked("qué", "what", "object")),
            "¿Qué comprará usted?",
            "What will you buy?",
        ),
        (
            Clause(
                Verb("hablar", "talk"),
                YOU,
                Tense.PRETERITE,
                asks=Asked("con quién", "who", stranded="to"),
            ),
            "¿Con quién hablaste?",
            "Who did you talk to?",
        ),
        (
            Clause(
                BUY,
                YOU,
                Tense.PRETERITE,
                asks=Asked("", "", "object", phrase=Phrase(BOOK, Det.HOW_MANY, True)),
            ),
            "¿Cuántos libros compraste?",
            "How many books did you buy?",
        ),
        (
            Clause(BUY, YOU, polarity=Polarity.NO, asks=Asked("por qué", "why")),
            "¿Por qué no compras?",
            "Why don't you buy?",
        ),
    ],
)
def test_questions(clause: Clause, es: str, en: str) -> None:
    assert both(replace(clause, question=True), "?") == (es, en)


def test_modal_verbs() -> None:
    buying = Clause(BUY, ANA, object=IT, modals=(CAN,), attached=True)
    assert both(buying) == ("Ana puede comprarlo.", "Ana can buy it.")
    past = replace(buying, tense=Tense.PRETERITE)
    assert both(past) == ("Ana pudo comprarlo.", "Ana was able to buy it.")
    denied = replace(past, polarity=Polarity.NO, attached=False)
    assert both(denied) == ("Ana no lo pudo comprar.", "Ana couldn't buy it.")
    future = replace(buying, tense=Tense.FUTURE)
    assert both(future) == ("Ana podrá comprarlo.", "Ana will be able to buy it.")
    should = replace(buying, modals=(MUST,), tense=Tense.CONDITIONAL)
    assert both(should) == ("Ana debería comprarlo.", "Ana should buy it.")
    again = replace(buying, modals=(Modal("volver a", "", again="again"),), tense=Tense.PRETERITE)
    assert both(again) == ("Ana volvió a comprarlo.", "Ana bought it again.")


def test_clauses_inside_clauses() -> None:
    tired = Clause(ESTAR, HER, Tense.IMPERFECT, complements=(Quality(TIRED),))
    leave = Clause(Verb("irse", "leave"), ANA, Tense.PRETERITE)
    assert both(replace(leave, complements=(Linked("porque", "because", tired),))) == (
        "Ana se fue porque estaba cansada.",
        "Ana left because she was tired.",
    )
    assert both(replace(leave, front=Linked("aunque", "although", tired))) == (
        "Aunque estaba cansada, Ana se fue.",
        "Although she was tired, Ana left.",
    )
    wish = Clause(Verb("querer", "want", state=True), ME)
    buying = replace(BUYING, tense=Tense.WISH)
    assert both(replace(wish, complements=(Linked("que", "", buying),))) == (
        "Quiero que Ana compre una casa roja.",
        "I want Ana to buy a red house.",
    )


def test_relative_clauses() -> None:
    bought = Clause(BUY, ANA, Tense.PRETERITE, late=True)
    house = Phrase(HOUSE, relative=Relative("que", "that", bought))
    assert both(Clause(SER, house, complements=(Quality(RED),))) == (
        "La casa que compró Ana es roja.",
        "The house that Ana bought is red.",
    )
    talked = Clause(Verb("hablar", "talk"), ME, Tense.PRETERITE)
    doctor = Phrase(DOCTOR, relative=Relative("con quien", "", talked, "to"))
    assert both(Clause(ESTAR, doctor, complements=(Quality(TIRED),))) == (
        "La médica con quien hablé está cansada.",
        "The doctor I talked to is tired.",
    )


def test_nobody_and_nothing() -> None:
    nobody = Indefinite("nadie", "nobody", human=True)
    assert both(replace(BUYING, subject=nobody)) == (
        "Nadie compra una casa roja.",
        "Nobody buys a red house.",
    )
    nothing = Indefinite("nada", "anything", human=False)
    assert both(replace(BUYING, object=nothing, polarity=Polarity.NO)) == (
        "Ana no compra nada.",
        "Ana doesn't buy anything.",
    )
