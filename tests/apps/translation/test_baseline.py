"""Word-by-word substitution: what it learns, and how it writes."""

import random

from apps.translation.baseline import word_by_word

TRAIN = [
    ("La casa es roja.", "The house is red."),
    ("La casa es grande.", "The house is big."),
    ("El coche es rojo.", "The car is red."),
    ("El coche es grande.", "The car is big."),
    ("La mesa es roja.", "The table is red."),
    ("Tom tiene la casa.", "Tom has the house."),
    ("Tom tiene una mesa.", "Tom has a table."),
    ("Tom tiene un coche.", "Tom has a car."),
    ("Hoy es una casa.", "Today it is a house."),
    ("Es un coche.", "It is a car."),
    ("Una mesa es grande.", "A table is big."),
    ("¿Tom es grande?", "Is Tom big?"),
    ("¿Es roja la mesa?", "Is the table red?"),
]


def test_each_word_becomes_its_translation_in_the_order_of_the_source() -> None:
    found = word_by_word(TRAIN, ["La casa roja es grande."])
    assert found == ["The house red is big."]


def test_capitals_are_those_of_sentences_and_names() -> None:
    assert word_by_word(TRAIN, ["¿Tiene Tom una mesa?"]) == ["Has Tom a table?"]
    assert word_by_word(TRAIN, ["Hoy la casa es grande."])[0].endswith(" the house is big.")


def test_marks_are_kept_and_opening_marks_are_not() -> None:
    found = word_by_word(TRAIN, ["¡La casa, la mesa!", "Es Tom. ¿Es la casa?"])
    assert found == ["The house, the table!", "Is Tom. Is the house?"]


def test_unknown_words_stay() -> None:
    assert word_by_word(TRAIN, ["Tom tiene un dromedario."]) == ["Tom has a dromedario."]


def test_a_word_that_stands_for_nothing_is_left_out() -> None:
    doers = {"Ella": "She", "Tom": "Tom", "Él": "He"}
    deeds = {"llama": "calls", "ayuda": "helps", "ve": "sees"}
    train = [
        (f"{doer} {deed} a {name}.", f"{doers[doer]} {deeds[deed]} {name}.")
        for doer in doers
        for deed in deeds
        for name in ("Ana", "Luis", "Eva")
    ]
    assert word_by_word(train, ["Ella ayuda a Eva."]) == ["She helps Eva."]


def test_the_order_of_training_does_not_matter() -> None:
    shuffled = TRAIN[:]
    random.Random(3).shuffle(shuffled)
    sources = [source for source, _ in TRAIN]
    assert word_by_word(shuffled, sources) == word_by_word(TRAIN, sources)


def test_nothing_to_learn_and_nothing_to_translate() -> None:
    assert word_by_word([], ["Hola, Tom."]) == ["Hola, Tom."]
    assert word_by_word(TRAIN, []) == []
    assert word_by_word(TRAIN, ["", "¿?"]) == ["", "?"]
