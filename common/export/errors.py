"""The error of an export that cannot be made or came out wrong."""


class ExportError(Exception):
    """An artefact is impossible or wrong; the message says which, why, and what to do."""
