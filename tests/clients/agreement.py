"""What every client says of every artefact: the table that `make test-clients` prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Verdict:
    """One artefact in one client.

    Attributes:
        app: name of the application.
        artefact: as in `--artefact`.
        client: the runtime, with its version.
        agrees: whether its answers are those of the network that was evaluated; None where it
            cannot run the artefact.
        remark: what was compared and the largest difference, or why it cannot.
    """

    app: str
    artefact: str
    client: str
    agrees: bool | None
    remark: str

    @property
    def said(self) -> str:
        """The verdict in words."""
        word = {True: "agrees", False: "differs", None: "cannot"}[self.agrees]
        return f"{word}: {self.remark}"


class Agreement:
    """Verdicts as they are found."""

    def __init__(self) -> None:
        self.verdicts: list[Verdict] = []

    def agrees(self, app: str, artefact: str, client: str, remark: str) -> None:
        """Notes that answers are equal; call it after the assertions."""
        self.verdicts.append(Verdict(app, artefact, client, True, remark))

    def differs(self, app: str, artefact: str, client: str, remark: str) -> None:
        """Notes that some answers are others, for a known reason; the test bounds how many."""
        self.verdicts.append(Verdict(app, artefact, client, False, remark))

    def cannot(self, app: str, artefact: str, client: str, reason: str) -> None:
        """Notes why a client cannot run an artefact; the test shows that it cannot."""
        self.verdicts.append(Verdict(app, artefact, client, None, reason))


def as_markdown(verdicts: Iterable[Verdict]) -> str:
    """Returns the table, sorted."""
    lines = ["| application | artefact | client | verdict |", "|---|---|---|---|"]
    rows = {(v.app, v.artefact, v.client, v.said) for v in verdicts}
    lines += [f"| {' | '.join(row)} |" for row in sorted(rows)]
    return "\n".join(lines) + "\n"


def write_table(path: Path, verdicts: Iterable[Verdict]) -> None:
    """Writes the table as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# Clients\n\n{as_markdown(verdicts)}", encoding="utf-8")
