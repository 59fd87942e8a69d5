"""Where things happen: places by the kind of activity, with the prepositions of both languages.

An entry is a fixed expression, 'en casa=at home', or both prepositions with a noun: 'en/in
restaurante m restaurant'. CITY and COUNTRY stand for each of them in turn.
"""

from dataclasses import dataclass

from ..meaning import Noun, Text
from .notation import sections, texts

CITIES = texts(
    "Madrid=Madrid, Sevilla=Seville, Londres=London, París=Paris, Roma=Rome, Barcelona=Barcelona, "
    "Nueva York=New York, Lisboa=Lisbon, Berlín=Berlin, Buenos Aires=Buenos Aires, Viena=Vienna, "
    "Granada=Granada, Bilbao=Bilbao, Atenas=Athens"
)
COUNTRIES = texts(
    "España=Spain, Francia=France, Italia=Italy, Alemania=Germany, Inglaterra=England, "
    "México=Mexico, Argentina=Argentina, Japón=Japan, Portugal=Portugal, Grecia=Greece, "
    "Escocia=Scotland"
)

_PLACES = """\
# At home.
home: en casa=at home
table: en casa=at home, en/in cocina f kitchen, en/in restaurante m restaurant,
    en/in jardín m garden, en/in comedor m dining_room, en/on terraza f terrace,
    en/in parque m park
terrace: en/on terraza f terrace, en/in jardín m garden, en/in parque m park
stove: en/in cocina f kitchen, en casa=at home
armchair: en/in biblioteca f library, en la cama=in bed, en casa=at home, en/in jardín m garden,
    en el tren=on the train, en/on sofá m sofa, en/in salón m living_room
bed: en la cama=in bed, en/on sofá m sofa, en/in sillón m armchair, en casa=at home,
    en/at hotel m hotel, en el tren=on the train
sickbed: en la cama=in bed, en casa=at home
asleep: en/on sofá m sofa, delante de la televisión=in front of the television,
    en el tren=on the train, en clase=in class, en/in sillón m armchair
seat: en/on silla f chair, en/on sofá m sofa, en/in sillón m armchair,
    cerca de la ventana=near the window, en el suelo=on the floor,
    al lado de la puerta=next to the door, debajo de un árbol=under a tree
floor: en el suelo=on the floor, en el jardín=in the garden, debajo de la mesa=under the table,
    cerca del fuego=near the fire, detrás del sofá=behind the sofa, en la cocina=in the kitchen
rooms: en/in dormitorio m bedroom, en/in salón m living_room, en/in comedor m dining_room
wall: en/on pared f wall, encima del sofá=above the sofa, en/in salón m living_room,
    en/in museo m museum
garage: en/in garaje m garage, en casa=at home
# Where things are put, kept, found.
put: en/on mesa f table, en/in caja f box, en/in cajón m drawer, en/on silla f chair,
    en el estante=on the shelf, en/in mochila f backpack, en/in armario m wardrobe,
    encima de la cama=on top of the bed, al lado de la ventana=next to the window
lie: en/on mesa f table, en/in caja f box, en/in cajón m drawer, en/on silla f chair,
    en/in bolso m handbag, debajo de la cama=under the bed,
    encima de la nevera=on top of the fridge, detrás de la puerta=behind the door,
    al lado del ordenador=next to the computer
hiding: en/in caja f box, en/in cajón m drawer, en/in armario m wardrobe,
    debajo de la cama=under the bed, en la cocina=in the kitchen,
    detrás de los libros=behind the books
hideout: debajo de la cama=under the bed, detrás de la puerta=behind the door,
    en el armario=in the wardrobe, detrás de un árbol=behind a tree
fridge: en la nevera=in the fridge, en/in cocina f kitchen, en/on mesa f table
lost: en/on tren m train, en/in taxi m taxi, en/in parque m park, en/in calle f street,
    en/in cine m cinema, en/in restaurante m restaurant, en/on playa f beach, en/on autobús m bus
# Work and study.
work: en/in hospital m hospital, en/in oficina f office, en/in banco m bank, en casa=at home,
    en/in fábrica f factory, en/in museo m museum, en la escuela=at school,
    en/in restaurante m restaurant, en/at hotel m hotel, en/in tienda_de_ropa f clothes_shop,
    en/in farmacia f chemist's, en/at universidad f university
desk: en/in oficina f office, en casa=at home
study: en/in biblioteca f library, en casa=at home, en/in dormitorio m bedroom,
    en la escuela=at school, en/at universidad f university, en/in parque m park
teach: en la escuela=at school, en/at universidad f university, en casa=at home
# In the street and in the open.
café: en/in cafetería f café, en/in bar m bar, en casa=at home, en/in plaza f square,
    en/at hotel m hotel
dine: en/in restaurante m restaurant, en/at hotel m hotel
shop: en/at mercado m market, en/at supermercado m supermarket, en/in tienda f shop
mall: en/in tienda f shop, en/at mercado m market, en/in tienda_de_ropa f clothes_shop,
    en/in centro m city_centre, en Londres=in London, en París=in Paris, en Madrid=in Madrid
stand: en/at mercado m market, en/in calle f street, en/in pueblo m village
street: en/in calle f street, en/in plaza f square, en/at estación f station,
    en el tren=on the train, en/at mercado m market, en/in museo m museum,
    en/at aeropuerto m airport
wait: en/at estación f station, en/in calle f street, en/at parada_de_autobús f bus_stop,
    delante del cine=in front of the cinema, en la puerta=at the door, en/in cafetería f café
queue: en/in calle f street, en la puerta=at the door, en el coche=in the car
site: en/in centro m city_centre, al lado del río=next to the river,
    cerca de la playa=near the beach, en/in plaza f square,
    enfrente de la iglesia=opposite the church, detrás de la estación=behind the station,
    entre el banco y la farmacia=between the bank and the chemist's,
    cerca del hospital=near the hospital
walk: por/along playa f beach, por/through parque m park, por/along calle f street,
    por/through bosque m forest, por/through ciudad f city, por/through pueblo m village,
    por/across puente m bridge, por/across plaza f square
swim: en/in piscina f swimming_pool, en/in mar m sea, en/in lago m lake, en/in río m river
garden: en/in jardín m garden, delante de la casa=in front of the house, en/in parque m park,
    detrás de la escuela=behind the school
meadow: en/in campo m countryside, cerca del río=near the river, en/on granja f farm,
    debajo de los árboles=under the trees, detrás de la casa=behind the house
play: en/in parque m park, en/in jardín m garden, en/on playa f beach, en la escuela=at school
outside: en/in parque m park, en/on playa f beach, en/in calle f street, en/in jardín m garden
fall: en/in calle f street, por las escaleras=down the stairs, en la nieve=in the snow,
    en/in cocina f kitchen, de la bicicleta=off the bicycle
# Company and shows.
film: en/at cine m cinema, en casa=at home
theatre: en/at teatro m theatre
stage: en/at teatro m theatre, en/in plaza f square, en/in iglesia f church, en/in calle f street,
    en casa=at home, en la escuela=at school
dance: en/in plaza f square, en/on playa f beach, en casa=at home, en/in calle f street
meet: en/at fiesta f party, en/in parque m park, en la escuela=at school, en/on playa f beach,
    en/at universidad f university, en/on tren m train, en Roma=in Rome, en Londres=in London
# Where people go, stay, live.
go: a/to cine m cinema, a/to playa f beach, a/to mercado m market, a/to biblioteca f library,
    a/to teatro m theatre, a/to museo m museum, a/to estación f station, a/to parque m park,
    a la escuela=to school, al trabajo=to work, al médico=to the doctor's,
    a/to piscina f swimming_pool, a/to panadería f bakery, a/to iglesia f church,
    a/to aeropuerto m airport, a/to supermercado m supermarket, al centro=to the city centre,
    a/to montaña f mountain
outdoors: a/to playa f beach, a/to parque m park, al campo=to the countryside,
    a/to piscina f swimming_pool, a/to lago m lake
beach: a/to playa f beach, a/to piscina f swimming_pool, a/to río m river
park: a/to parque m park, a la playa=to the beach, a/to cafetería f café
fun: al cine=to the cinema, a la fiesta=to the party, al concierto=to the concert,
    al teatro=to the theatre, a la playa=to the beach, al parque=to the park
party: a la fiesta=to the party, a la boda=to the wedding, a la reunión=to the meeting,
    al concierto=to the concert
host: a la fiesta=to the party, a la boda=to the wedding, al cine=to the cinema,
    al concierto=to the concert, al teatro=to the theatre
clinic: al médico=to the doctor's, al hospital=to hospital
travel: a CITY=to CITY, a COUNTRY=to COUNTRY
arrive: a casa=home, a/at estación f station, a/at aeropuerto m airport, a/at hotel m hotel,
    a/at oficina f office, a la escuela=at school, al trabajo=at work, a/at fiesta f party,
    a CITY=in CITY
home_to: a casa=home
return: a casa=home, a/to hotel m hotel, a/to oficina f office, al trabajo=to work,
    a/to pueblo m village, a la escuela=to school, a CITY=to CITY
stay: en casa=at home, en la cama=in bed, en/at hotel m hotel, en/in oficina f office
live: en CITY=in CITY, en COUNTRY=in COUNTRY, en/in pueblo m village, en/in centro m city_centre,
    cerca del mar=near the sea, lejos de la ciudad=far from the city,
    cerca de la estación=near the station, cerca de aquí=near here
city: en CITY=in CITY
"""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that may be described, with its prepositions."""

    es: str
    en: str
    noun: Noun


def _places(entry: str) -> tuple[Text | Spot, ...]:
    """The place of an entry, or the places."""
    for word, names in (("CITY", CITIES), ("COUNTRY", COUNTRIES)):
        if word in entry:
            es, en = entry.split("=")
            return tuple(Text(es.replace(word, n.es), en.replace(word, n.en)) for n in names)
    if "=" in entry:
        return texts(entry)
    prepositions, noun_es, gender, noun_en = entry.split()
    es, en = prepositions.split("/")
    noun = Noun(noun_es.replace("_", " "), noun_en.replace("_", " "), gender == "f", "place")
    return (Spot(es, en, noun),)


PLACES: dict[str, tuple[Text | Spot, ...]] = {
    kind: tuple(place for entry in listed for place in _places(entry))
    for kind, listed in sections(_PLACES).items()
}
