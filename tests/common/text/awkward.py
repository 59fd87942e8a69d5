"""Texts on which tokenizers disagree, and a vocabulary that knows their words."""

from __future__ import annotations

import random
import unicodedata

from common.text.vocabulary import Vocabulary

_TRAINING = (
    "a great film , it 's not bad but the film 's ending does n't work",
    "Don't miss McDonald on an iPhone: don't!",
    "café naïve Straße İstanbul ΟΔΟΣ οδός привет Привет",
    "好 电影 مرحبا بالعالم नमस्ते สวัสดี",
    "😀 ❤️ 👍🏽 👨‍👩‍👧 🇫🇷 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ☕",
    "http www example com page 3 5 100 2020 user name tag rock n roll re",
    "l'homme c'est o'neil dogs great great great",
)

VOCABULARY = Vocabulary.build(_TRAINING)

_ACCENTED = (
    "Café CAFÉ naïve NAÏVE Straße STRASSE strasse İstanbul istanbul ΟΔΟΣ ΟΔΌΣ οδός Привет ПРИВЕТ"
)

TEXTS = (
    # Case.
    "great Great GREAT gReAt",
    "iPhone iphone IPHONE Iphone McDonald mcdonald",
    # Accents, composed and decomposed; letters whose case mapping is not one to one.
    unicodedata.normalize("NFC", _ACCENTED),
    unicodedata.normalize("NFD", _ACCENTED),
    # Apostrophes inside and at the edge, straight and curly, and in a row.
    "don't Don’t DON'T don‘t don`t don´t",
    "'great' ’great’ ‘great’ ''great'' '''great'''",
    "'great",
    "great'",
    "dogs' dogs’ dogs'\n",
    "rock 'n' roll rock'n'roll 'tis",
    "it's It’s it 's film's n't does n't doesn't l'homme L’Homme",
    "'",
    "'' ’' '",
    "\"'great'\" ('great'), \"great\"",
    "great'-'film great-'film great'-film",
    # Quotes, dashes, ellipsis.
    "“great” „great“ «great» ‹great› ‚great‘ ‟great”",
    "great-film great–film great—film great―film great−film great‑film",
    "great...film great…film great!!!?? ¿great? ¡great!",
    "great/film|film\\great_film [great] {film} <film> ~film~ ^film^ `film`",
    "_great_ __film__ great_ _film a_great_film ____",
    # Addresses, names, tags, numbers, amounts.
    "https://www.example.com/page?user=name&tag=3#great",
    "@user @name_tag #great #film user@example.com",
    "3.5 3,5 1,000 100% $100 €100 £100 2020-05-03 5/5 3½ 3² ①②",
    "great™ great® ©2020 great° ±5 5×3 5÷3 §3 ¶ ·",
    # Emoji: separate, glued, sequences, skin tones, flags, keycaps, in a row.
    "great 😀 film 😀",
    "great😀 film",
    "😀great film",
    "great😀film 5😀 😀5 😀",
    "café😀 😀café 好😀 😀好 é😀great great😀é",
    "😀😀 😀😀😀 😀😀😀😀 😀❤️",
    "❤️ ❤ ❤︎ great❤️ ❤️great great❤️'s great❤️! ❤️‍🔥",
    "👍🏽 👍 👍🏿 great👍🏽 👨‍👩‍👧 great👨‍👩‍👧 👨‍👩‍👧‍👦",
    "🇫🇷 🇫🇷🇫🇷 great🇫🇷 🏴󠁧󠁢󠁥󠁮󠁧󠁿 great🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣ #️⃣ *️⃣ ☕ ⭐",
    "'😀' great'😀 😀'great 😀' '😀great' great😀's great😀'😀 (😀) \"😀\"",
    "_😀 😀_ _😀_ great_😀 great_😀_film 😀_great _'😀 '_😀 _'_😀'_",
    "\u200d 😀\u200d \u200d😀 great\u200d \u200dgreat \ufe0f great\ufe0f \ufe0f😀 \u20e3 '\ufe0f",
    "\ufe0fgreat \u200d'great '\ufe0f'great",
    # Other scripts, writing from right to left, invisible characters.
    "好电影，很好。「好」『电影』好　电影！ｇｒｅａｔ、ﬁlm・film",
    "مرحبا، بالعالم؟ \u200fمرحبا\u200f \u202bمرحبا بالعالم\u202c \u061cمرحبا\u061c 3٫5 مرحبا۔",
    "नमस्ते। สวัสดี שלום־עולם ʼn o\u02bcneil",
    "great\u200bfilm great\u200cfilm great\u2060film \ufeffgreat great\u00adfilm",
    "great\u00a0film great\u202ffilm great\u2009film great\u3000film great\u2028film",
    "great\tfilm\ngreat\r\nfilm\u1680\x0bgreat\x0cfilm\x85great\x1cfilm\x1fgreat\x7ffilm",
    # NUL, which ends a C string.
    "great\0film",
    "\0great",
    "great \0",
    "great😀\0great",
    # Little or nothing.
    "",
    " ",
    "\n",
    "...",
    "?!'’_-",
    "a",
    "'a'",
    "😀",
    "<PAD> <UNKNOWN> <START> PAD great",
    "\ufffd great\ufffd \U0010ffff \uffff \ue000 \u0301great g\u0301reat",
    # Much.
    "great film " * 5000,
    "great" * 10000,
    "'" * 1000 + "great" + "'" * 1000 + "film",
    "great" + "😀" * 1000 + "film " + "😀" * 1000,
)

# No UTF-8 text holds half a character, so these reach TensorFlow as the bytes other programs make
# of them, and MediaPipe not at all.
BROKEN_TEXTS = (
    "\ud800",
    "great \ud83d film",
    "great\ude00 film",
    "\udc80great 😀\ud83d",
    "'\ud800'",
)

_ALPHABET = (
    *["great", "Film", "don", "é", "e\u0301", "ß", "好", "م", "z", "7", "_", "_"],
    *["'", "'", "'", "’", "‘", '"', "`", "-", "—", ".", "…", "@", "#", "/", "<", "$", "\u00ad"],
    *["😀", "😀", "👍🏽", "❤️", "☕", "🇫🇷", "\u200d", "\ufe0f", "\u20e3", "\U000e0067"],
    *[" ", " ", " ", "\t", "\n", "\r", "\u00a0", "\u200b", "\u200c", "\u200f", "\u2028", "\u3000"],
    *["\ufeff", "\x85", "\x7f", "\x01", "\ufffd", "，", "。", "؟", "।", "\u0301", "\u02bc"],
)


def random_texts(count: int, seed: int) -> list[str]:
    """Returns texts of up to 12 pieces, the same ones for the same seed."""
    source = random.Random(seed)
    return [
        "".join(source.choices(_ALPHABET, k=source.randint(0, 12)))
        + ("\0great" if source.random() < 0.01 else "")
        for _ in range(count)
    ]
