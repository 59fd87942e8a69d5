"""Which pictures `predict` is asked about: files, and folders of them; how a server gets them."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image

from common.errors import UserError
from common.image.decoding import SUFFIXES, decode
from common.image.picture import Picture

# How JPEG and PNG begin.
_READ_BY_SERVER = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def read_arguments(arguments: Iterable[str]) -> Iterator[tuple[str, Picture]]:
    """Yields path and picture of every file, and of every picture below every folder.

    In a folder, files that cannot be read are passed over, named on standard error and counted.

    Raises:
        UserError: a folder holds no picture that can be read, or an argument is empty.
    """
    for number, argument in enumerate(arguments, 1):
        if not argument.strip():  # else it would be the folder we are in
            raise UserError(f"input {number} is empty; give the path of a picture or of a folder")
        path = Path(argument).expanduser()
        if not path.is_dir():
            yield argument, Picture(argument, path)
            continue
        files = sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES)
        if not files:
            raise UserError(f"{path}: holds no picture ({', '.join(SUFFIXES)})")
        passed_over = 0
        for file in files:
            picture = Picture.of_file(file)
            try:
                decode(picture)
            except UserError as error:
                print(f"passed over: {error}", file=sys.stderr)
                passed_over += 1
                continue
            yield str(file), picture
        if passed_over == len(files):
            raise UserError(f"{path}: none of the {passed_over} pictures can be read; replace them")
        if passed_over:
            print(f"{path}: {passed_over} of {len(files)} files passed over", file=sys.stderr)


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
