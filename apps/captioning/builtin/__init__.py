"""The builtin captioning corpus: drawings of coloured shapes, each with five captions.

We draw and describe it ourselves: no network, no files, the same pictures on every machine.
`scene` is what a picture shows, `composition` makes scenes up, `layout`, `outlines` and `drawing`
draw them, `phrases` puts them into English with the words of `words`. `combinations` says what
training never shows. `truth` checks any caption against a scene, also one that a network wrote:
`reading` finds the `claims` in it.

An answer has to count, to tell colours, shapes and sizes, and to say which of them belong together
and how they stand to each other; in the test split, also where training had no such picture.
"""

from .corpus import SPLITS, Drawn, generate
from .layout import SIDE
from .phrases import CAPTIONS
from .scene import Scene
from .truth import check

__all__ = ["CAPTIONS", "SIDE", "SPLITS", "Drawn", "Scene", "check", "generate"]
