"""Spanish verb forms that no rule gives."""


def _each(changes: dict[str, str]) -> dict[str, str]:
    """The table word -> change from change -> words."""
    return {verb: change for change, verbs in changes.items() for verb in verbs.split()}


# The last vowel of the stem where it bears the stress: cierro, vuelvo, pido.
STEM_CHANGES = _each(
    {
        "ie": (
            "calentar cerrar despertar divertir empezar encender entender fregar mentir nevar"
            " pensar perder preferir querer recomendar regar sentar sentir tener venir"
        ),
        "ue": (
            "acordar acostar contar costar devolver doler dormir encontrar jugar llover morir"
            " mostrar mover poder probar recordar soler sonar soñar volar volver"
        ),
        "i": "conseguir decir despedir elegir pedir repetir seguir servir vestir",
    }
)

# -iar and -uar verbs whose last vowel takes the stress: envío.
HIATUS = frozenset(("actuar", "confiar", "continuar", "enviar", "esquiar"))

FIRST_PERSON = {
    "caer": "caigo",
    "decir": "digo",
    "hacer": "hago",
    "oír": "oigo",
    "poner": "pongo",
    "salir": "salgo",
    "tener": "tengo",
    "traer": "traigo",
    "venir": "vengo",
    "ver": "veo",
}

STRONG_PRETERITES = {
    "andar": "anduv",
    "conducir": "conduj",
    "decir": "dij",
    "estar": "estuv",
    "haber": "hub",
    "hacer": "hic",
    "poder": "pud",
    "poner": "pus",
    "querer": "quis",
    "saber": "sup",
    "tener": "tuv",
    "traducir": "traduj",
    "traer": "traj",
    "venir": "vin",
}

FUTURE_STEMS = {
    "decir": "dir",
    "haber": "habr",
    "hacer": "har",
    "poder": "podr",
    "poner": "pondr",
    "querer": "querr",
    "saber": "sabr",
    "salir": "saldr",
    "tener": "tendr",
    "venir": "vendr",
}

# Commands to tú.
COMMANDS = {
    "decir": "di",
    "hacer": "haz",
    "ir": "ve",
    "poner": "pon",
    "salir": "sal",
    "ser": "sé",
    "tener": "ten",
    "venir": "ven",
}

GERUNDS = {
    "decir": "diciendo",
    "ir": "yendo",
    "oír": "oyendo",
    "poder": "pudiendo",
    "reír": "riendo",
    "sonreír": "sonriendo",
    "venir": "viniendo",
}

PARTICIPLES = {
    "abrir": "abierto",
    "cubrir": "cubierto",
    "decir": "dicho",
    "descubrir": "descubierto",
    "devolver": "devuelto",
    "escribir": "escrito",
    "hacer": "hecho",
    "morir": "muerto",
    "oír": "oído",
    "poner": "puesto",
    "reír": "reído",
    "resolver": "resuelto",
    "romper": "roto",
    "sonreír": "sonreído",
    "ver": "visto",
    "volver": "vuelto",
}


def _laugh(prefix: str) -> dict[tuple[str, str], str]:
    """reír and its compounds."""
    forms = {
        "present": "río ríes ríe reímos reís ríen",
        "preterite": "reí reíste rio reímos reísteis rieron",
        "imperfect": "reía reías reía reíamos reíais reían",
        "subjunctive": "ría rías ría riamos riais rían",
    }
    if prefix:  # one syllable more, and the accent is needed
        forms["preterite"] = forms["preterite"].replace("rio ", "rió ")
    return {
        (f"{prefix}reír", tense): " ".join(prefix + form for form in row.split())
        for tense, row in forms.items()
    }


WHOLE_TENSES = {
    ("dar", "present"): "doy das da damos dais dan",
    ("dar", "preterite"): "di diste dio dimos disteis dieron",
    ("dar", "subjunctive"): "dé des dé demos deis den",
    ("estar", "present"): "estoy estás está estamos estáis están",
    ("estar", "subjunctive"): "esté estés esté estemos estéis estén",
    ("haber", "present"): "he has ha hemos habéis han",
    ("haber", "subjunctive"): "haya hayas haya hayamos hayáis hayan",
    ("ir", "present"): "voy vas va vamos vais van",
    ("ir", "preterite"): "fui fuiste fue fuimos fuisteis fueron",
    ("ir", "imperfect"): "iba ibas iba íbamos ibais iban",
    ("ir", "subjunctive"): "vaya vayas vaya vayamos vayáis vayan",
    ("oír", "present"): "oigo oyes oye oímos oís oyen",
    ("oír", "preterite"): "oí oíste oyó oímos oísteis oyeron",
    ("saber", "present"): "sé sabes sabe sabemos sabéis saben",
    ("saber", "subjunctive"): "sepa sepas sepa sepamos sepáis sepan",
    ("ser", "present"): "soy eres es somos sois son",
    ("ser", "preterite"): "fui fuiste fue fuimos fuisteis fueron",
    ("ser", "imperfect"): "era eras era éramos erais eran",
    ("ser", "subjunctive"): "sea seas sea seamos seáis sean",
    ("ver", "present"): "veo ves ve vemos veis ven",
    ("ver", "preterite"): "vi viste vio vimos visteis vieron",
    ("ver", "imperfect"): "veía veías veía veíamos veíais veían",
    **_laugh(""),
    **_laugh("son"),
}
