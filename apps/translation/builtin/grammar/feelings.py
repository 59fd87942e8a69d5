"""Statements in which Spanish and English differ most: gustar, doler, tener hambre, hace frío."""

from dataclasses import replace
from random import Random

from ..lexicon import times
from ..lexicon.notation import texts, verb
from ..lexicon.nouns import NOUNS
from ..meaning import (
    Clause,
    Det,
    Linked,
    Nominal,
    Phrase,
    Polarity,
    Pronoun,
    Sentence,
    Tense,
    Text,
    Verb,
)
from . import people
from .clauses import act, place
from .descriptions import NOW_OR_THEN, plainly_known
from .frames import denied_at_times, stated
from .modals import suited
from .people import anybody, named, pronoun
from .things import thing

_A_LOT = Text("mucho", "a lot")
_HAVING = tuple(
    verb(entry, state=True)
    for entry in (
        "tener hambre=be hungry, tener mucha hambre=be very hungry, tener sed=be thirsty, "
        "tener mucha sed=be very thirsty, tener frío=be cold, tener mucho frío=be very cold, "
        "tener calor=be hot, tener sueño=be sleepy, tener mucho sueño=be very sleepy, "
        "tener miedo=be afraid, tener mucho miedo=be very afraid, tener prisa=be in a hurry, "
        "tener mucha prisa=be in a great hurry, tener razón=be right, tener suerte=be lucky, "
        "tener mucha suerte=be very lucky, tener fiebre=have a fever, "
        "tener dolor de cabeza=have a headache, tener cuidado=be careful, estar de acuerdo=agree, "
        "estar de vacaciones=be on holiday, tener éxito=be successful"
    ).split(", ")
)
_TRAITS = ("suerte", "cuidado", "razón", "éxito")  # one has these always rather than still


def having(rng: Random) -> Sentence:
    """Los niños tienen mucha hambre; siempre tengo suerte."""
    clause = Clause(rng.choice(_HAVING), anybody(rng), rng.choice(NOW_OR_THEN))
    if rng.random() < 0.7:
        return stated("having", denied_at_times(rng, clause, 0.2))
    trait = clause.verb.es.endswith(_TRAITS)
    mid = times.OFTEN[0] if trait or rng.random() < 0.5 else times.STILL
    return stated("having", replace(clause, mid=mid, tense=Tense.PRESENT))


_WEATHER = (
    "hacer frío=be cold, hacer mucho frío=be very cold, hacer calor=be hot, "
    "hacer mucho calor=be very hot, hacer sol=be sunny, hacer viento=be windy, llover=rain, "
    "nevar=snow, estar nublado=be cloudy, llover mucho=rain a lot"
).split(", ")
_FALLING = ("llover", "nevar")
_WARM = texts(
    "en verano=in summer, en primavera=in spring, en agosto=in August, en julio=in July, "
    "en junio=in June, en mayo=in May"
)
_COLD = texts(
    "en invierno=in winter, en otoño=in autumn, en enero=in January, en diciembre=in December, "
    "en febrero=in February, en noviembre=in November"
)
_THAT_DAY = texts("aquel día=that day, aquella noche=that night")
_WEATHER_TENSES = (
    Tense.PRESENT,
    Tense.PRETERITE,
    Tense.FUTURE,
    Tense.GOING_TO,
    Tense.IMPERFECT,
    Tense.PERFECT,
)


def _season(rng: Random, weather: str) -> Text:
    """When there is such weather."""
    if "calor" in weather or "sol" in weather:
        return rng.choice(_WARM)
    if "frío" in weather or "nevar" in weather:
        return rng.choice(_COLD)
    return rng.choice(_WARM + _COLD)


def weather(rng: Random) -> Sentence:
    """Hoy hace mucho frío; ayer llovió en Sevilla; va a nevar mañana."""
    entry = rng.choice(_WEATHER)
    falling = entry.startswith(_FALLING)
    tense = rng.choice(_WEATHER_TENSES)
    when = times.when(rng, tense)
    while when is not None and when.es.startswith(("hace ", "dentro ")):
        when = times.when(rng, tense)
    if tense is Tense.PRESENT:
        today = not falling and rng.random() < 0.3
        when = Text("hoy", "today") if today else _season(rng, entry)
    elif tense is Tense.IMPERFECT:
        tense = Tense.PAST_PROGRESSIVE if falling else tense
        when = rng.choice(_THAT_DAY)
    where = (place(rng, "city"),) if rng.random() < 0.7 else ()
    clause = Clause(verb(entry, state=not falling), None, tense, complements=where, front=when)
    if when is times.MANY_TIMES:
        return stated("weather", clause)
    return stated("weather", denied_at_times(rng, clause, 0.15))


# Verbs of liking with what they are said of.
_LIKING = tuple(
    (verb(entry, state=True, inverted=True), kinds)
    for entry, kinds in (
        (
            "gustar=like",
            "fruit,vegetable,food,drink,sport,subject,pet,film,music,homemade,schoolwork,flower",
        ),
        (
            "gustar=like",
            "fruit,vegetable,food,drink,sport,subject,pet,film,music,homemade,wild,instrument",
        ),
        ("encantar=love", "fruit,food,drink,sport,subject,pet,film,music,homemade,flower"),
        ("interesar=be interested in", "subject,music,language"),
        ("dar miedo=be scared of", "wild,bug,test"),
    )
)
_LIKED = "clothes,picture,book,square,tune"


def _doing(rng: Random, subject: Nominal) -> Linked:
    """An activity as the object of liking: nadar, swimming."""
    clause = act(rng, rng.choice(suited("pleasure")), subject, Tense.VERBAL_NOUN, 0.4)
    return Linked("", "", clause)


def liking(rng: Random) -> Sentence:
    """A mi hermana le gustan los gatos; no me gusta nadar en el mar."""
    of, kinds = rng.choice(_LIKING)
    subject = anybody(rng)
    clause = Clause(of, subject, rng.choice((Tense.PRESENT, *NOW_OR_THEN)))
    pick = rng.random() if of.en in ("like", "love") else 1
    if pick < 0.4:
        clause = replace(clause, complements=(_doing(rng, subject),))
    elif pick < 0.55:
        clause = replace(clause, object=plainly_known(rng, _LIKED, 0.4))
    else:
        clause = replace(clause, object=thing(rng, "gen", kinds, people.ME))
        if of.en == "like" and rng.random() < 0.25:
            clause = replace(clause, complements=(_A_LOT,))
    return stated("liking", denied_at_times(rng, clause, 0 if of.en == "love" else 0.25))


def contrast(rng: Random) -> Sentence:
    """A mi madre le gusta el café, pero a mi padre no le gusta."""
    verb_, kinds = rng.choice(_LIKING)
    of = thing(rng, "gen", kinds, people.ME)
    polarities = (Polarity.YES, Polarity.NO)
    if rng.random() < 0.3 and verb_.en != "be scared of":
        polarities = polarities[::-1]
    one = Clause(verb_, named(rng), object=of, polarity=polarities[0])
    two = Clause(verb_, named(rng), object=Pronoun(of.agreement), polarity=polarities[1])
    return Sentence("contrast", "{0}, pero {1}.", "{0}, but {1}.", (one, two))


_HURT = Verb("doler", "hurt", state=True, inverted=True)
_SEVERAL = ("foot", "leg", "eye")


def hurting(rng: Random) -> Sentence:
    """A Ana le duele la cabeza."""
    owner: Nominal = pronoun(rng) if rng.random() < 0.5 else named(rng)
    noun = rng.choice(NOUNS["aching"])
    part = Phrase(noun, Det.OWN, plural=noun.en in _SEVERAL, possessor=owner.agreement)
    clause = Clause(_HURT, owner, rng.choice(NOW_OR_THEN), object=part)
    if rng.random() < 0.5:
        clause = replace(clause, complements=(_A_LOT,))
    return stated("hurting", denied_at_times(rng, clause, 0.18))
