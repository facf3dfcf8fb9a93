"""What solvers and strategies say of themselves, read from their sources: nothing of them is imported.

A class tells its tier and promises in constants of its body (``tier``, ``exact``, ``needs_training``, ...), or as a
``Capabilities(...)``; its annotated fields are its settings. Where a source says it in another way, whoever asks has to
import the class.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib.util
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

KINDS = {
    ("solvers.base", "Solver"): "solver",
    ("solvers.base", "CachingStrategy"): "caching",
    ("solvers.base", "AllocationStrategy"): "allocation",
    ("solvers.untrained", "UntrainedCaching"): "caching",
    ("solvers.untrained", "UntrainedAllocation"): "allocation",
}
"""What the interface's classes are, and with them all that extend them."""
PROMISES = {
    "exact": "exact",
    "gives_bound": "bound",
    "takes_start": "start",
    "needs_training": "training",
}


CAPABILITIES = "Capabilities"


class NotReadable(Exception):
    """The source does not say it in a way that can be read without running it."""


@dataclass(frozen=True)
class Description:
    """What a class says of itself."""

    kind: str
    """``solver``, ``caching`` or ``allocation``."""
    tier: str
    exact: bool
    bound: bool
    """States a certified lower bound."""
    start: bool
    """Improves on a start."""
    training: bool
    """Is trained before it answers."""
    summary: str
    """The first paragraph of its docstring, on one line."""
    settings: dict[str, Any] = field(hash=False)
    """Their defaults by name."""
    extra: str | None
    """The extra whose libraries its module requires, or None."""


def describe(target: str) -> Description:
    """The class that ``module:Class`` names. Raises NotReadable."""
    module, _, name = target.partition(":")
    return _describe(_Source.of_module(module), name)


def describe_in_file(path: Path, name: str) -> Description:
    """The class of this name in a file. Raises NotReadable."""
    return _describe(_Source(str(path), path), name)


def _describe(source: _Source, name: str) -> Description:
    line = _line_of_descent(source, name)
    kind = next(KINDS[one.key] for one in line if one.key in KINDS)
    said = _capabilities(line) if kind == "solver" else _constants(line)
    settings: dict[str, Any] = {}
    for one in reversed(line):
        settings |= one.settings
    return Description(
        kind=kind,
        tier=str(said["tier"]),
        **{word: bool(said.get(promise, False)) for promise, word in PROMISES.items()},
        summary=_first_paragraph(ast.get_docstring(line[0].node)),
        settings=settings,
        extra=source.extra,
    )


def description_of(part: type[Any], kind: str, promises: object) -> Description:
    """What an imported class says; ``promises`` has its tier and promises as attributes."""
    settings = {
        field.name: None if field.default is dataclasses.MISSING else _shown(field.default)
        for field in dataclasses.fields(part)
        if field.init
    }
    said = {word: bool(getattr(promises, promise, False)) for promise, word in PROMISES.items()}
    tier = str(getattr(promises, "tier", ""))
    return Description(kind, tier, **said, summary=_first_paragraph(part.__doc__), settings=settings, extra=None)


def _first_paragraph(docstring: str | None) -> str:
    return " ".join(inspect.cleandoc(docstring or "").split("\n\n")[0].split())


def _shown(default: Any) -> Any:
    return default if isinstance(default, str | int | float | bool) or default is None else str(default)


def _line_of_descent(source: _Source, name: str) -> list[_Class]:
    """The class, the class that it extends, and so on through the interface's."""
    line = [source.class_of(name)]
    while line[-1].key not in KINDS:
        line.append(line[-1].parent)
    while line[-1].parent_name != "ABC":
        line.append(line[-1].parent)
    return line


def _constants(line: list[_Class]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for one in reversed(line):
        for name, value in one.assigned():
            if name == "tier" or name in PROMISES:
                said[name] = one.source.value(value)
    return said


def _capabilities(line: list[_Class]) -> dict[str, Any]:
    """The arguments of the ``Capabilities(...)`` that the nearest class assigns, or returns from a property."""
    for one in line:
        for value in one.capabilities():
            if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == CAPABILITIES):
                raise NotReadable(f"{one.node.name}.capabilities is no plain {CAPABILITIES}(...)")
            given = {str(word.arg): one.source.value(word.value) for word in value.keywords}
            return given | ({"tier": one.source.value(value.args[0])} if value.args else {})
    raise NotReadable(f"{line[0].node.name} does not say its capabilities")


@dataclass(frozen=True)
class _Source:
    """A Python source, taken apart."""

    module: str
    path: Path

    @classmethod
    def of_module(cls, module: str) -> _Source:
        try:
            spec = importlib.util.find_spec(module)
        except (ImportError, ValueError, AttributeError) as error:
            raise NotReadable(f"{module}: {error}") from None
        if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
            raise NotReadable(f"{module} has no Python source")
        return cls(module, Path(spec.origin))

    @cached_property
    def body(self) -> list[ast.stmt]:
        try:
            return ast.parse(self.path.read_bytes()).body
        except (OSError, SyntaxError, ValueError) as error:
            raise NotReadable(f"{self.path}: {error}") from None

    @cached_property
    def imports(self) -> dict[str, tuple[str, str]]:
        """Where names come from: ``from module import name``."""
        return {
            alias.asname or alias.name: (node.module, alias.name)
            for node in self.body
            if isinstance(node, ast.ImportFrom) and node.module and not node.level
            for alias in node.names
        }

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        return dict(_assigned(self.body))

    @property
    def extra(self) -> str | None:
        """Of a line ``require("extra")``."""
        for node in self.body:
            match node:
                case ast.Expr(ast.Call(func=ast.Name(id="require"), args=[ast.Constant(value=str(extra))])):
                    return extra
        return None

    def class_of(self, name: str) -> _Class:
        for node in self.body:
            if isinstance(node, ast.ClassDef) and node.name == name:
                return _Class(self, node)
        if name in self.imports:
            module, there = self.imports[name]
            return _Source.of_module(module).class_of(there)
        raise NotReadable(f"{self.module} has no class {name}")

    def value(self, expression: ast.expr) -> Any:
        """A literal, or the constant of a name."""
        if isinstance(expression, ast.Name):
            if expression.id in self.constants:
                return self.value(self.constants[expression.id])
            if expression.id in self.imports:
                module, there = self.imports[expression.id]
                return _Source.of_module(module).value(ast.Name(there))
        try:
            return ast.literal_eval(expression)
        except ValueError:
            raise NotReadable(f"{ast.unparse(expression)} is no literal") from None


@dataclass(frozen=True)
class _Class:
    source: _Source
    node: ast.ClassDef

    @property
    def key(self) -> tuple[str, str]:
        return self.source.module, self.node.name

    @property
    def parent_name(self) -> str:
        """The first class that it extends."""
        if not self.node.bases or not isinstance(self.node.bases[0], ast.Name):
            raise NotReadable(f"{self.node.name} extends no class of the interface")
        return self.node.bases[0].id

    @property
    def parent(self) -> _Class:
        return self.source.class_of(self.parent_name)

    def assigned(self) -> Iterator[tuple[str, ast.expr]]:
        return _assigned(self.node.body)

    def capabilities(self) -> Iterator[ast.expr]:
        yield from (value for name, value in self.assigned() if name == "capabilities")
        for node in self.node.body:
            if isinstance(node, ast.FunctionDef) and node.name == "capabilities":
                last = node.body[-1]
                if not isinstance(last, ast.Return) or last.value is None:
                    raise NotReadable(f"{self.node.name}.capabilities returns in another way")
                yield last.value

    @property
    def settings(self) -> dict[str, Any]:
        """The dataclass's own fields with their defaults; None for one without."""
        found = {}
        for node in self.node.body:
            match node:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=kind) if "ClassVar" not in ast.unparse(kind):
                    found[name] = None if node.value is None else self._default(node.value)
        return found

    def _default(self, value: ast.expr) -> Any:
        try:
            return _shown(self.source.value(value))
        except NotReadable:
            return ast.unparse(value)


def _assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
