"""Whether a folder of the user's hides a package of t2bench, whose names are common words."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from t2bench.exit_codes import BAD_INPUT

PACKAGES = ("problems", "solvers", "t2drl", "benchmarks", "reports")
_HOME = Path(__file__).resolve().parents[1]
"""Where the packages lie, beside this one."""


def refuse_hidden_packages() -> None:
    """Raise ImportError, one line, where Python would find something else under a package's name.

    The command (``python -m t2bench``, or the script of its name) says the line and ends with exit code 2.
    """
    line = hidden_package()
    if line is None:
        return
    if Path(sys.argv[0] if sys.argv else "").stem in ("-m", "t2bench"):
        print(f"t2bench: {line}", file=sys.stderr)
        raise SystemExit(BAD_INPUT)
    raise ImportError(line)


def hidden_package() -> str | None:
    """The line that names what hides a package and says what to do; None where all are found."""
    for name in PACKAGES:
        own, found = _HOME / name / "__init__.py", _found(name)
        if found is not None and found.resolve() != own:
            return f"{found} hides the package {name} of t2bench ({own.parent}); rename it, or start Python elsewhere"
    return None


def _found(name: str) -> Path | None:
    """The file of a module or package, the folder of a package without one; None where there is nothing."""
    try:
        spec = importlib.util.find_spec(name)
    except ValueError:  # put among the imported modules by hand
        return None
    if spec is None:
        return None
    folders = list(spec.submodule_search_locations or ())
    return Path(spec.origin or folders[0]) if spec.origin or folders else None
