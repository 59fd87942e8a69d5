"""Common nouns by kind.

An entry is Spanish, gender, English, with '_' for a blank: 'zumo_de_naranja m orange_juice'. A sign
after the gender says that not both languages have both numbers:

    ~  mass in both       +  plural only in both      *  plural in Spanish, mass in English
    !  singular in Spanish, plural in English         ^  no article in English: 'la cena', 'dinner'
"""

from ..meaning import Form, Noun
from .notation import sections

_FORMS = {"~": Form.MASS, "+": Form.PLURAL, "*": Form.PLURAL_ES, "!": Form.PLURAL_EN}

_KINDS = """\
# People. The two sexes of an occupation are one word in English more often than not.
worker: médico m doctor, médica f doctor, profesor m teacher, profesora f teacher,
    enfermero m nurse, enfermera f nurse, camarero m waiter, camarera f waitress, cocinero m cook,
    cocinera f cook, abogado m lawyer, abogada f lawyer, ingeniero m engineer,
    ingeniera f engineer, escritor m writer, escritora f writer, pintor m painter,
    pintora f painter, actor m actor, actriz f actress, panadero m baker, panadera f baker,
    conductor m driver, conductora f driver, jardinero m gardener, cartero m postman,
    bombero m firefighter, dentista m dentist, dentista f dentist, periodista m journalist,
    periodista f journalist, cantante m singer, cantante f singer,
    profesora_de_historia f history_teacher, conductor_de_autobús m bus_driver,
    director_del_banco m bank_manager
person: hombre m man, mujer f woman, chico m boy, chica f girl, anciana f old_woman,
    anciano m old_man, vecino m neighbour, vecina f neighbour, turista m tourist,
    turista f tourist, estudiante m student, estudiante f student, señora f lady
child: niño m boy, niña f girl
pupil: alumno m pupil, alumna f pupil
baby: bebé m baby
relative: madre f mother, padre m father, abuelo m grandfather, abuela f grandmother, tío m uncle,
    tía f aunt, primo m cousin, prima f cousin, marido m husband, esposa f wife, sobrino m nephew,
    sobrina f niece, amigo m friend, amiga f friend, jefe m boss, jefa f boss,
    compañero_de_clase m classmate, compañera_de_clase f classmate
sibling: hermano m brother, hermana f sister, hijo m son, hija f daughter
family: padres m+ parents, abuelos m+ grandparents, hijos m+ children, tíos m+ aunt_and_uncle
crowd: gente f!^ people, policía f! police
# Animals.
pet: perro m dog, gato m cat, conejo m rabbit, pájaro m bird, tortuga f tortoise, loro m parrot
farm: caballo m horse, vaca f cow, oveja f sheep, gallina f hen, burro m donkey, cerdo m pig,
    cabra f goat, pato m duck
wild: león m lion, elefante m elephant, mono m monkey, tigre m tiger, oso m bear, lobo m wolf,
    jirafa f giraffe, serpiente f snake
bug: araña f spider, ratón m mouse, mosca f fly, mariposa f butterfly, abeja f bee
# Food and drink.
fruit: manzana f apple, naranja f orange, plátano m banana, pera f pear, fresa f strawberry,
    melocotón m peach, limón m lemon, uvas f+ grapes
vegetable: tomate m tomato, patata f potato, zanahoria f carrot, cebolla f onion,
    pimiento m pepper, pepino m cucumber
snack: galleta f biscuit, helado m ice_cream, huevo m egg, hamburguesa f hamburger,
    helado_de_chocolate m chocolate_ice_cream
homemade: bocadillo m sandwich, pastel m cake, tortilla f omelette, pizza f pizza,
    ensalada f salad, bocadillo_de_queso m cheese_sandwich, tarta_de_manzana f apple_pie,
    ensalada_de_tomate f tomato_salad
food: pan m~ bread, queso m~ cheese, carne f~ meat, pescado m~ fish, arroz m~ rice, sopa f~ soup,
    pollo m~ chicken, chocolate m~ chocolate, fruta f~ fruit, miel f~ honey,
    mantequilla f~ butter, sopa_de_verduras f~ vegetable_soup
drink: agua f~ water, leche f~ milk, café m~ coffee, té m~ tea, vino m~ wine, cerveza f~ beer,
    zumo m~ juice, zumo_de_naranja m~ orange_juice, chocolate_caliente m~ hot_chocolate,
    agua_mineral f~ mineral_water
spice: sal f~ salt, azúcar m~ sugar, pimienta f~ pepper, aceite m~ oil
meal: desayuno m^ breakfast, comida f^ lunch, cena f^ dinner
# Clothes and the body.
clothes: camisa f shirt, falda f skirt, vestido m dress, chaqueta f jacket, abrigo m coat,
    sombrero m hat, corbata f tie, bufanda f scarf, jersey m jumper, blusa f blouse,
    camiseta f T-shirt, gorra f cap, cinturón m belt, traje m suit
pair: zapatos m+ shoes, pantalones m+ trousers, calcetines m+ socks, botas f+ boots,
    guantes m+ gloves, gafas f+ glasses, gafas_de_sol f+ sunglasses, zapatillas f+ slippers
body: cabeza f head, pie m foot, mano f hand, espalda f back, muela f tooth, pierna f leg,
    ojo m eye, cara f face, pelo m~ hair, diente m tooth
# The house.
furniture: mesa f table, silla f chair, cama f bed, sofá m sofa, armario m wardrobe,
    lámpara f lamp, espejo m mirror, estantería f bookcase, alfombra f carpet, sillón m armchair
opening: puerta f door, ventana f window, maleta f suitcase, caja f box, cajón m drawer
dish: plato m plate, cuchara f spoon, cuchillo m knife, tenedor m fork, taza f cup,
    sartén f frying_pan, olla f pot, vaso m glass
appliance: nevera f fridge, lavadora f washing_machine, horno m oven, ordenador m computer,
    televisión f television, radio f radio, calefacción f~ heating, luz f light
set: televisión f^ television
room: cocina f kitchen, dormitorio m bedroom, cuarto_de_baño m bathroom, salón m living_room,
    comedor m dining_room, garaje m garage, despacho m study
belonging: llave f key, teléfono m phone, reloj m watch, pasaporte m passport, anillo m ring,
    cámara f camera, llave_del_coche f car_key, cepillo_de_dientes m toothbrush,
    billete_de_tren m train_ticket
bag: cartera f wallet, bolso m handbag, paraguas m umbrella, mochila f backpack, pelota f ball
present: pulsera f bracelet, collar m necklace, muñeca f doll
flower: flor f flower, rosa f rose, tulipán m tulip
tree: árbol m tree, manzano m apple_tree, naranjo m orange_tree, planta f plant
# Reading, school, arts.
book: libro m book, novela f novel, revista f magazine, periódico m newspaper, cuento m story,
    poema m poem, libro_de_historia m history_book
reference: diccionario m dictionary, libro_de_cocina m cookbook
mail: carta f letter, mensaje m message, postal f postcard
parcel: paquete m parcel
joke: chiste m joke
schoolwork: lección f lesson, pregunta f question, respuesta f answer, problema m problem,
    palabra f word, frase f sentence
homework: deberes m* homework, ejercicio m exercise
pen: lápiz m pencil, cuaderno m notebook, bolígrafo m pen, regla f ruler, goma f rubber,
    mapa m map
test: examen m exam, examen_de_historia m history_exam, reunión f meeting,
    clase_de_música f music_lesson, clase_de_piano f piano_lesson, entrevista f interview
subject: historia f~ history, música f~ music, química f~ chemistry, física f~ physics,
    medicina f~ medicine, arte m~ art, matemáticas f* mathematics, biología f~ biology
language: español m~ Spanish, inglés m~ English, francés m~ French, alemán m~ German,
    italiano m~ Italian, chino m~ Chinese, japonés m~ Japanese, portugués m~ Portuguese
film: película f film, serie f series
play: obra_de_teatro f play
song: canción f song, concierto m concert, disco m record, canción_de_amor f love_song
instrument: guitarra f guitar, piano m piano, violín m violin, flauta f flute, trompeta f trumpet
sport: fútbol m~ football, tenis m~ tennis, baloncesto m~ basketball, ajedrez m~ chess
picture: cuadro m painting, foto f photo, dibujo m drawing, retrato m portrait
# Town and country.
vehicle: coche m car, bicicleta f bicycle, moto f motorbike, camión m lorry, barco m boat,
    furgoneta f van
transport: autobús m bus, tren m train, avión m plane, taxi m taxi, metro m underground
building: casa f house, iglesia f church, hospital m hospital, escuela f school, hotel m hotel,
    teatro m theatre, castillo m castle, puente m bridge, torre f tower, piso m flat,
    estación f station
opened: tienda f shop, museo m museum, biblioteca f library, banco m bank, farmacia f chemist's,
    panadería f bakery, mercado m market, oficina_de_correos f post_office,
    piscina f swimming_pool, supermercado m supermarket
eatery: restaurante m restaurant, cafetería f café, bar m bar
square: plaza f square, calle f street, barrio m neighbourhood, pueblo m village, ciudad f city
nature: río m river, montaña f mountain, playa f beach, bosque m forest, lago m lake,
    isla f island, jardín m garden, parque m park, camino m path, valle m valley, colina f hill,
    cueva f cave
world: mundo m world, clase f class
sky: luna f moon, sol m sun, estrella f star, cielo m sky, mar m sea
# What is neither seen nor touched.
idea: idea f idea, plan m plan, noticias f* news, secreto m secret
event: fiesta f party, boda f wedding, viaje m trip, partido m match, excursión f excursion,
    partido_de_tenis m tennis_match, fiesta_de_cumpleaños f birthday_party, carrera f race
season: verano m summer
money: dinero m~ money
advice: consejos m* advice
truth: verdad f~ truth
prize: premio m prize
noise: ruido m~ noise
job: trabajo m~ work
grass: hierba f~ grass
dark: oscuridad f dark
currency: euro m euro, dólar m dollar
"""

# Choices among them: what one can climb, what is sold, what costs so much.
_CHOICES = """\
measure: vaso, taza
switch: televisión, radio, luz, calefacción, horno
letter: carta, mensaje, postal, poema, cuento
tune: canción, canción_de_amor
sight: castillo, museo, iglesia, torre, pueblo, ciudad, isla
radio: radio
music: música
answer: respuesta
cooked: carne, pescado, arroz, sopa, pollo
raised: casa, iglesia, hospital, escuela, museo, hotel, biblioteca, puente, torre
driven: coche, camión, furgoneta
fridge: nevera
doctor: médico
rescue: policía
winter: abrigo, bufanda, guantes, chaqueta, jersey
pane: ventana
heating: calefacción
hot: té, café, chocolate_caliente
cool: zumo, agua, zumo_de_naranja
ice: helado, helado_de_chocolate
umbrella: paraguas
cab: taxi
indoor: ajedrez
paper: periódico
alcohol: vino, cerveza
gate: puerta, ventana
lamp: luz, lámpara
scary: bosque, casa, cueva, garaje
car: coche, moto
match: partido, carrera
water: agua
region: mundo, clase, escuela, tienda, mercado, casa, hotel, isla, museo, biblioteca, ciudad,
    pueblo, barrio
home: casa, piso
sliced: pan, queso, carne, pescado, pollo, chocolate
painted: mesa, silla, cama, armario, estantería
inside: casa, iglesia, hospital, escuela, hotel, teatro, castillo, tienda, museo, biblioteca,
    banco, farmacia, panadería, mercado, piscina, supermercado
bedroom: dormitorio, cuarto_de_baño, ventana, puerta
village: pueblo
landmark: calle, plaza, iglesia, puente
class: clase, escuela
school: escuela
rented: coche, bicicleta, barco
stolen: coche, bicicleta, cartera, bolso, cuadro
show: fiesta, boda, concierto, reunión, obra_de_teatro, examen, película, clase_de_piano
train: tren, autobús, avión, barco
machine: nevera, lavadora, ordenador, reloj
grocer: tienda, panadería, mercado, supermercado
attraction: museo, biblioteca, piscina, castillo
breakfast: desayuno
dinner: cena
boss: jefe, jefa
entrance: puerta
english: inglés
french: francés
bird: pájaro
teeth: diente
tv: televisión
note: carta, mensaje, periódico
ball: pelota
post: carta, paquete, postal
story: cuento, chiste
height: montaña, colina, torre, árbol
trip: viaje, fiesta, boda, verano
washed: mano, cara, pelo, pie
gift: reloj, pulsera, collar, bufanda, libro, bicicleta, muñeca, anillo, guitarra, cámara, pelota,
    libro_de_cocina
aching: cabeza, pie, mano, espalda, muela, pierna, ojo
"""

_PEOPLE = frozenset("worker person child pupil baby relative sibling family crowd".split())
# Plurals that English says by another word.
_OTHER_PLURALS = {"niño": "children"}


def _noun(entry: str, kind: str) -> Noun:
    es, gender, en = entry.split()
    return Noun(
        es=es.replace("_", " "),
        en=en.replace("_", " "),
        feminine=gender[0] == "f",
        kind=kind,
        form=_FORMS.get(gender[1:2], Form.COUNT),
        bare="^" in gender,
        human=kind in _PEOPLE,
        en_plural=_OTHER_PLURALS.get(es, ""),
    )


def _table() -> dict[str, tuple[Noun, ...]]:
    """The nouns of every kind and choice; a noun of two kinds is chosen as one of the first."""
    table = {
        kind: tuple(_noun(entry, kind) for entry in listed)
        for kind, listed in sections(_KINDS).items()
    }
    known = {noun.es: noun for nouns in reversed(table.values()) for noun in nouns}
    for choice, names in sections(_CHOICES).items():
        table[choice] = tuple(known[name.replace("_", " ")] for name in names)
    return table


NOUNS = _table()


def of_kinds(kinds: str) -> tuple[Noun, ...]:
    """All nouns of one or several kinds or choices, separated by commas without blanks."""
    return tuple(noun for kind in kinds.split(",") for noun in NOUNS[kind])
