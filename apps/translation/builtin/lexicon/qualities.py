"""Adjectives, and which nouns they go with: after or before them, with ser or with estar.

The tables are in the notation of `notation`, by kinds of nouns; an entry is Spanish and English,
with '_' for a blank.
"""

from ..meaning import Adjective, Noun
from .notation import sections

# What a noun is followed by in Spanish, and what it is said to be with ser.
_LASTING = """\
worker,person: simpático nice, amable kind, inteligente intelligent, serio serious, listo clever,
    tímido shy, divertido funny, trabajador hard-working, perezoso lazy, valiente brave,
    educado polite, generoso generous, tranquilo calm, paciente patient, joven young
worker: español Spanish, inglés English, francés French, alemán German, italiano Italian,
    portugués Portuguese, japonés Japanese, mexicano Mexican, argentino Argentinian, rico rich,
    famoso famous
person: alto tall, rubio blond, moreno dark-haired
child,pupil: alto tall, rubio blond, moreno dark-haired, divertido funny, tímido shy,
    inteligente intelligent, educado polite, simpático nice, trabajador hard-working, listo clever
relative: simpático nice, amable kind, inteligente intelligent, divertido funny,
    trabajador hard-working, valiente brave, generoso generous, paciente patient, listo clever
sibling: mayor older, menor younger, simpático nice, inteligente intelligent, divertido funny,
    perezoso lazy, listo clever, tímido shy
pet: negro black, blanco white, marrón brown, gris grey, pequeño small, grande big, viejo old,
    tranquilo calm, perezoso lazy, inteligente intelligent
farm: negro black, blanco white, marrón brown, viejo old, grande big, joven young
wild: enorme enormous, viejo old, joven young, peligroso dangerous, fuerte strong
bug: negro black, pequeño small, enorme enormous
fruit,vegetable: verde green, maduro ripe, pequeño small, grande big
fruit: dulce sweet
vegetable: fresco fresh
snack,homemade: grande big, pequeño small, delicioso delicious, frío cold
food: fresco fresh, delicioso delicious, barato cheap, caro expensive
drink: frío cold, caliente hot, fresco fresh
clothes,pair,furniture,vehicle,bag: rojo red, azul blue, verde green, amarillo yellow,
    negro black, blanco white, gris grey, bonito pretty, caro expensive
clothes,pair,furniture,vehicle: barato cheap
clothes,pair,furniture,vehicle,bag,belonging,appliance,instrument,pen: nuevo new, viejo old
clothes: elegante elegant, de_algodón cotton, de_lana woollen
pair: cómodo comfortable, elegante elegant
furniture: grande big, pequeño small, cómodo comfortable, moderno modern, antiguo antique,
    de_madera wooden
opening: azul blue, verde green, blanco white, negro black, viejo old, grande big, pequeño small,
    de_madera wooden, pesado heavy
dish: blanco white, azul blue, nuevo new, viejo old, de_plata silver, grande big, de_madera wooden
appliance: moderno modern, caro expensive, barato cheap
room: grande big, pequeño small, moderno modern, oscuro dark, amplio spacious
belonging: caro expensive, pequeño small, de_plata silver
present: caro expensive, bonito pretty, nuevo new, pequeño small, precioso beautiful,
    de_plata silver
flower: bonito pretty, pequeño small, amarillo yellow, blanco white, rojo red
tree: grande big, pequeño small, viejo old, verde green, joven young
book: interesante interesting, aburrido boring, divertido funny, largo long, corto short,
    famoso famous, nuevo new, viejo old, triste sad, difícil difficult, inglés English,
    francés French, extraño strange
mail: largo long, corto short, triste sad, divertido funny, extraño strange,
    interesante interesting
schoolwork,test: difícil difficult, fácil easy, importante important, corto short, largo long
homework: difícil difficult, fácil easy, importante important
pen: rojo red, azul blue, verde green, negro black
film,play: interesante interesting, aburrido boring, divertido funny, largo long, triste sad,
    famoso famous, español Spanish, japonés Japanese, italiano Italian, extraño strange
song: bonito pretty, triste sad, alegre cheerful, famoso famous, largo long, español Spanish,
    inglés English
instrument: caro expensive, barato cheap, español Spanish
picture: famoso famous, precioso beautiful, extraño strange, viejo old, moderno modern,
    pequeño small
vehicle: rápido fast, grande big, pequeño small, alemán German, japonés Japanese, lento slow
transport: rápido fast, lento slow, moderno modern, viejo old
building: grande big, pequeño small, blanco white, antiguo old, moderno modern, famoso famous,
    precioso beautiful, tranquilo quiet
opened: pequeño small, nuevo new, moderno modern, famoso famous, grande big
eatery: pequeño small, nuevo new, caro expensive, barato cheap, italiano Italian, tranquilo quiet
square: tranquilo quiet, ruidoso noisy, antiguo old, precioso beautiful, pequeño small,
    limpio clean, famoso famous
nature: precioso beautiful, pequeño small, tranquilo quiet, largo long, peligroso dangerous
idea: interesante interesting, extraño strange, importante important
event: divertido fun, largo long, importante important, aburrido boring, corto short
"""

# What stands before the noun; some of these mean another thing than after it.
_LEADING = """\
worker: grande great, bueno good, antiguo former
person: pobre poor, grande great
relative: pobre poor
book: grande great, bueno good, nuevo new, viejo old
film,play,song: bueno good, grande great
picture: grande great, bueno good
idea: bueno good, malo bad, grande great
food,homemade,meal: bueno good
vehicle,furniture,instrument: nuevo new, viejo old, bueno good, pequeño small
building,opened,square,eatery: nuevo new, viejo old, pequeño small, bonito pretty
nature: bonito pretty, pequeño small
clothes,belonging,bag,pair,present: nuevo new, viejo old, bonito pretty
pet: pequeño small, viejo old
event: grande great, bueno good
room: pequeño small, nuevo new
"""

# In what states something is, with estar.
_STATES = """\
worker,person,child,pupil,relative,sibling,family: cansado tired, enfermo ill, contento happy,
    triste sad, preocupado worried, enfadado angry, nervioso nervous, ocupado busy, aburrido bored,
    listo ready, solo alone, sentado sitting_down, dormido asleep, despierto awake, perdido lost,
    sorprendido surprised
pet,farm: cansado tired, enfermo ill, dormido asleep, sucio dirty, perdido lost
fruit,vegetable: maduro ripe, verde unripe, podrido rotten, limpio clean
snack,homemade,food: rico delicious, frío cold, caliente hot, listo ready
drink: frío cold, caliente hot
clothes,pair: limpio clean, sucio dirty, mojado wet, seco dry, roto torn
furniture: sucio dirty, roto broken, limpio clean, cubierto_de_polvo covered_in_dust
opening: abierto open, cerrado closed, roto broken, sucio dirty
dish: sucio dirty, limpio clean, roto broken, vacío empty
appliance: roto broken, encendido on, apagado off
room: limpio clean, sucio dirty, ordenado tidy, vacío empty, oscuro dark
belonging: roto broken, perdido lost
bag: roto torn, mojado wet, sucio dirty
opened,eatery: abierto open, cerrado closed, lleno full, vacío empty
vehicle: roto broken, sucio dirty, limpio clean, aparcado_en_la_calle parked_in_the_street
meal: listo ready, frío cold, rico delicious
instrument: roto broken, desafinado out_of_tune
transport: lleno full, vacío empty
square: vacío empty, lleno_de_gente full_of_people
"""

# Nouns, in Spanish, that an adjective is not said of though it is of their kind.
_NOT = """\
caliente: vino, cerveza, zumo, zumo_de_naranja, chocolate_caliente, agua_mineral, leche, helado,
    helado_de_chocolate, ensalada, ensalada_de_tomate
frío: huevo, galleta, hamburguesa, chocolate_caliente, helado, helado_de_chocolate,
    pan, miel, mantequilla, fruta, queso
listo: pan, miel, mantequilla, fruta, queso, chocolate, helado, galleta
fresco: agua, café, té, vino, cerveza, agua_mineral, chocolate_caliente, miel, arroz, chocolate,
    sopa, sopa_de_verduras
caro: luz, calefacción, agua, sopa, sopa_de_verduras
barato: luz, calefacción, agua, sopa, sopa_de_verduras
joven: anciano, anciana, planta, pato, gallina
blanco: tortuga
marrón: loro
grande: uvas, fresa
dulce: limón
maduro: limón, patata, zanahoria, cebolla, pimiento, pepino
verde: patata, zanahoria, cebolla, pepino
viejo: luz, calefacción
nuevo: luz, poema
moderno: luz
roto: luz
famoso: casa, tienda, escuela, piso, estación, periódico, revista
antiguo: piso
pequeño: árbol, radio
triste: periódico, revista
largo: periódico, postal, pregunta, bosque, isla, jardín, parque, montaña, lago, colina, cueva
difícil: periódico, revista
divertido: periódico, libro_de_historia
extraño: postal
interesante: postal
fácil: respuesta
rojo: mapa
azul: mapa
negro: mapa, goma
peligroso: jardín, parque, valle, playa
alemán: bicicleta, barco
japonés: bicicleta, barco
"""

# The only nouns of their kinds that these are said of.
_ONLY = """\
de algodón: camisa, camiseta, blusa, vestido, falda
de lana: jersey, bufanda, chaqueta, abrigo, falda
de plata: anillo, pulsera, cuchara, collar, reloj
de madera: caja, puerta, mesa, silla, armario, cama, cuchara, estantería
cómodo: silla, sofá, sillón, cama, zapatos, botas, zapatillas, pantalones
elegante: vestido, traje, chaqueta, abrigo, corbata, blusa, sombrero, zapatos, falda, botas
"""
_CELEBRITIES = frozenset(
    "hombre mujer escritor escritora actor actriz pintor pintora cantante cocinero cocinera".split()
)


def _adjective(entry: str, first: bool) -> Adjective:
    es, en = entry.split()
    return Adjective(es.replace("_", " "), en.replace("_", " "), first)


def _table(text: str, first: bool = False) -> dict[str, tuple[Adjective, ...]]:
    table: dict[str, tuple[Adjective, ...]] = {}
    for kinds, listed in sections(text).items():
        found = tuple(_adjective(entry, first) for entry in listed)
        for kind in kinds.split(","):
            table[kind] = table.get(kind, ()) + found
    return table


LASTING = _table(_LASTING)
LEADING = _table(_LEADING, first=True)
STATES = _table(_STATES)
_EXCLUDED = {
    (noun.replace("_", " "), quality) for quality, nouns in sections(_NOT).items() for noun in nouns
}
_RESERVED = {quality: frozenset(nouns) for quality, nouns in sections(_ONLY).items()}


def fits(quality: Adjective, noun: Noun) -> bool:
    """Whether people would say `quality` of `noun`, given that they do of its kind."""
    if noun.human and quality.en in ("great", "famous"):
        return noun.es in _CELEBRITIES
    if quality.es in _RESERVED:
        return noun.es in _RESERVED[quality.es]
    return (noun.es, quality.es) not in _EXCLUDED
