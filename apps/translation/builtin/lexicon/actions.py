"""What people and animals do: verbs of both languages with what goes with them.

A line is: Spanish = English | objects | places | manners | rhythm and flags.

Objects are alternatives separated by ';': '-' for none, or prepositions if there are any, a style
and kinds of nouns: 'con/to whom person'. The styles are those of `grammar.things`. A kind of places
with '!' must be there. The rhythm is

    daily    can be a habit, can be under way         routine  can be a habit, is over at once
    task     is done once, can be under way           moment   is done once, is over at once
    state    lasts, and has no progressive

Flags: 'with' goes with company, 'clock' with a time of day; 'shift', 'shift-for', 'to', 'ask' say
how English puts the recipient; 'young' is what children and students do; an 'accident' is nobody's
plan; with 'how' a manner must be there; 'dog' and 'farm' say of which animals.
"""

from dataclasses import dataclass

from ..meaning import Text, Verb
from .notation import entries, texts

_HUMAN = """
comer = eat | a fruit,snack,homemade; bare food; - | table | mucho, demasiado, despacio | daily with
beber = drink | bare drink; glass drink | café | despacio | daily with
desayunar = have breakfast | - | table | | daily with clock
cenar = have dinner | - | table | tarde, temprano | daily with clock
preparar = prepare | the meal; new homemade | stove | deprisa, con cuidado | daily
cocinar = cook | bare cooked; - | stove | bien, mal | daily with
probar = try | the food; a homemade; one homemade | table | | task
cortar = cut | known fruit,vegetable; the sliced | stove | con cuidado, con un cuchillo | task
leer = read | a book; known book,letter | armchair | en silencio, en voz alta, despacio | daily
escribir = write | a letter | armchair | a mano, deprisa | task
escribir = write | a letter | | | task shift
estudiar = study | bare subject,language; - | study | mucho, toda la noche | daily with
aprender = learn | bare language,subject | study | deprisa | daily with
enseñar = teach | bare subject,language | teach | | daily
hablar = speak | bare language | | bien, mal, muy bien, despacio | daily
hablar = talk | con/to whom anyone | street | mucho, en voz baja, en voz alta | daily
hablar = talk | de/about known film,book,trip,test | table | mucho, en voz baja | daily with
hacer = do | mine homework | study | deprisa, bien | daily young
hacer = make | a homemade | stove | con cuidado | task
jugar = play | a/_ gen sport | play | bien, toda la tarde | daily with
jugar = play | con/with known pet | play | | daily
tocar = play | the instrument | stage | bien, mal, muy bien | daily
escuchar = listen to | the radio; bare music; known song | armchair | en silencio | daily with
cantar = sing | a tune; known tune; - | stage | bien, mal, en voz alta | daily with
bailar = dance | - | dance | bien, mal, toda la noche, sin parar | daily with
trabajar = work | - | work | mucho, demasiado, todo el día | daily with
descansar = rest | - | bed | un rato, toda la tarde | daily
dormir = sleep | - | bed | bien, mal, mucho, todo el día | daily
correr = run | - | walk | mucho, rápido, sin parar | daily with
nadar = swim | - | swim | bien, rápido, un rato | daily with
caminar = walk | - | walk | despacio, sin parar, en silencio | daily with
pasear = go for a walk | - | walk | | daily with
viajar = travel | - | travel! | en tren, en coche, en avión | daily with
esperar = wait for | the transport; whom person | wait | | daily with
ver = watch | a film; known film | film | en silencio | daily with
ver = watch | a play; known play | theatre | en silencio | daily with
ver = watch | the set | bed | | daily with
mirar = look at | known picture; the sky; known nature,flower | | en silencio | task
ver = see | new pet,farm; a wild; whom anyone | street | | moment
oír = hear | a tune; the noise; whom person | street | | moment accident
conocer = meet | whom stranger | meet | | moment
encontrar = find | mine belonging,bag; a belonging,bag; bare money | lost | | moment accident
perder = lose | mine belonging,bag | lost | | moment accident
buscar = look for | mine belonging,bag,pair; whom person | | por todas partes | daily
comprar = buy | new fruit,vegetable; bare food,spice; new food,drink | shop | | daily with
comprar = buy | a furniture,vehicle,instrument,reference; new pair,clothes,book | mall | | task
comprar = buy | a gift; new flower | mall | | task shift-for
vender = sell | mine vehicle,instrument,furniture | | | task
vender = sell | many fruit,flower,vegetable; bare food | stand | | daily
pagar = pay for | the meal; known clothes,gift | | con tarjeta, en efectivo | moment
llevar = wear | a clothes,pair | | | daily
ponerse = put _ on | own clothes,pair | | | moment
quitarse = take _ off | own clothes,pair | | | moment
lavarse = wash | own washed | | con agua fría, con jabón | routine
lavarse = brush | own teeth | | | routine
levantarse = get up | - | | tarde, temprano, muy temprano | routine clock
acostarse = go to bed | - | | tarde, temprano, muy tarde | routine clock
despertarse = wake up | - | | tarde, temprano, muy temprano | routine clock
ducharse = have a shower | - | | con agua fría, antes de desayunar | routine
vestirse = get dressed | - | | deprisa, despacio | routine
sentarse = sit down | - | seat! | | moment
quedarse = stay | - | stay! | | moment with
irse = leave | - | | temprano, tarde, en silencio, sin decir nada | moment clock
casarse = get married | - | city | | moment
caerse = fall | - | fall! | | moment accident
reírse = laugh | - | | mucho, sin parar, en voz alta | daily
llorar = cry | - | | mucho, toda la noche, en silencio | daily
ir = go | - | go! | a pie, en autobús, en coche, en bicicleta | routine with
venir = come | - | party! | en tren, en coche, a pie | moment with
llegar = arrive | - | arrive! | tarde, temprano, a tiempo | routine clock
volver = go back | - | return! | tarde, a pie, en taxi | routine clock
salir = go out | - | | temprano, con prisa | routine with clock
entrar = go | en/into one room,inside | | en silencio, despacio | moment
salir = leave | de/_ one inside | | en silencio, deprisa, tarde | moment
subir = climb | a/_ one height | | despacio, deprisa | task
abrir = open | known opening; mine post | | con cuidado, despacio | moment
cerrar = close | known opening | | con cuidado, despacio, en silencio | moment
encender = turn _ on | one switch | | | moment
apagar = turn _ off | one switch | | | moment
limpiar = clean | the room; known furniture,opening | | con cuidado, con agua caliente | daily
lavar = wash | all dish; known clothes,vehicle | | con agua fría, a mano | daily
ordenar = tidy | the room; mine room | | deprisa, con cuidado | task
romper = break | known dish,instrument; the opening | | sin querer | moment accident
arreglar = fix | known vehicle,appliance | garage | deprisa, bien | task
usar = use | known appliance,dish,pen | | con cuidado | daily
conducir = drive | one driven | | bien, mal, rápido, despacio | daily
llevar = take | whom relative,child; mine belonging | go! | en coche | task
ayudar = help | whom anyone; whom relative | | mucho | daily
llamar = call | whom person | | otra vez | moment
visitar = visit | whom relative; one sight | | otra vez | moment with
invitar = invite | whom person | host! | | moment
cuidar = look after | whom child; mine pet | | bien, con paciencia | daily
abrazar = hug | whom relative | | sin decir nada | moment
saludar = greet | whom person | street | | moment
dibujar = draw | a pet,wild,tree; new flower,pet; known building | | bien, con lápiz | daily
pintar = paint | known opening,room,painted | | despacio, con cuidado | task
plantar = plant | new flower; a tree | garden | con cuidado | task
regar = water | all flower,tree | garden | | daily
recoger = pick _ up | mine belonging,bag; whom child | | | moment
construir = build | a raised | site | | task
elegir = choose | a clothes,gift,book,film | | con cuidado | moment
ganar = win | the prize; known match | | | moment
terminar = finish | mine homework | | a tiempo | moment young
terminar = finish | known letter,picture | | a tiempo | moment
empezar = start | a book | | | moment
esconder = hide | known post,gift; mine money | hiding! | | moment
poner = put | known pen,book,bag | put! | con cuidado | moment
dar = give | a gift,flower,snack,pen; known gift,book | | | moment shift
regalar = give | a gift; new flower | | | moment shift
prestar = lend | mine vehicle,book,bag,belonging; bare money | | | moment shift
enviar = send | a letter,gift; many flower | | por correo | moment shift
mostrar = show | known picture,post,gift; mine picture | | | moment shift
traer = bring | a homemade,gift; new flower; glass drink | | | moment shift
devolver = give _ back | known book,vehicle,belonging,money | | | moment to
contar = tell | a story; the truth; known story | | en voz baja | moment shift
explicar = explain | known schoolwork,idea | | otra vez, con paciencia | task to
pedir = ask | a snack,homemade; bare money,advice; glass drink | | | moment ask
soñar = dream | con/of known nature; con/about whom person | | | routine
pensar = think | en/about known idea,trip,test; en/about whom person | | mucho | daily
enamorarse = fall in love | de/with whom sweetheart | meet | | moment accident
despedirse = say goodbye | de/to whom person | wait | | moment
perder = miss | the transport | | otra vez | moment accident
coger = take | the transport; a cab | | | moment
servir = serve | the meal; bare drink | table | | task
dormirse = fall asleep | - | asleep! | | moment accident
"""

_STATES = """
entender = understand | known schoolwork,idea; bare language | | bien, perfectamente | state
recordar = remember | known song,trip; whom person | | bien, perfectamente | state
conocer = know | whom stranger; known square | | bien, muy bien | state
saber = know | the truth; the answer | | | state
querer = want | a snack,homemade,clothes,pet,gift,instrument; glass drink | | | state
querer = love | whom relative | | mucho | state
odiar = hate | gen vegetable,food,bug,test | | | state
preferir = prefer | gen fruit,food,drink,sport | | | state
necesitar = need | a pair,belonging,appliance,pen; bare money,advice | | | state
tener = have | a vehicle,instrument,clothes; new pet | | | state
vivir = live | - | live! | | state with
guardar = keep | mine money,picture,belonging | hiding! | | state
tener miedo = be afraid | de/of gen wild,bug; a/of the dark | | | state
parecerse = look | a/like whom relative | | mucho | state
acordarse = remember | de/_ known trip,song; de/_ whom person | | muy bien | state
"""

_ANIMAL = """
dormir = sleep | - | floor! | todo el día, mucho | daily
comer = eat | bare food | floor | | daily
beber = drink | bare water | floor | | daily
esconderse = hide | - | floor! | | moment
dormir = sleep | - | meadow! | todo el día, mucho | daily farm
comer = eat | bare grass | meadow | | daily farm
beber = drink | bare water | meadow | | daily farm
correr = run | - | meadow! | | daily farm
correr = run | - | walk! | sin parar | daily dog
jugar = play | con/with a ball; con/with whom child | garden | | daily dog
seguir = follow | whom person; one driven | street | | daily dog
"""

_DATIVES = ("shift", "shift-for", "to", "ask")
MANNERS = {
    manner.es: manner
    for manner in texts("""
    mucho=a lot, demasiado=too much, despacio=slowly, deprisa=quickly, con cuidado=carefully,
    bien=well, mal=badly, muy bien=very well, en silencio=in silence, en voz alta=out loud,
    en voz baja=in a low voice, a mano=by hand, toda la noche=all night,
    toda la tarde=all afternoon, todo el día=all day, un rato=for a while, sin parar=non-stop,
    rápido=fast, tarde=late, muy tarde=very late, temprano=early, muy temprano=very early,
    a tiempo=on time, en tren=by train, en coche=by car, en avión=by plane, en autobús=by bus,
    en bicicleta=by bike, a pie=on foot, en taxi=by taxi, por correo=by post, otra vez=again,
    con paciencia=patiently, con prisa=in a hurry, por todas partes=everywhere,
    con tarjeta=by card, en efectivo=in cash, con lápiz=in pencil, con un cuchillo=with a knife,
    con agua fría=with cold water, con agua caliente=with hot water, con jabón=with soap,
    sin querer=by accident, perfectamente=perfectly, sin decir nada=without saying anything,
    antes de desayunar=before breakfast
    """)
}


@dataclass(frozen=True, slots=True)
class Goal:
    """An object: its prepositions if it has any, the style of its phrase, kinds of nouns."""

    style: str
    kinds: str
    es: str = ""
    en: str = ""

    @property
    def is_person(self) -> bool:
        """Whether it is somebody."""
        return self.style == "whom"


@dataclass(frozen=True, slots=True)
class Action:
    """A verb with what goes with it; a goal that is None is no object."""

    verb: Verb
    goals: tuple[Goal | None, ...]
    places: str
    place_needed: bool
    manners: tuple[Text, ...]
    rhythm: str
    flags: frozenset[str]

    @property
    def under_way(self) -> bool:
        """Whether it can have a progressive."""
        return self.rhythm in ("daily", "task")

    @property
    def habitual(self) -> bool:
        """Whether people do it again and again."""
        return self.rhythm in ("daily", "routine")


def _goal(entry: str) -> Goal | None:
    if entry == "-":
        return None
    *prepositions, style, kinds = entry.split()
    if not prepositions:
        return Goal(style, kinds)
    es, en = prepositions[0].split("/")
    return Goal(style, kinds, es, en.strip("_"))


def action(line: str) -> Action:
    """An action from its line in the tables above; fields at the end may be missing."""
    fields = [field.strip() for field in line.split("|")]
    verb, goals, places, manners, flags = fields + ["-", "", "", "moment"][len(fields) - 1 :]
    es, en = verb.split(" = ")
    rhythm, *rest = flags.split()
    dative = next((flag for flag in rest if flag in _DATIVES), "")
    return Action(
        verb=Verb(es, en, state=rhythm == "state", dative=dative),
        goals=tuple(_goal(entry.strip()) for entry in goals.split(";")),
        places=places.rstrip("!"),
        place_needed=places.endswith("!"),
        manners=tuple(MANNERS[manner] for manner in entries(manners)),
        rhythm=rhythm,
        flags=frozenset(rest),
    )


def table(lines: str) -> tuple[Action, ...]:
    """The actions of several lines."""
    return tuple(action(line) for line in lines.strip().splitlines())


ACTIONS = table(_HUMAN)
STATES = table(_STATES)
ANIMAL_ACTIONS = table(_ANIMAL)
