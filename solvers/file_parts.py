"""Solvers in files of a user's own: ``FILE.py:CLASS``, with the modules that lie beside the file."""

from __future__ import annotations

import ast
import importlib.util
import sys
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

MARK = ".py:"


def is_in_file(name: str) -> bool:
    """Whether a solver's name is ``FILE.py:CLASS``."""
    return MARK in name


def split(name: str) -> tuple[Path, str]:
    """The file and the class."""
    file, _, attribute = name.rpartition(":")
    return Path(file), attribute


def load(path: Path) -> ModuleType:
    """The module in the file, run once for each content.

    Modules beside it can be imported, behind all that is installed. Raises FileNotFoundError, or what the file raises.
    """
    path = path.resolve()
    if not path.is_file():
        raise FileNotFoundError(path)
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    name = f"t2bench_file_{sha256(f'{path}/{content_digest(path)}'.encode()).hexdigest()[:16]}"
    if name not in sys.modules:
        loader = _AsItIsNow(name, str(path))
        spec = importlib.util.spec_from_file_location(name, path, loader=loader)
        assert spec is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
    return sys.modules[name]


class _AsItIsNow(SourceFileLoader):
    """Compiles the source itself: bytecode of a file that changed twice in a second may be that of the first change."""

    def get_code(self, fullname: str) -> CodeType:
        """The module's code, which is kept nowhere."""
        return self.source_to_code(self.get_data(self.path), self.path)


def content_digest(path: Path) -> str:
    """SHA-256 of the file and of the modules beside it that it imports, and of those that they import in turn."""
    digest = sha256()
    for file in _closure(path.resolve()):
        digest.update(file.relative_to(path.resolve().parent).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _closure(path: Path) -> list[Path]:
    """The file first, then every module beside it that it needs."""
    found, waiting = [path], [path]
    while waiting:
        for name in sorted(_imported_names(waiting.pop())):
            for file in _files_of(path.parent, name):
                if file not in found:
                    found.append(file)
                    waiting.append(file)
    return [found[0], *sorted(found[1:])]


def _imported_names(file: Path) -> set[str]:
    """The dotted names that a source imports, ``from a import b`` as ``a.b`` too; none of what is no Python."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _files_of(folder: Path, name: str) -> list[Path]:
    """The files in a folder that the import of a dotted name runs: packages on the way and the module itself."""
    files, place = [], folder
    for part in name.split("."):
        module, package = place / f"{part}.py", place / part / "__init__.py"
        files += [file for file in (module, package) if file.is_file()]
        place /= part
    return files
