"""Complaints about a YAML file that point at the line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from problems.io import files
from problems.io.errors import InputError, from_validation


@contextmanager
def yaml_document(path: Path) -> Iterator[dict[str, Any]]:
    """The mapping in a YAML file; what is complained of while it is looked at is told with the file and the line.

    A complaint starts with the field that it is about, as in ``system.cache_gb: -3; must be > 0``, and becomes
    ``scenario.yaml:12: system.cache_gb: -3; must be > 0``. Raises InputError; ValidationError is turned into one.
    """
    content = files.read_bytes(path)
    try:
        yield files.parse_yaml(content)
    except ValidationError as error:
        raise _pointed(from_validation(error), content).within(str(path)) from None
    except InputError as error:
        raise _pointed(error, content).within(str(path)) from None


def _pointed(error: InputError, content: bytes) -> InputError:
    field = str(error).partition(": ")[0]
    return error if error.line is not None else InputError(str(error), line_of(field, content))


def line_of(field: str, content: bytes) -> int | None:
    """The line, from 1, of ``solvers[3].settings.depth`` in YAML text, or of the nearest thing around it that is there.

    None where the text is no YAML or empty.
    """
    try:
        node = yaml.compose(content, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    if node is None:
        return None
    mark, rest = node.start_mark, field
    while (found := _step(node, rest)) is not None:
        node, mark, rest = found
    return mark.line + 1


def _step(node: yaml.Node, field: str) -> tuple[yaml.Node, yaml.Mark, str] | None:
    """The first step of a field's path: the value, the mark of its key or entry, and the rest of the path."""
    if isinstance(node, yaml.SequenceNode):
        place, bracket, rest = field.removeprefix("[").partition("]")
        if field.startswith("[") and bracket and place.isdigit() and int(place) < len(node.value):
            entry = node.value[int(place)]
            return entry, entry.start_mark, rest
        return None
    if not isinstance(node, yaml.MappingNode):
        return None
    named = field.removeprefix(".")
    keys = [(key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]
    for key, value in sorted(keys, key=lambda pair: -len(pair[0].value)):  # a key may have dots of its own
        rest = named.removeprefix(key.value)
        if key.value and len(rest) < len(named) and rest[:1] in ("", ".", "["):
            return value, key.start_mark, rest
    return None
