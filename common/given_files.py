"""The files that the user gives: one by one, or folders of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from common.errors import UserError

T = TypeVar("T")


def files_of(
    arguments: Iterable[str],
    kind: str,
    suffixes: Collection[str],
    opened: Callable[[Path, str], T],
    check: Callable[[T], object],
) -> Iterator[tuple[str, T]]:
    """Yields path and input of every file, and of every file of a kind below every folder.

    In a folder, files that cannot be read are passed over, named on standard error and counted.

    Args:
        arguments: paths.
        kind: what the files are, as "sound" or "picture", for messages.
        suffixes: of the files that are taken from a folder.
        opened: makes the input of a path and what to call it; reads nothing.
        check: reads an input of a folder.

    Raises:
        UserError: an argument is empty, or a folder holds no such file or none that can be read.
    """
    for number, argument in enumerate(arguments, 1):
        if not argument.strip():  # else it would be the folder we are in
            raise UserError(f"input {number} is empty; give the path of a {kind} or of a folder")
        path = Path(argument).expanduser()
        if not path.is_dir():
            yield argument, opened(path, argument)
            continue
        files = sorted(file for file in path.rglob("*") if file.suffix.lower() in suffixes)
        if not files:
            raise UserError(f"{path}: holds no {kind} ({', '.join(suffixes)})")
        passed_over = 0
        for file in files:
            one = opened(file, str(file))
            try:
                check(one)
            except UserError as error:
                print(f"passed over: {error}", file=sys.stderr)
                passed_over += 1
                continue
            yield str(file), one
        if passed_over == len(files):
            raise UserError(f"{path}: none of the {passed_over} {kind}s can be read; replace them")
        if passed_over:
            print(f"{path}: {passed_over} of {len(files)} files passed over", file=sys.stderr)
