"""Pictures by the names that a table gives them, never from outside of the data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from common.errors import UserError, one_line
from common.image.picture import Picture


class PictureFolders:
    """Folders in which pictures may lie, tried in turn. Nothing is opened."""

    def __init__(self, root: Path, folders: Sequence[Path]) -> None:
        """Says where pictures may lie.

        Args:
            root: the folder of the data, which no picture may leave.
            folders: where to look for a name, the first first; they need not be there.
        """
        self._root = root
        self._real_root = root.resolve()
        self._folders = tuple(folders)
        self._found: dict[str, Picture | None] = {}
        self._inside: dict[Path, bool] = {}

    def find(self, name: str, where: str) -> Picture | None:
        """Finds a picture.

        Args:
            name: its path, relative to one of the folders.
            where: the place that names it, for the message.

        Returns:
            The picture, named by its path; `None` where there is no such file.

        Raises:
            UserError: the path leaves the folder of the data, by itself or by a link.
        """
        if name not in self._found:
            self._found[name] = self._look(name, where)
        return self._found[name]

    def _look(self, name: str, where: str) -> Picture | None:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise UserError(
                f"{where}: the image '{one_line(name, 80)}' is outside of {self._root}; put it "
                "there, and name it by its path from there"
            )
        for folder in self._folders:
            path = folder / name
            try:
                if not path.is_file():
                    continue
                inside = self._is_inside(path)
            except (OSError, ValueError):  # a name that no file can have
                continue
            if not inside:
                raise UserError(
                    f"{where}: the image '{one_line(name, 80)}' is a link, or in one, that leads "
                    f"out of {self._root}; put the image itself there"
                )
            return Picture.of_file(path)
        return None

    def _is_inside(self, path: Path) -> bool:
        if path.is_symlink():
            return path.resolve().is_relative_to(self._real_root)
        folder = path.parent
        if folder not in self._inside:
            self._inside[folder] = folder.resolve().is_relative_to(self._real_root)
        return self._inside[folder]
