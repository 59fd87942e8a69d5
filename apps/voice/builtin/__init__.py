"""The builtin corpus of voices: women and men who speak vowels into a microphone.

It is synthesised here: no network, no files, the same sound on every run. `vowels` holds what was
measured on people, `speakers` draws a person from it, `score` makes up what is said, `glottis` and
`tract` are the voice that `speech` makes say it, `room` records it, `corpus` casts the clips.

A clip is a conversation: its speaker close to the microphone, mostly with somebody of the other sex
farther away, in turns. The label is that of the voice nearby. So a recording's average tells little
of it: one has to follow who is near when, and to hear pitch and formants together, as neither
decides alone.
"""

from .corpus import SPEAKERS, SPLITS, Utterance, generate
from .tract import SAMPLE_RATE
from .vowels import LABELS

__all__ = ["LABELS", "SAMPLE_RATE", "SPEAKERS", "SPLITS", "Utterance", "generate"]
