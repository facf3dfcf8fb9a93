"""``import t2bench`` is a table of contents: all that it names is there, and is loaded when it is asked for."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import t2bench

HEAVY = ("torch", "numba", "pandas", "numpy", "scipy", "matplotlib", "pydantic", "sqlalchemy")


def test_the_import_loads_nothing_heavy() -> None:
    code = f"import sys, t2bench; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_sampling_solving_and_judging_load_no_torch() -> None:
    code = (
        "import sys, t2bench; instance = t2bench.sample('tiny'); "
        "assert t2bench.judge(instance, t2bench.solve(instance, 'lru').solution).feasible; "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("name", t2bench.__all__)
def test_every_name_is_there_and_says_what_it_is(name: str) -> None:
    value = getattr(t2bench, name)
    assert name in dir(t2bench)
    if callable(value):
        assert inspect.getdoc(value)


def test_functions_show_an_example_that_parses() -> None:
    functions = [getattr(t2bench, name) for name in t2bench.__all__ if inspect.isfunction(getattr(t2bench, name))]
    own = [function for function in functions if function.__module__.startswith("t2bench.")]
    assert len(own) > 15
    for function in own:
        lines = [line[4:] for line in (inspect.getdoc(function) or "").splitlines() if line.startswith(">>> ")]
        assert lines, function
        for line in lines:
            ast.parse(line)


def test_what_type_checkers_see_is_what_is_loaded() -> None:
    tree = ast.parse(Path(inspect.getsourcefile(t2bench) or "").read_text())
    (guarded,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.name: node.module for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert seen == {name: module for module, names in t2bench._PLACES.items() for name in names}
    assert sorted(seen) == sorted(t2bench.__all__)


def test_another_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="module 't2bench' has no attribute 'nonsense'"):
        _ = t2bench.nonsense
