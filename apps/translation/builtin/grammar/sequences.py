"""Several things that somebody does one after the other, or in order to do another."""

from dataclasses import replace
from random import Random

from ..lexicon import times
from ..lexicon.actions import Action, action, table
from ..lexicon.notation import blocks
from ..meaning import Clause, Gap, Linked, Sentence, Tense, Text
from .clauses import act, with_time
from .frames import extended, stated
from .people import anybody

# Two days, each step before the next.
_MORNING = table("""
levantarse = get up | - | | temprano, muy temprano, tarde
abrir = open | the pane
ducharse = have a shower
vestirse = get dressed | - | | deprisa
preparar = prepare | the breakfast
desayunar = have breakfast | - | table
leer = read | the paper
lavarse = brush | own teeth
ponerse = put _ on | own winter
salir de casa = leave home
coger = take | the train
llegar al trabajo = arrive at work | - | | tarde, a tiempo
hablar = talk | con/to the boss
""")
_EVENING = table("""
comprar = buy | bare food; new fruit,vegetable | shop
volver = go back | - | home_to!
abrir = open | the entrance
encender = turn _ on | the lamp; the radio; the heating
quitarse = take _ off | own winter
sentarse = sit down | - | seat!
descansar = rest | - | | un rato
preparar = prepare | the dinner
cenar = have dinner | - | table
lavar = wash | all dish
ver = watch | a film; the set
escribir = write | a letter
apagar = turn _ off | the lamp; the tv
acostarse = go to bed | - | | tarde, temprano
dormirse = fall asleep
""")
_DAYS = (_MORNING, _EVENING)
_TENSES = (
    Tense.PRETERITE,
    Tense.PRETERITE,
    Tense.PRETERITE,
    Tense.PERFECT,
    Tense.FUTURE,
    Tense.PRESENT,
)
_ELLIPTIC = (Tense.FUTURE, Tense.PERFECT)  # English says their auxiliary once
_TODAY = (Text("hoy", "today"), Text("esta mañana", "this morning"))
_ORDER = (("después de", "after"), ("antes de", "before"))


def _steps(rng: Random, count: int, first: int = 0) -> list[Action]:
    """Some steps of one day in their order, none before the `first`."""
    day = rng.choice(_DAYS)[first:]
    return [day[at] for at in sorted(rng.sample(range(len(day)), count))]


def _listed(conjunction: str, count: int) -> str:
    """'{0}, {1} y {2}'."""
    slots = [f"{{{at}}}" for at in range(count)]
    return f"{', '.join(slots[:-1])} {conjunction} {slots[-1]}"


def one_after_the_other(rng: Random) -> Sentence:
    """María volvió a casa, preparó la cena y vio una película."""
    count = rng.choice((2, 2, 3))
    subject, tense = anybody(rng), rng.choice(_TENSES)
    done = [act(rng, step, subject, tense, 0.25) for step in _steps(rng, count)]
    same = Gap(subject.agreement)
    done[1:] = [replace(step, subject=same, elliptic=tense in _ELLIPTIC) for step in done[1:]]
    es, en = f"{_listed('y', count)}.", f"{_listed('and', count)}."
    date = rng.choice(_TODAY) if tense is Tense.PERFECT else times.when(rng, tense)
    if date is not None and rng.random() < 0.5:
        es, en = f"{date.es} {es}", f"{date.en}, {en}"
    return Sentence("one after the other", es, en, tuple(done))


def _linked(rng: Random, clause: Clause, part: Linked) -> Clause:
    """`clause` with `part` before or after it."""
    return replace(clause, front=part) if rng.random() < 0.5 else extended(clause, part)


def before_or_after(rng: Random) -> Sentence:
    """Después de cenar, Ana vio una película; me lavo los dientes antes de acostarme."""
    steps = _steps(rng, 2, first=1)
    subject, link = anybody(rng), rng.choice(_ORDER)
    first, second = steps if link[1] == "before" else steps[::-1]
    clause = act(rng, first, subject, rng.choice(_TENSES), 0.3)
    inner = act(rng, second, subject, Tense.VERBAL_NOUN, 0.15)
    return stated("before or after", _linked(rng, clause, Linked(*link, inner)))


ARRIVING = table("""
llegar a casa = arrive home
entrar en la cocina = go into the kitchen
abrir la puerta = open the door
salir de la oficina = leave the office
llegar al hotel = arrive at the hotel
salir del cine = leave the cinema
levantarse = get up
oír la noticia = hear the news
entrar en el dormitorio = go into the bedroom
""")
_THEN = table("""
encender = turn _ on | the lamp; the radio
ver = see | a bug; whom person
encontrar = find | a post; mine belonging
llamar = call | whom person
sonreír = smile
llorar = cry
quitarse = take _ off | own winter
sentarse = sit down | - | seat!
empezar a cantar = start singing
coger = take | a cab
""")


def on_doing(rng: Random) -> Sentence:
    """Al llegar a casa, Ana encendió la luz."""
    subject = anybody(rng)
    inner = act(rng, rng.choice(ARRIVING), subject, Tense.VERBAL_NOUN)
    clause = act(rng, rng.choice(_THEN), subject, Tense.PRETERITE, 0.3)
    return stated("on doing", replace(clause, front=Linked("al", "on", inner)))


# Leaving, or going to bed, and what is not done before it.
_LEAVING = table("""
salir de casa = leave home
irse = leave
salir = go out
irse al trabajo = go to work
""")
_UNDONE_ON_LEAVING = table("""
cerrar = close | the gate
desayunar = have breakfast
despedirse = say goodbye | de/to whom person
apagar = turn _ off | the lamp; the tv; the heating
coger = take | the umbrella
ponerse = put _ on | own winter
hablar = talk | con/to whom person
""")
_RETIRING = table("""
acostarse = go to bed
dormirse = fall asleep
""")
_UNDONE_ON_RETIRING = table("""
cenar = have dinner
apagar = turn _ off | the lamp; the tv; the heating
lavarse = brush | own teeth
cerrar = close | the gate
despedirse = say goodbye | de/to whom relative
""")
_WITHOUT = ((_LEAVING, _UNDONE_ON_LEAVING), (_RETIRING, _UNDONE_ON_RETIRING))
_WITHOUT_TENSES = (Tense.PRETERITE, Tense.PRETERITE, Tense.PERFECT, Tense.FUTURE)


def without(rng: Random) -> Sentence:
    """Se fue sin despedirse de su hermana."""
    subject = anybody(rng)
    done, undone = rng.choice(_WITHOUT)
    clause = act(rng, rng.choice(done), subject, rng.choice(_WITHOUT_TENSES))
    inner = act(rng, rng.choice(undone), subject, Tense.VERBAL_NOUN, 0)
    return stated("without", extended(clause, Linked("sin", "without", inner)))


# What is done, and for what.
_PURPOSES = """\
ir al mercado = go to the market
    > comprar = buy | bare food; new fruit,vegetable
    > vender = sell | mine instrument
ir a la biblioteca = go to the library
    > estudiar = study | bare subject,language
    > leer = read | a book
ir a la estación = go to the station
    > coger = take | the train
    > esperar = wait for | whom person
ir a la playa = go to the beach
    > nadar = swim
    > jugar = play | con/with whom child
    > descansar = rest
ir al parque = go to the park
    > jugar = play | a/_ gen sport
    > correr = run
    > pasear = go for a walk
ir a la cocina = go to the kitchen
    > preparar = prepare | the meal
    > lavar = wash | all dish
    > beber = drink | bare water
ir al centro = go to the city centre
    > comprar = buy | a gift,clothes,pair
    > ver = watch | a film
entrar en la cafetería = go into the café
    > beber = drink | glass hot
    > esperar = wait for | whom person
levantarse temprano = get up early
    > estudiar = study | bare subject,language
    > coger = take | the train
llamar a casa = call home
    > dar las gracias = say thank you
    > hablar = talk | con/to whom relative
viajar a Londres = travel to London
    > aprender = learn | bare english
    > visitar = visit | whom relative
viajar a París = travel to Paris
    > aprender = learn | bare french
    > visitar = visit | the attraction
viajar a Alemania = travel to Germany
    > trabajar = work | - | work
    > estudiar = study | bare subject
trabajar mucho = work a lot
    > comprar = buy | a vehicle,home
    > ganar = earn | bare money
estudiar mucho = study a lot
    > aprobar el examen = pass the exam
    > ser médico = become a doctor
ahorrar dinero = save money
    > comprar = buy | a vehicle,instrument
    > viajar = travel | - | travel!
abrir la ventana = open the window
    > ver = see | the sky
    > escuchar = listen to | the bird
usar el ordenador = use the computer
    > escribir = write | a letter
    > ver = watch | a film
apagar la luz = turn off the light
    > dormir = sleep
    > descansar = rest
correr todos los días = run every day
    > ganar = win | the match
coger un taxi = take a taxi
    > llegar a tiempo = arrive on time
    > ir al aeropuerto = go to the airport
"""


_DONE_FOR = tuple(
    (action(done), tuple(action(aim[2:]) for aim in aims)) for done, aims in blocks(_PURPOSES)
)
_PURPOSE_TENSES = (*_TENSES, Tense.GOING_TO, Tense.IMPERFECT)


def purpose(rng: Random) -> Sentence:
    """Mi madre fue al mercado para comprar pan."""
    done, aims = rng.choice(_DONE_FOR)
    subject, tense = anybody(rng), rng.choice(_PURPOSE_TENSES)
    clause = act(rng, done, subject, tense)
    if tense is not Tense.IMPERFECT and "todos" not in done.verb.es and rng.random() < 0.4:
        clause = with_time(rng, clause, done, 1)
    inner = act(rng, rng.choice(aims), subject, Tense.INFINITIVE, 0.2)
    return stated("purpose", extended(clause, Linked("para", "", inner)))
