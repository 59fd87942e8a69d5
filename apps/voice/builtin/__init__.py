"""The builtin corpus of voices: women and men who speak vowels into a microphone.

It is synthesised here: no network, no files, the same sound on every run. `vowels` holds what was
measured on people, `speakers` draws a person from it, `score` makes up what is said, `glottis` and
`tract` are the voice that `speech` makes say it, `room` records it, `corpus` casts the clips.

A clip is a conversation: its speaker close to the microphone, mostly with somebody of the other sex
farther away, in turns, and now and then something louder than both. The label is that of the near
voice. So the average over a clip tells little of it: which of its moments count has to be found
out, and in those the pitch of either sex can be that of the other.
"""

from .corpus import SPEAKERS, SPLITS, Utterance, generate
from .tract import SAMPLE_RATE
from .vowels import LABELS

__all__ = ["LABELS", "SAMPLE_RATE", "SPEAKERS", "SPLITS", "Utterance", "generate"]
