"""Words every subject shares: general praise and blame, and the neutral names around an opinion."""

# Pairs of a word of praise and its opposite; both sides fill the same place in a sentence.
LOVE = (
    ("love", "hate"),
    ("like", "dislike"),
    ("enjoy", "hate"),
    ("adore", "detest"),
    ("love", "dislike"),
)
TREAT = (
    ("treat", "disappointment"),
    ("joy", "pain"),
    ("delight", "letdown"),
    ("success", "failure"),
    ("gem", "dud"),
)
DELIGHTED = (
    ("delighted", "disappointed"),
    ("happy", "unhappy"),
    ("impressed", "disappointed"),
    ("pleased", "unhappy"),
    ("thrilled", "disappointed"),
)
IMPRESS = (("impress", "disappoint"), ("please", "disappoint"), ("delight", "disappoint"))

# General words, for a whole as well as for a part of it.
FINE = "good great excellent wonderful fantastic brilliant impressive amazing superb lovely".split()
POOR = "bad poor terrible awful dreadful mediocre disappointing horrible lousy".split()
# The milder ones: they can be denied, so every aspect may use them.
MILD_GOOD = ("good", "great", "impressive")
MILD_BAD = ("bad", "poor", "disappointing")

# "very" goes with most descriptions, but not with general words: nobody says "very wonderful".
REALLY = ("", "", "really ", "truly ", "so ")
VERY = ("", "", "really ", "very ", "so ")

RELATIVES = (
    "sister brother mother father cousin aunt uncle boss flatmate neighbour colleague".split()
)
CROWDS = (
    "everyone else",
    "everybody I know",
    "most people",
    "half my friends",
    "the whole family",
    "most reviewers",
)

# Proper names are the natural unknown words of a text; no training text has the NEW_ ones.
NAMES = (
    "Marta Tom Nadia Ben Priya Lena Omar Julia Sam Chloe Ivan Ruth Hugo Amina Felix Grace Leo Mei"
).split()
NEW_NAMES = "Bogdan Saoirse Ximena Thaddeus Ayumi Lubna Wilfred Ottilie".split()
TOWNS = (
    "Lisbon Leeds Cork Vienna Porto Bristol Ghent Turin York Oslo Bath Granada Bergen Dover"
).split()
NEW_TOWNS = "Ljubljana Inverness Szeged Matera Aarhus Kotor Whitby Nantes".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = (
    "January February March April May June July August September October November December".split()
)

HANDLES = "jo tomk marta_r lenab bookish dave mrs_p nina the_real_sam kay ollie rosa".split()
# All of these go with praise and with blame.
EMOJI = "👀🤷💬🤔🙋"
TAGS = ("#review", "#weekend", "#justsaying", "#mytwocents", "#honestreview", "#fridaythoughts")
