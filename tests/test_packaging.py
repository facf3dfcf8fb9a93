"""What is built is whole: the wheel in an environment and a folder of its own, and the source distribution."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path

import pytest

from tests.pages import blocks
from tests.places import README, ROOT
from tests.t2bench.hiding import hide

NOT_COPIED = (".git", ".venv", ".*_cache", "__pycache__", "build", "*.egg-info", "bench-out")
"""Of the tree, which others build from at the same time."""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def run(*command: object, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | environment
    return subprocess.run(
        [str(word) for word in command], cwd=folder, env=clean, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel that is built from it."""
    folder, tree = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("copy") / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*NOT_COPIED))
    done = run(sys.executable, "-m", "build", "--outdir", folder, tree, folder=folder)
    assert done.returncode == 0, done
    return folder


@pytest.fixture(scope="module")
def scripts(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a fresh environment with the wheel; what it needs is taken from this environment."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=True)
    (wheel,) = built.glob("*.whl")
    done = run(place / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps", wheel, folder=place)
    assert done.returncode == 0, done
    (packages,) = place.glob("lib/python*/site-packages")
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place / "bin"


def test_the_wheel_is_used_and_not_the_tree(scripts: Path, tmp_path: Path) -> None:
    done = run(scripts / "python", "-c", "import t2bench, problems; print(t2bench.__file__)", folder=tmp_path)
    assert Path(done.stdout.strip()).is_relative_to(scripts.parent)
    assert run(scripts / "t2bench", "--version", folder=tmp_path).stdout == "t2bench 0.2.0\n"


def test_the_page_on_python_can_be_followed_as_a_script(scripts: Path, tmp_path: Path) -> None:
    page = ROOT / "docs" / "python.md"
    script = tmp_path / "page.py"
    script.write_text("\n".join(block.text for block in blocks(page) if block.language == "python"))
    done = run(scripts / "python", script, folder=tmp_path)
    assert done.returncode == 0, done
    assert (tmp_path / "gaps.png").is_file()
    assert done.stdout.splitlines()[-1] == "first-report/index.html"


def test_a_folder_that_hides_a_package_is_named_and_the_script_works(scripts: Path, tmp_path: Path) -> None:
    hiding = hide(tmp_path, "solvers", "package")
    imported = run(scripts / "python", "-c", "import t2bench", folder=tmp_path)
    assert imported.stderr.splitlines()[-1].startswith(f"ImportError: {hiding} hides the package solvers of t2bench (")
    module = run(scripts / "python", "-m", "t2bench", "families", folder=tmp_path)
    assert (module.returncode, len(module.stderr.splitlines())) == (2, 1)
    for command in ("sample tiny -o a.json", "solve a.json --solver lru -o s.json", "run quick --list"):
        done = run(scripts / "t2bench", *command.split(), folder=tmp_path)
        assert done.returncode == 0, done


def test_a_folder_without_a_package_file_hides_nothing_of_what_is_installed(scripts: Path, tmp_path: Path) -> None:
    hide(tmp_path, "solvers", "folder")
    assert run(scripts / "python", "-m", "t2bench", "families", folder=tmp_path).returncode == 0


def test_the_solver_of_the_readme_passes_mypy(scripts: Path, tmp_path: Path) -> None:
    (solver,) = (block.text for block in blocks(README) if block.title == "smallest.py")
    (tmp_path / "smallest.py").write_text(solver)
    (tmp_path / "uses.py").write_text(
        'import t2bench\n\ninstance = t2bench.sample("tiny")\ncost: float = t2bench.solve(instance, "lru").cost\n'
    )
    done = run(scripts / "python", "-m", "mypy", "--strict", "smallest.py", "uses.py", folder=tmp_path)
    assert done.stdout == "Success: no issues found in 2 source files\n", done


def test_the_source_distribution_holds_what_the_readme_needs(built: Path, tmp_path: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(tmp_path, filter="data")
    (tree,) = tmp_path.iterdir()
    tests = "tests/test_readme.py", "tests/problems/test_judge.py"
    done = run(
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests), folder=tree, PYTHONPATH=str(tree)
    )
    assert done.returncode == 0, done
    listed = run("make", "--dry-run", "bench", "test", "quick", folder=tree)
    assert listed.returncode == 0, listed
