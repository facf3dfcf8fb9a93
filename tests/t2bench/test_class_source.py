"""A class of the running session reaches other processes as a file of its source."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from solvers.registry import make_solver
from tests.t2bench.notebooks import run_cells

PIECES = '''
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import scipy.stats
import scipy.special as special

import t2bench
from problems.status import Tier

FREE = {"gb": (1.0, 2.0)}
__UNUSED__ = np.arange(3)

def order_of(size):
    return np.argsort(size * special.expit(scipy.stats.norm.ppf(0.5)))

@dataclass(frozen=True)
class Base(t2bench.OnlineCaching):
    tier: ClassVar[Tier] = "online-model-free"
    keep_free_gb: float = 0.0

@dataclass(frozen=True)
class Mine(Base):
    """The smallest first."""

    def choose(self, frame: t2bench.FrameView) -> np.ndarray:
        instance = frame.catalogue.size_gb
        free = self.keep_free_gb + FREE["gb"][0]
        return t2bench.fill_in_order(order_of(instance), instance, frame.system.cache_gb - free)
'''
"""A class with all that it uses; ``instance`` is a name of its own and of the session."""
ASKS = """
instance = t2bench.sample("small", 1)
here = t2bench.solve(instance, Mine(keep_free_gb=0.5))
there = t2bench.solve(instance, Mine(keep_free_gb=0.5), time_limit_s=60)
assert there.error is None, there.error
assert here.cost == there.cost
print(here.cost)
"""


def test_a_class_of_cells_reaches_processes_and_a_matrix_in_which_a_changed_one_is_run_again(tmp_path: Path) -> None:
    imports, rest = PIECES.split("\n\nFREE")
    definitions = [f"@{piece}" if piece.startswith("dataclass") else piece for piece in f"FREE{rest}".split("\n\n@")]
    matrix = "{'name': 'm', 'solvers': ['none', Mine, Mine(0.5)], 'families': ['tiny']}"
    run = f"rows = t2bench.run({matrix}, 'm.sqlite', jobs=1, resume=True).rows().set_index('label')"
    tell = "print(*rows.loc[['Mine', 'Mine (keep_free_gb=0.5)', 'none'], 'code_version'], rows.loc['Mine', 'solver'])"
    changed = PIECES.replace("np.argsort(size", "np.argsort(-size")
    cells = [imports, *definitions, ASKS, run, tell, run, tell, changed, run, tell]
    printed = [text for text in run_cells(cells, tmp_path) if text]
    cost, first, again, other = (text.split() for text in printed)
    assert float(cost[0]) > 0
    assert first == again
    assert other[0] == other[1] != first[0]
    assert other[2:] == first[2:]
    assert first[3] == f"{tmp_path / 'm.solvers' / 'Mine.py'}:Mine"
    solver = make_solver(first[3], {"keep_free_gb": 2.0})
    assert solver.caching.keep_free_gb == 2.0  # type: ignore[attr-defined]


def test_a_class_of_a_script_is_solved_with_and_the_script_is_not_run_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(PIECES + ASKS + "\nprint('once')\n")
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    assert done.stdout.splitlines()[1:] == ["once"]


def test_a_class_without_a_known_source_is_solved_with_here_and_refused_for_a_process(tmp_path: Path) -> None:
    code = PIECES + "\nprint(t2bench.solve(t2bench.sample('tiny'), Mine).status)" + ASKS
    done = subprocess.run([sys.executable, "-"], input=code, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "feasible\n", done
    assert done.stderr.splitlines()[-1] == (
        "problems.io.errors.InputError: solver: Mine: Python does not know its source; "
        "save the class in a file and name it FILE.py:CLASS"
    )


def test_what_no_text_stands_for_is_named(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        f"{PIECES}\nfrom t2bench.class_source import source_of\n"
        "for name, value in (('FREE', {'gb': np.ones(2)}), ('order_of', lambda size: size), ('np', object())):\n"
        "    kept, globals()[name] = globals()[name], value\n"
        "    try:\n        source_of(Mine)\n    except t2bench.InputError as error:\n        print(error)\n"
        "    globals()[name] = kept\n"
    )
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=True)
    whats = [
        "'FREE', which is {'gb': array([1., 1.])}",
        "'order_of', which is <function <lambda>",
        "'np', which is <obj",
    ]
    for line, what in zip(done.stdout.splitlines(), whats, strict=True):
        assert line.startswith(f"solver: Mine uses {what}")
        assert line.endswith("; make it a setting, or save the class in a file and name it FILE.py:CLASS")


def test_the_source_is_the_class_with_what_it_uses_and_nothing_else(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(f"{PIECES}\nfrom t2bench.class_source import source_of\nprint(source_of(Mine))\n")
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "__UNUSED__" not in done.stdout
    assert "import scipy.stats\n" in done.stdout
    for piece in PIECES.split("\n\n"):
        assert piece in done.stdout or not piece.startswith(("def", "@", "    def"))
    compile(done.stdout, "script", "exec")
