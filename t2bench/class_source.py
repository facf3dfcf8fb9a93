"""The source of a class that was defined in a notebook's cell or in the running script, as a module of its own.

A process of a cell knows nothing of the session that asks: what it is to run must be in a file. The file holds the
class and all that it uses: imports, constants, functions and other classes of the session.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import symtable
import sys
import textwrap
from collections.abc import Iterator
from types import FunctionType
from typing import Any

from problems.io.errors import InputError, shorten

_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_INSTEAD = "save the class in a file and name it FILE.py:CLASS"


def source_of(kind: type) -> str:
    """The text of a module that defines ``kind``, a class of the module ``__main__``; equal classes give equal texts.

    Raises InputError where its source is not known, as at a prompt or from standard input, and where it uses what
    no text stands for, such as an array of the session.
    """
    session = _Session(kind)
    session.write(kind.__name__)
    title = f'"""The solver {kind.__name__}, as it was defined in a notebook or a script."""'
    imports = ["from __future__ import annotations", *sorted(session.imports)]
    return "\n\n".join([title, "\n".join(imports), *session.definitions]) + "\n"


class _Session:
    """What the running module defines, and what of it has been written for one class."""

    def __init__(self, kind: type) -> None:
        self._kind = kind
        self._names = vars(sys.modules["__main__"])
        self._trees = [(text, ast.parse(text)) for text in _texts()]
        self._written: set[str] = set()
        self.imports: set[str] = set()
        self.definitions: list[str] = []

    def write(self, name: str) -> None:
        """Write what ``name`` stands for in the session, after all that this uses; nothing for a built-in name."""
        if name in self._written or name not in self._names:
            return
        self._written.add(name)
        value = self._names[name]
        imports = self._imports(name, value)
        if imports:
            self.imports.update(imports)
        elif _defined_here(value, name):
            text = self._definition(value)
            for used in _globals_of(text):
                self.write(used)
            self.definitions.append(text)
        elif _is_literal(value):
            self.definitions.append(f"{name} = {value!r}")
        else:
            what = f"{name!r}, which is {shorten(value)}"
            raise InputError(f"solver: {self._kind.__name__} uses {what}; make it a setting, or {_INSTEAD}")

    def _imports(self, name: str, value: Any) -> list[str]:
        """The session's import statements by which ``name`` stands for ``value``."""
        found = []
        for _, tree in self._trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    found += [_alone(node, alias) for alias in node.names if _binds(node, alias, name, value)]
        return found

    def _definition(self, value: Any) -> str:
        """The statement that defined a class or a function."""
        found = [text for code in _codes(value) for text in self._around(value.__name__, code)]
        if not found:
            texts = {
                _statement(text, node) for text, tree in self._trees for node in _definitions(value.__name__, tree)
            }
            found = list(texts) if len(texts) == 1 else []
        if not found:
            raise InputError(f"solver: {value.__name__}: Python does not know its source; {_INSTEAD}")
        return found[0]

    def _around(self, name: str, code: Any) -> Iterator[str]:
        text = "".join(linecache.getlines(code.co_filename))
        for node in _definitions(name, ast.parse(text)):
            if _first_line(node) <= code.co_firstlineno <= (node.end_lineno or 0):
                yield _statement(text, node)


def _texts() -> list[str]:
    """The sources of the session: the script, and the cells that were run, which Python keeps for its tracebacks."""
    script = getattr(sys.modules["__main__"], "__file__", None)
    texts = ["".join(linecache.getlines(script))] if script else []
    kept = [entry for entry in linecache.cache.values() if len(entry) == 4 and entry[1] is None]
    return [text for text in [*texts, *("".join(entry[2]) for entry in kept)] if _parses(text)]


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _defined_here(value: Any, name: str) -> bool:
    defined = isinstance(value, type) or isinstance(inspect.unwrap(value), FunctionType)
    return defined and value.__module__ == "__main__" and value.__qualname__ == name


def _codes(value: Any) -> list[Any]:
    """The code objects of a function, or of a class's own methods."""
    if not isinstance(value, type):
        return [inspect.unwrap(value).__code__]
    members = (getattr(member, "fget", None) or getattr(member, "__func__", member) for member in vars(value).values())
    functions = (inspect.unwrap(member) for member in members if callable(member))
    return [function.__code__ for function in functions if isinstance(function, FunctionType)]


def _definitions(name: str, tree: ast.Module) -> Iterator[_Definition]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            yield node


def _first_line(node: _Definition) -> int:
    return min(part.lineno for part in (node, *node.decorator_list))


def _statement(text: str, node: _Definition) -> str:
    lines = text.splitlines()[_first_line(node) - 1 : node.end_lineno]
    return textwrap.dedent("\n".join(lines))


def _globals_of(text: str) -> list[str]:
    """The names that a statement uses and does not define, wherever in it they stand."""
    whole = symtable.symtable(text, "cell", "exec")
    names: set[str] = set()
    tables = [whole]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        symbols = table.get_symbols()
        names.update(one.get_name() for one in symbols if one.is_referenced() and (table is whole or one.is_global()))
    return sorted(names)


def _binds(node: ast.Import | ast.ImportFrom, alias: ast.alias, name: str, value: Any) -> bool:
    """Whether a name of an import statement is this one and stands for this value."""
    whole = isinstance(node, ast.ImportFrom) or alias.asname is not None
    if name != (alias.asname or (alias.name if whole else alias.name.partition(".")[0])):
        return False
    if isinstance(node, ast.ImportFrom):
        module = sys.modules.get(node.module or "")
        return module is not None and getattr(module, alias.name, module) is value
    return sys.modules.get(alias.name if whole else name) is value


def _alone(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    """The statement for one of its names."""
    if isinstance(node, ast.Import):
        return ast.unparse(ast.Import(names=[alias]))
    return ast.unparse(ast.ImportFrom(module=node.module, names=[alias], level=node.level))


def _is_literal(value: Any) -> bool:
    try:
        return bool(ast.literal_eval(repr(value)) == value)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False
