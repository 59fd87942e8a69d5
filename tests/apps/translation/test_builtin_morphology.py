"""The morphology of the builtin translation corpus, against forms written by hand."""

import pytest

from apps.translation.builtin.english import verbs as english_verbs
from apps.translation.builtin.english import words as english_words
from apps.translation.builtin.spanish import verbs, words
from apps.translation.builtin.surface import tidy

# infinitive tense: yo tú él nosotros vosotros ellos
CONJUGATIONS = """
hablar present: hablo hablas habla hablamos habláis hablan
comer preterite: comí comiste comió comimos comisteis comieron
vivir imperfect: vivía vivías vivía vivíamos vivíais vivían
hablar imperfect: hablaba hablabas hablaba hablábamos hablabais hablaban
hablar future: hablaré hablarás hablará hablaremos hablaréis hablarán
comer conditional: comería comerías comería comeríamos comeríais comerían
hablar subjunctive: hable hables hable hablemos habléis hablen
vivir past_subjunctive: viviera vivieras viviera viviéramos vivierais vivieran
cerrar present: cierro cierras cierra cerramos cerráis cierran
volver present: vuelvo vuelves vuelve volvemos volvéis vuelven
pedir present: pido pides pide pedimos pedís piden
jugar present: juego juegas juega jugamos jugáis juegan
dormir preterite: dormí dormiste durmió dormimos dormisteis durmieron
dormir subjunctive: duerma duermas duerma durmamos durmáis duerman
sentir subjunctive: sienta sientas sienta sintamos sintáis sientan
pedir subjunctive: pida pidas pida pidamos pidáis pidan
perder subjunctive: pierda pierdas pierda perdamos perdáis pierdan
buscar preterite: busqué buscaste buscó buscamos buscasteis buscaron
llegar subjunctive: llegue llegues llegue lleguemos lleguéis lleguen
empezar subjunctive: empiece empieces empiece empecemos empecéis empiecen
coger present: cojo coges coge cogemos cogéis cogen
elegir present: elijo eliges elige elegimos elegís eligen
seguir present: sigo sigues sigue seguimos seguís siguen
seguir preterite: seguí seguiste siguió seguimos seguisteis siguieron
conocer present: conozco conoces conoce conocemos conocéis conocen
conducir preterite: conduje condujiste condujo condujimos condujisteis condujeron
enviar present: envío envías envía enviamos enviáis envían
construir present: construyo construyes construye construimos construís construyen
construir preterite: construí construiste construyó construimos construisteis construyeron
leer preterite: leí leíste leyó leímos leísteis leyeron
caer preterite: caí caíste cayó caímos caísteis cayeron
oír present: oigo oyes oye oímos oís oyen
reír present: río ríes ríe reímos reís ríen
sonreír preterite: sonreí sonreíste sonrió sonreímos sonreísteis sonrieron
tener present: tengo tienes tiene tenemos tenéis tienen
tener past_subjunctive: tuviera tuvieras tuviera tuviéramos tuvierais tuvieran
venir future: vendré vendrás vendrá vendremos vendréis vendrán
hacer preterite: hice hiciste hizo hicimos hicisteis hicieron
decir past_subjunctive: dijera dijeras dijera dijéramos dijerais dijeran
poner subjunctive: ponga pongas ponga pongamos pongáis pongan
ser present: soy eres es somos sois son
estar subjunctive: esté estés esté estemos estéis estén
ir preterite: fui fuiste fue fuimos fuisteis fueron
ir imperfect: iba ibas iba íbamos ibais iban
dar preterite: di diste dio dimos disteis dieron
ver imperfect: veía veías veía veíamos veíais veían
saber subjunctive: sepa sepas sepa sepamos sepáis sepan
haber present: he has ha hemos habéis han
poder conditional: podría podrías podría podríamos podríais podrían
"""
# Commands to tú, usted and vosotros, the gerund and the participle.
OTHER_FORMS = """
hablar: habla hable hablad hablando hablado
leer: lee lea leed leyendo leído
abrir: abre abra abrid abriendo abierto
poner: pon ponga poned poniendo puesto
hacer: haz haga haced haciendo hecho
decir: di diga decid diciendo dicho
ir: ve vaya id yendo ido
salir: sal salga salid saliendo salido
ser: sé sea sed siendo sido
pedir: pide pida pedid pidiendo pedido
dormir: duerme duerma dormid durmiendo dormido
construir: construye construya construid construyendo construido
seguir: sigue siga seguid siguiendo seguido
devolver: devuelve devuelva devolved devolviendo devuelto
sonreír: sonríe sonría sonreíd sonriendo sonreído
caer: cae caiga caed cayendo caído
regar: riega riegue regad regando regado
"""


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize("line", lines(CONJUGATIONS))
def test_spanish_tenses(line: str) -> None:
    heading, forms = line.split(": ")
    verb, tense = heading.split()
    assert list(verbs.forms_of(verb, tense)) == forms.split()


@pytest.mark.parametrize("line", lines(OTHER_FORMS))
def test_spanish_commands_gerunds_participles(line: str) -> None:
    verb, forms = line.split(": ")
    commands = [verbs.forms_of(verb, "imperative")[person] for person in (1, 2, 4)]
    assert [*commands, verbs.gerund(verb), verbs.participle(verb)] == forms.split()


@pytest.mark.parametrize(
    ("verb", "clitics", "together"),
    [
        ("da", "melo", "dámelo"),
        ("di", "me", "dime"),
        ("dé", "me", "deme"),
        ("pon", "telo", "póntelo"),
        ("haz", "lo", "hazlo"),
        ("abre", "la", "ábrela"),
        ("lee", "lo", "léelo"),
        ("busque", "la", "búsquela"),
        ("enciende", "la", "enciéndela"),
        ("envía", "lo", "envíalo"),
        ("limpia", "lo", "límpialo"),
        ("sigue", "me", "sígueme"),
        ("abrid", "la", "abridla"),
        ("sentad", "os", "sentaos"),
        ("vestid", "os", "vestíos"),
        ("comprar", "lo", "comprarlo"),
        ("comprar", "melo", "comprármelo"),
        ("oír", "lo", "oírlo"),
        ("comprando", "lo", "comprándolo"),
        ("leyendo", "la", "leyéndola"),
        ("dormir", "", "dormir"),
    ],
)
def test_spanish_pronouns_at_the_end_of_a_verb(verb: str, clitics: str, together: str) -> None:
    assert words.attach(verb, clitics) == together


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("casa", "casas"),
        ("ciudad", "ciudades"),
        ("lápiz", "lápices"),
        ("estación", "estaciones"),
        ("autobús", "autobuses"),
        ("examen", "exámenes"),
        ("joven", "jóvenes"),
        ("paraguas", "paraguas"),
        ("mes", "meses"),
        ("sofá", "sofás"),
        ("zumo de naranja", "zumos de naranja"),
        ("inglés", "ingleses"),
    ],
)
def test_spanish_plurals(singular: str, plural: str) -> None:
    assert words.plural(singular) == plural


@pytest.mark.parametrize(
    ("adjective", "forms"),
    [
        ("rojo", "rojo roja rojos rojas"),
        ("grande", "grande grande grandes grandes"),
        ("azul", "azul azul azules azules"),
        ("marrón", "marrón marrón marrones marrones"),
        ("gris", "gris gris grises grises"),
        ("feliz", "feliz feliz felices felices"),
        ("español", "español española españoles españolas"),
        ("alemán", "alemán alemana alemanes alemanas"),
        ("trabajador", "trabajador trabajadora trabajadores trabajadoras"),
        ("mejor", "mejor mejor mejores mejores"),
        ("mío", "mío mía míos mías"),
    ],
)
def test_spanish_adjectives_agree(adjective: str, forms: str) -> None:
    pairs = [(False, False), (True, False), (False, True), (True, True)]
    assert [words.agree(adjective, *pair) for pair in pairs] == forms.split()


def test_spanish_adjectives_of_several_words() -> None:
    assert words.agree("de madera", True, True) == "de madera"
    assert words.agree("lleno de gente", True, False) == "llena de gente"


def test_spanish_adjectives_before_the_noun() -> None:
    assert words.before("bueno", False, False) == "buen"
    assert words.before("bueno", True, False) == "buena"
    assert words.before("grande", True, False) == "gran"
    assert words.before("grande", True, True) == "grandes"
    assert words.before("malo", False, True) == "malos"


@pytest.mark.parametrize(
    ("count", "feminine", "word"),
    [
        (1, False, "un"),
        (1, True, "una"),
        (16, False, "dieciséis"),
        (21, False, "veintiún"),
        (21, True, "veintiuna"),
        (31, True, "treinta y una"),
        (45, False, "cuarenta y cinco"),
        (100, False, "cien"),
    ],
)
def test_spanish_numbers(count: int, feminine: bool, word: str) -> None:
    assert words.number(count, feminine) == word


def test_spanish_contractions() -> None:
    assert words.contract("voy a el cine de el pueblo") == "voy al cine del pueblo"
    assert words.contract("Julia y Inés, de él") == "Julia e Inés, de él"
    assert words.contract("arena y hielo, madera y hierro") == "arena y hielo, madera y hierro"


@pytest.mark.parametrize(
    "forms",
    [
        "go goes went gone going",
        "carry carries carried carried carrying",
        "play plays played played playing",
        "watch watches watched watched watching",
        "make makes made made making",
        "stop stops stopped stopped stopping",
        "clean cleans cleaned cleaned cleaning",
        "visit visits visited visited visiting",
        "travel travels travelled travelled travelling",
        "prefer prefers preferred preferred preferring",
        "fix fixes fixed fixed fixing",
        "swim swims swam swum swimming",
        "write writes wrote written writing",
        "be is was been being",
        "have has had had having",
        "put puts put put putting",
        "lie lies lied lied lying",
    ],
)
def test_english_verbs(forms: str) -> None:
    base, third, past, participle, gerund = forms.split()
    of = english_verbs
    assert of.third_person(base) == third
    assert (of.past(base), of.participle(base), of.gerund(base)) == (past, participle, gerund)


def test_english_be_agrees() -> None:
    singular = [english_verbs.present("be", person, False) for person in (1, 2, 3)]
    assert singular == ["am", "are", "is"]
    assert english_verbs.present("be", 1, True) == "are"
    assert english_verbs.past("be", 2) == "were"


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("cat", "cats"),
        ("box", "boxes"),
        ("city", "cities"),
        ("boy", "boys"),
        ("woman", "women"),
        ("postman", "postmen"),
        ("tooth", "teeth"),
        ("knife", "knives"),
        ("train ticket", "train tickets"),
        ("glass of water", "glasses of water"),
        ("frying pan", "frying pans"),
    ],
)
def test_english_plurals(singular: str, plural: str) -> None:
    assert english_words.plural(singular) == plural


@pytest.mark.parametrize(
    ("adjective", "forms"),
    [
        ("tall", ("taller", "tallest")),
        ("big", ("bigger", "biggest")),
        ("nice", ("nicer", "nicest")),
        ("happy", ("happier", "happiest")),
        ("quiet", ("quieter", "quietest")),
        ("good", ("better", "best")),
        ("expensive", ("more expensive", "most expensive")),
        ("hard-working", ("more hard-working", "most hard-working")),
    ],
)
def test_english_comparison(adjective: str, forms: tuple[str, str]) -> None:
    assert english_words.compared(adjective) == forms


def test_english_articles_numbers_and_owners() -> None:
    assert [english_words.article(word) for word in ("apple", "hour", "university", "cat")] == [
        "an",
        "an",
        "a",
        "a",
    ]
    assert [english_words.number(n) for n in (0, 7, 20, 42, 100)] == [
        "zero",
        "seven",
        "twenty",
        "forty-two",
        "a hundred",
    ]
    assert english_words.possessive("Carlos") == "Carlos's"
    assert english_words.possessive("my parents", many=True) == "my parents'"
    assert english_words.possessive("the children", many=True) == "the children's"


def test_tidy_writes_capitals_and_spaces() -> None:
    assert tidy("  ¿dónde está?  no lo sé , creo . ") == "¿Dónde está? No lo sé, creo."
