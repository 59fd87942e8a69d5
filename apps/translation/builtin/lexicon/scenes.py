"""Causes and what people do, or do not do, because of them.

A scene begins with its causes, separated by ';': 'tener hambre = be hungry', with '+' before an
adjective that agrees ('estar +cansado = be tired'). Before a colon stands of what it is said if
not of a person: 'it' (the weather), 'weather' ('the weather', in English alone), or a style and a
kind of thing. Below stands, as in `actions`, what people do because of it ('+') and do not ('-').
"""

from dataclasses import dataclass

from ..meaning import Adjective, Verb
from .actions import Action, action
from .notation import blocks

_SCENES = """\
tener hambre = be hungry; tener mucha hambre = be very hungry
    + comer = eat | a fruit,snack,homemade; bare food | table
    + preparar = prepare | a homemade; the meal
    + comprar = buy | new fruit; a homemade; bare food | shop
    + entrar = go | en/into the eatery
    + abrir = open | the fridge
    + cocinar = cook | bare cooked
    - acostarse = go to bed
    - irse = leave
tener sed = be thirsty; tener mucha sed = be very thirsty
    + beber = drink | glass cool; bare water | café
    + pedir = ask | glass cool | | | moment ask
    + comprar = buy | bare cool | shop
    + entrar = go | en/into the eatery
estar +cansado = be tired; tener sueño = be sleepy
    + acostarse = go to bed | - | | temprano, muy temprano | moment how
    + quedarse = stay | - | home!
    + descansar = rest | - | bed | un rato
    + volver = go back | - | home_to! | en taxi
    + dormirse = fall asleep | - | asleep!
    + sentarse = sit down | - | seat!
    - ir = go | - | go!
    - bailar = dance | - | dance | toda la noche
    - salir = go out
    - hacer = do | mine homework
    - jugar = play | a/_ gen sport | play
    - estudiar = study | bare subject,language
    - cocinar = cook
    - limpiar = clean | the room
estar +enfermo = be ill; tener fiebre = have a fever; tener dolor de cabeza = have a headache
    + quedarse = stay | - | sickbed!
    + llamar = call | the doctor
    + ir = go | - | clinic!
    + acostarse = go to bed | - | | temprano
    - ir = go | - | go!
    - venir = come | - | party!
    - trabajar = work | - | work
    - jugar = play | a/_ gen sport | play
    - nadar = swim | - | swim
    - viajar = travel | - | travel!
    - cenar = have dinner
it: hacer frío = be cold; it: hacer mucho frío = be very cold; tener frío = be cold;
    it: nevar = snow
    + ponerse = put _ on | own winter
    + cerrar = close | the pane
    + encender = turn _ on | the heating
    + quedarse = stay | - | home!
    + beber = drink | glass hot
    - nadar = swim | - | swim
    - salir = go out
    - abrir = open | the pane
    - ir = go | - | outdoors!
    - pasear = go for a walk | - | walk
it: hacer calor = be hot; it: hacer mucho calor = be very hot; tener calor = be hot
    + abrir = open | the pane
    + beber = drink | glass cool; bare water
    + quitarse = take _ off | own winter
    + ir = go | - | beach!
    + nadar = swim | - | swim
    + comer = eat | a ice
    - ponerse = put _ on | own winter
    - encender = turn _ on | the heating
    - correr = run | - | walk
    - trabajar = work | - | garden
it: llover = rain; it: llover mucho = rain a lot; weather: hacer mal tiempo = be bad
    + quedarse = stay | - | home!
    + coger = take | the umbrella; the cab
    + ver = watch | a film; the set | home
    + leer = read | a book | home
    + jugar = play | a/_ gen indoor | home
    - salir = go out
    - jugar = play | a/_ gen sport | outside
    - ir = go | - | outdoors!
    - pasear = go for a walk | - | walk
    - lavar = wash | the vehicle
    - comer = eat | - | terrace!
weather: hacer buen tiempo = be good; it: hacer sol = be sunny
    + ir = go | - | outdoors!
    + pasear = go for a walk | - | walk
    + comer = eat | - | terrace!
    + jugar = play | a/_ gen sport | outside
    + nadar = swim | - | swim
    + lavar = wash | the vehicle
    - quedarse = stay | - | home!
    - ver = watch | the set | home
    - estudiar = study | bare subject,language | home
no tener dinero = have any money; ser +pobre = be poor
    + vender = sell | mine vehicle,instrument
    + ir = go | - | go! | a pie | moment how
    + buscar = look for | bare job
    - comprar = buy | a clothes,vehicle,gift,furniture
    - viajar = travel | - | travel! | en avión
    - cenar = have dinner | - | dine
    - coger = take | a cab
    - pagar = pay for | the meal
ser +rico = be rich; tener mucho dinero = have a lot of money
    + comprar = buy | a clothes,vehicle,instrument,home
    + viajar = travel | - | travel! | en avión
    + cenar = have dinner | - | dine
    + ayudar = help | whom relative
    - trabajar = work | - | work | mucho | moment how
    - ir = go | - | go! | en autobús | moment how
tener prisa = be in a hurry
    + coger = take | a cab
    + correr = run | - | walk
    + irse = leave | - | | sin decir nada | moment how
    + vestirse = get dressed | - | | deprisa | moment how
    - desayunar = have breakfast
    - leer = read | the paper
    - hablar = talk | con/to whom person
    - saludar = greet | whom person
    - esperar = wait for | the transport
tener un examen = have an exam; tener un examen difícil = have a difficult exam
    + levantarse = get up | - | | temprano, muy temprano | moment how
    + acostarse = go to bed | - | | temprano | moment how
    + estudiar = study | - | study | toda la noche | moment how
    - salir = go out
    - ir = go | - | fun!
    - ver = watch | the set
    - beber = drink | bare alcohol
estar +ocupado = be busy; tener mucho trabajo = have a lot of work
    + acostarse = go to bed | - | | tarde, muy tarde | moment how
    + levantarse = get up | - | | temprano, muy temprano | moment how
    + quedarse = stay | - | desk!
    + trabajar = work | - | desk | toda la noche | moment how
    - ver = watch | the set
    - visitar = visit | whom relative
    - salir = go out
    - ayudar = help | whom person
    - llamar = call | whom person
    - ir = go | - | fun!
estar +contento = be happy
    + cantar = sing | - | | en voz alta
    + bailar = dance
    + sonreír = smile
    + abrazar = hug | whom relative
    + llamar = call | whom person
estar +triste = be sad
    + llorar = cry | - | | toda la noche, en silencio
    + llamar = call | whom relative
    + quedarse = stay | - | sickbed!
    - sonreír = smile
    - ir = go | - | fun!
    - bailar = dance | - | dance
    - cantar = sing
estar +enfadado = be angry
    + irse = leave | - | | sin decir nada | moment how
    + cerrar = close | the gate
    + gritar = shout
    - hablar = talk | con/to whom person
    - saludar = greet | whom person
    - llamar = call | whom person
    - sonreír = smile
    - despedirse = say goodbye | de/to whom person
    - invitar = invite | whom person | host!
tener miedo = be afraid
    + llorar = cry
    + cerrar = close | the gate
    + encender = turn _ on | the lamp
    + llamar = call | the rescue
    + esconderse = hide | - | hideout!
    - entrar = go | en/into the scary
    - salir = go out
    - abrir = open | the gate
    - dormir = sleep
mine car: estar +roto = be broken
    + ir = go | - | go! | a pie, en autobús | moment how
    + coger = take | a cab
    + llegar = arrive | - | arrive! | tarde | moment how
    + quedarse = stay | - | home!
    - ir = go | - | fun!
    - venir = come | - | party!
    - llegar = arrive | - | arrive! | a tiempo | moment how
the grocer: estar +cerrado = be closed; the grocer: estar +lleno = be full
    + volver = go back | - | home_to!
    + esperar = wait | - | queue!
    - comprar = buy | bare food
    - entrar = go in
the attraction: estar +cerrado = be closed; the attraction: estar +lleno = be full
    + volver = go back | - | home_to!
    + esperar = wait | - | queue!
    + ir = go | - | park!
    - entrar = go in
"""
_FALLING = ("llover", "nevar")  # these go on; other causes simply are


@dataclass(frozen=True, slots=True)
class Cause:
    """A state of things, and of what it is said: '' of a person, 'it', 'weather', 'the car'."""

    verb: Verb
    of: str
    quality: Adjective | None
    denied: bool = False  # 'no tener dinero'


@dataclass(frozen=True, slots=True)
class Scene:
    """Causes, with what is done and what is not done because of them."""

    causes: tuple[Cause, ...]
    done: tuple[Action, ...]
    not_done: tuple[Action, ...]


def quality_of(es: str, en: str) -> tuple[Verb, Adjective | None]:
    """'estar +cansado', 'be tired' as verb and adjective; without '+' the verb alone."""
    state = not es.startswith(_FALLING)
    if "+" not in es:
        return Verb(es, en, state=state), None
    verb, adjective = es.split(" +")
    verb_en, adjective_en = en.split(" ", 1)
    return Verb(verb, verb_en, state=state), Adjective(adjective, adjective_en)


def _cause(entry: str) -> Cause:
    of, _, predicate = entry.rpartition(": ")
    es, en = predicate.split(" = ")
    verb, quality = quality_of(es.removeprefix("no "), en)
    return Cause(verb, of, quality, denied=es.startswith("no "))


def _scene(causes: str, lines: list[str]) -> Scene:
    marked = [(line[0], action(line[2:])) for line in lines]
    return Scene(
        causes=tuple(_cause(entry) for entry in causes.split("; ")),
        done=tuple(act for mark, act in marked if mark == "+"),
        not_done=tuple(act for mark, act in marked if mark == "-"),
    )


SCENES = tuple(_scene(causes, lines) for causes, lines in blocks(_SCENES))
