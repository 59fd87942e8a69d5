"""When, how often and how long: expressions of time by the tense they go with."""

from random import Random

from ..english import words as english
from ..meaning import Tense, Text
from ..spanish import words as spanish
from .notation import sections, texts

WEEKDAYS = texts(
    "lunes=Monday, martes=Tuesday, miércoles=Wednesday, jueves=Thursday, viernes=Friday, "
    "sábado=Saturday, domingo=Sunday"
)
MONTHS = texts(
    "enero=January, febrero=February, marzo=March, abril=April, mayo=May, junio=June, julio=July, "
    "agosto=August, septiembre=September, octubre=October, noviembre=November, diciembre=December"
)

_TIMES = """\
past: ayer=yesterday, anoche=last night, la semana pasada=last week,
    anteayer=the day before yesterday, ayer por la tarde=yesterday afternoon,
    ayer por la mañana=yesterday morning, el fin de semana pasado=last weekend,
    el otro día=the other day
distant past: el año pasado=last year, el mes pasado=last month, el verano pasado=last summer,
    el invierno pasado=last winter, la semana pasada=last week
habit: todos los días=every day, todas las mañanas=every morning, todas las semanas=every week,
    los fines de semana=at weekends, por la mañana=in the morning, por la tarde=in the afternoon,
    todas las noches=every night, dos veces por semana=twice a week, una vez al mes=once a month,
    tres veces por semana=three times a week, en verano=in summer, en invierno=in winter
future: mañana=tomorrow, pasado mañana=the day after tomorrow, la semana que viene=next week,
    esta noche=tonight, mañana por la mañana=tomorrow morning, esta tarde=this afternoon,
    mañana por la tarde=tomorrow afternoon
distant future: el año que viene=next year, el mes que viene=next month,
    el próximo verano=next summer, el próximo invierno=next winter, la semana que viene=next week
perfect: hoy=today, esta mañana=this morning, esta semana=this week, este año=this year,
    muchas veces=many times, este mes=this month
now: ahora=now, en este momento=at the moment, ahora mismo=right now
past habit: todos los días=every day, todos los veranos=every summer,
    todas las noches=every night, en aquella época=in those days, todas las semanas=every week,
    por la mañana=in the morning, los fines de semana=at weekends
then: a medianoche=at midnight, a mediodía=at noon, ayer a esa hora=at that time yesterday,
    ayer por la tarde=yesterday afternoon, esta mañana=this morning
"""
_TABLE = {kind: texts(", ".join(listed)) for kind, listed in sections(_TIMES).items()}
_KINDS = {
    Tense.PRETERITE: "past",
    Tense.PRESENT: "habit",
    Tense.FUTURE: "future",
    Tense.GOING_TO: "future",
    Tense.PERFECT: "perfect",
    Tense.PROGRESSIVE: "now",
    Tense.IMPERFECT: "past habit",
    Tense.PAST_PROGRESSIVE: "then",
}
EVERY_DAY = _TABLE["habit"][0]
MANY_TIMES = _TABLE["perfect"][4]
# How a time begins or ends that can only be past.
_PAST_BEGINNINGS = ("ayer", "anoche", "anteayer", "hace ", "el otro día")
_PAST_ENDINGS = ("pasado", "pasada")

# The years that are named.
_YEARS = (
    "1750 1800 1850 1900 1930 1936 1945 1950 1960 1968 1975 1980 1985 1990 1992 1995 2000 2003 "
    "2005 2008 2010 2012 2015 2018 2020"
).split()

# Beside the verb.
OFTEN = texts(
    "siempre=always, normalmente=usually, casi siempre=almost always, a veces=sometimes, "
    "a menudo=often"
)
STILL, ALREADY, ALSO = texts("todavía=still, ya=already, también=also")

_FEMININE = ("hora", "semana")
# Periods, each with how many of it are counted at most.
_PERIODS = tuple(
    zip(
        texts("hora=hour, día=day, semana=week, mes=month, año=year"),
        (5, 6, 4, 10, 20),
        strict=True,
    )
)
HOURS, DAYS, WEEKS, YEARS = 0, 1, 2, 4


def is_date(of: Text) -> bool:
    """Whether it says when something was or will be."""
    relative = of.es.startswith(("hace ", "dentro de ", "el ", "a la"))
    return relative or any(of in listed for listed in _TABLE.values())


def year(rng: Random, first: int, last: int) -> str:
    """One of the years that are named, from `first` to `last` where there is one."""
    return rng.choice([year for year in _YEARS if first <= int(year) <= last] or _YEARS)


def is_past(text: str) -> bool:
    """Whether a Spanish time can only be past."""
    return text.startswith(_PAST_BEGINNINGS) or text.endswith(_PAST_ENDINGS)


def count(period: Text, number: int) -> Text:
    """`number` of a period: 'dos años', 'two years'; 'una hora', 'an hour'."""
    how_many = spanish.number(number, feminine=period.es in _FEMININE)
    if number == 1:
        return Text(f"{how_many} {period.es}", f"{english.article(period.en)} {period.en}")
    several = english.plural(period.en)
    return Text(f"{how_many} {spanish.plural(period.es)}", f"{english.number(number)} {several}")


def span(rng: Random, least: int = HOURS, most: int = YEARS) -> Text:
    """A span of time, in units from `least` to `most`."""
    period, limit = rng.choice(_PERIODS[least : most + 1])
    return count(period, rng.randint(2, limit) if rng.random() < 0.85 else 1)


def ago(rng: Random, long: bool = False) -> Text:
    """'hace dos días', 'two days ago'; a `long` time ago."""
    of = span(rng, WEEKS) if long else span(rng, HOURS, DAYS)
    return Text(f"hace {of.es}", f"{of.en} ago")


def _within(rng: Random, long: bool) -> Text:
    of = span(rng, WEEKS) if long else span(rng, HOURS, DAYS)
    return Text(f"dentro de {of.es}", f"in {of.en}")


def on_days(day: Text) -> Text:
    """'los lunes', 'on Mondays'."""
    return Text(f"los {spanish.plural(day.es)}", f"on {day.en}s")


def _weekday(rng: Random, kind: str) -> Text:
    day = rng.choice(WEEKDAYS)
    if kind == "habit":
        return on_days(day)
    if kind == "past":
        return Text(f"el {day.es} pasado", f"last {day.en}")
    return Text(f"el {day.es}", f"on {day.en}")


# After the hour in Spanish, before it in English.
_MINUTES = (
    ("", "{} o'clock"),
    (" y media", "half past {}"),
    (" y cuarto", "a quarter past {}"),
    (" menos cuarto", "a quarter to {}"),
    (" y diez", "ten past {}"),
    (" menos veinte", "twenty to {}"),
)


def clock(rng: Random, first: int = 1, last: int = 12) -> Text:
    """A time of day: 'a las tres y media', 'at half past three'; at times in digits."""
    hour = rng.randint(first, last)
    at = "a la" if hour == 1 else "a las"
    if rng.random() < 0.25:
        minute = rng.choice((10, 15, 20, 30, 40, 45, 50))
        return Text(f"{at} {hour}:{minute}", f"at {hour}:{minute}")
    es, en = rng.choice(_MINUTES)
    hour_es = spanish.number(hour, feminine=True)
    return Text(f"{at} {hour_es}{es}", f"at {en.format(english.number(hour))}")


def when(rng: Random, tense: Tense, long: bool = False) -> Text | None:
    """A time that goes with `tense`, if any does; a `long` one is a matter of months or years."""
    kind = _KINDS.get(tense)
    if kind is None:
        return None
    pick = rng.random()
    if long and kind in ("past", "future"):
        if pick < 0.4:
            return ago(rng, long=True) if kind == "past" else _within(rng, long=True)
        return rng.choice(_TABLE[f"distant {kind}"])
    if kind in ("past", "habit", "future") and pick < 0.2:
        return _weekday(rng, kind)
    if kind == "past" and pick < 0.4:
        return ago(rng)
    if kind == "future" and pick < 0.3:
        return _within(rng, long=False)
    return rng.choice(_TABLE[kind])
