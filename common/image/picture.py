"""A picture as it comes in: encoded bytes from somewhere, and a name for messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from common.errors import UserError, one_line


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture, such as the contents of a JPEG file. Nothing is read before `read`.

    Pictures with one name are equal, so a name must not be given twice in one set of data.

    Attributes:
        name: what to call it in a message, such as its path.
        source: the file; or its contents; or what makes the contents, the same each time.
    """

    name: str
    source: Path | bytes | Callable[[], bytes] = field(repr=False, compare=False)

    @classmethod
    def of_file(cls, path: Path | str) -> Picture:
        """Returns the picture in a file, which is named by its path."""
        return cls(str(path), Path(path))

    def read(self) -> bytes:
        """Returns the encoded bytes, at least one.

        Raises:
            UserError: there is no such file, it cannot be read, or nothing is in it.
        """
        if isinstance(self.source, Path):
            contents = self._file_contents(self.source)
        else:
            contents = self.source if isinstance(self.source, bytes) else self.source()
        if not contents:
            raise UserError(f"{self._shown}: the file is empty; replace it")
        return contents

    def _file_contents(self, path: Path) -> bytes:
        try:
            if path.is_dir():
                raise UserError(f"{self._shown}: this is a folder, not a picture; check the path")
            if path.exists() and not path.is_file():  # a device might never end
                raise UserError(f"{self._shown}: this is no regular file; check the path")
            return path.read_bytes()
        except FileNotFoundError:
            raise UserError(f"{self._shown}: there is no such file; check the path") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or one_line(error, 80)
            raise UserError(
                f"{self._shown}: the file cannot be read ({reason}); check it"
            ) from error

    @property
    def _shown(self) -> str:
        return one_line(self.name)
