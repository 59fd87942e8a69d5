"""Which pictures `predict` is asked about: files, and folders of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from common.errors import UserError
from common.image.decoding import SUFFIXES, decode
from common.image.picture import Picture


def read_arguments(arguments: Iterable[str]) -> Iterator[tuple[str, Picture]]:
    """Yields path and picture of every file, and of every picture below every folder.

    In a folder, files that cannot be read are passed over, named on standard error and counted.

    Raises:
        UserError: a folder holds no picture, or an argument is empty.
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
        if passed_over:
            print(f"{path}: {passed_over} of {len(files)} files passed over", file=sys.stderr)
