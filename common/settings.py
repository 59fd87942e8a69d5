"""Settings of a training run: frozen dataclasses that are command-line options and JSON as well."""

from __future__ import annotations

import dataclasses
import json
import typing
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import click

from common.errors import UserError

S = TypeVar("S")


def option(
    default: Any, help: str, minimum: float | None = None, maximum: float | None = None
) -> Any:
    """A field of a settings class: its default, what it means, and the values it may have."""
    metadata = {"help": help, "minimum": minimum, "maximum": maximum}
    return dataclasses.field(default=default, metadata=metadata)


def click_options(settings: type[Any]) -> list[click.Option]:
    """Returns a command-line option for each field, with its help, default and allowed values."""
    types = typing.get_type_hints(settings)
    options = []
    for field in dataclasses.fields(settings):
        name = "--" + field.name.replace("_", "-")
        if types[field.name] is bool:
            name = f"{name}/--no-{name[2:]}"
        options.append(
            click.Option(
                [name],
                default=field.default,
                show_default=True,
                help=field.metadata["help"],
                type=_click_type(types[field.name], field),
            )
        )
    return options


def _click_type(kind: Any, field: dataclasses.Field[Any]) -> Any:
    low, high = field.metadata["minimum"], field.metadata["maximum"]
    if get_origin(kind) is Literal:
        return click.Choice(get_args(kind))
    if kind is int and (low is not None or high is not None):
        return click.IntRange(low, high)
    if kind is float and (low is not None or high is not None):
        return click.FloatRange(low, high)
    return kind


def from_options(settings: type[S], options: dict[str, Any]) -> S:
    """Makes the settings of the options that belong to them; others are left alone."""
    names = [field.name for field in dataclasses.fields(settings)]  # type: ignore[arg-type]
    return settings(**{name: options[name] for name in names if name in options})


def to_json(settings: Any) -> dict[str, Any]:
    """Returns the settings as a dictionary that JSON can hold."""
    return dataclasses.asdict(settings)


def from_json(settings: type[S], values: dict[str, Any]) -> S:
    """Makes settings of what `to_json` returned; a field that is not there gets its default."""
    return from_options(settings, values)


def read_json(path: Path) -> dict[str, Any]:
    """Reads a JSON object.

    Raises:
        UserError: the file is missing or holds something else.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read as JSON ({error})") from error
    if not isinstance(value, dict):
        raise UserError(f"{path}: holds no JSON object")
    return value
