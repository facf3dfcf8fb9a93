"""YAML mappings, and complaints about them that point at the line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from problems.io.errors import InputError, from_validation, shorten, shorten_text
from problems.io.files import read_bytes


class _Yaml(yaml.SafeLoader):
    """Plain YAML that also reads ``4e-15`` as a number, as JSON and YAML 1.2 do, and refuses repeated keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping. Raises ConstructorError for a key that stands twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                problem = f"{shorten_text(key.value)}: stands twice in one mapping"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


_Yaml.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+$"), list("-+.0123456789")
)


def parse_yaml(content: bytes) -> dict[str, Any]:
    """A YAML mapping. Raises InputError, which knows its line, for syntax errors."""
    try:
        document = yaml.load(content, Loader=_Yaml)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        if mark is None:
            raise InputError(f"not valid YAML: {problem}") from None
        raise InputError(f"not valid YAML: {problem} (column {mark.column + 1})", mark.line + 1) from None
    except RecursionError:
        raise InputError("not valid YAML: nested too deeply") from None
    except ValueError as error:
        raise InputError(f"not valid YAML: {error}") from None
    if not isinstance(document, dict):
        raise InputError(f"{shorten(document)}; must be a YAML mapping")
    return document


@contextmanager
def yaml_document(path: Path) -> Iterator[dict[str, Any]]:
    """The mapping in a YAML file; what is complained of while it is looked at is told with the file and the line.

    A complaint starts with the field that it is about, as in ``system.cache_gb: -3; must be > 0``, and becomes
    ``scenario.yaml:12: system.cache_gb: -3; must be > 0``. Raises InputError; ValidationError is turned into one.
    """
    content = read_bytes(path)
    try:
        yield parse_yaml(content)
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
