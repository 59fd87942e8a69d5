"""Which pictures `predict` is asked about: files, and folders of them; how a server gets them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from PIL import Image

from common.given_files import files_of
from common.image.decoding import SUFFIXES, decode
from common.image.picture import Picture

# How JPEG and PNG begin.
_READ_BY_SERVER = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def read_arguments(arguments: Iterable[str]) -> Iterator[tuple[str, Picture]]:
    """Yields path and picture of every file, and of every picture below every folder.

    See `common.given_files.files_of`.
    """
    yield from files_of(
        arguments, "picture", SUFFIXES, lambda path, name: Picture(name, path), decode
    )


def for_server(picture: Picture) -> bytes:
    """Returns contents that the server's graph reads: those of a JPEG or PNG file as they are.

    Of the others it reads some; all become PNG of the same pixels.

    Raises:
        UserError: it cannot be read.
    """
    contents = picture.read()
    if contents.startswith(_READ_BY_SERVER):
        return contents
    png = io.BytesIO()
    Image.fromarray(decode(picture)).save(png, "PNG")
    return png.getvalue()
