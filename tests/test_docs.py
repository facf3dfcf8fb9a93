"""What the documentation shows works as it stands there, and it is built without a warning."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path, PurePosixPath
from types import ModuleType

import nbformat
import pytest
import yaml

import t2bench
from benchmarks.matrix.file import read_matrix, shipped_matrices
from solvers.registry import BUILT_IN, GROUP, find_part, listed
from t2bench.cli.main import VERBS
from tests.pages import blocks, commands, follow
from tests.places import ROOT
from tests.problems.production.logs import small_lines, write_log
from tests.t2bench.notebooks import run_notebook

DOCS = ROOT / "docs"
TRAILS = {
    "solvers": ("index", "tiers", "solvers", "other-solvers", "add-a-solver", "add-a-scenario", "add-a-trace"),
    "whole": ("index", "add-a-whole-solver", "commands"),
    "python": ("python",),
    "studies": ("stores", "report", "matrices"),
    "demand": ("measured-demand",),
    "learners": ("index", "learners", "add-a-learner"),
}
"""Pages in the order in which they are read, each trail in a folder of its own."""
NOTHING_TO_DO = ("architecture", "install", "results", "problem", "first-steps")
NEEDS_A_CLUSTER = ("clusters",)
"""Its commands are tried where there is one, by the tests of the engines."""
Do = Callable[[str], None]


@pytest.fixture
def do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Do:
    """Does what a trail's pages say, in a folder of its own, the current one."""
    monkeypatch.chdir(tmp_path)
    return lambda trail: follow([DOCS / f"{name}.md" for name in TRAILS[trail]], tmp_path, capsys)


def test_every_page_is_on_a_trail_and_in_the_navigation() -> None:
    found = {page.stem for page in DOCS.glob("*.md")}
    assert found == {name for names in TRAILS.values() for name in names} | {*NOTHING_TO_DO, *NEEDS_A_CLUSTER}
    settings = yaml.load((ROOT / "mkdocs.yml").read_text(), yaml.BaseLoader)
    assert found == set(re.findall(r"([\w-]+)\.md", str(settings["nav"])))
    assert [name for name in NOTHING_TO_DO if commands(DOCS / f"{name}.md")] == []


@pytest.mark.timeout(600)
def test_solvers_can_be_asked_and_added(do: Do) -> None:
    do("solvers")
    assert json.loads(Path("best.json").read_text())["status"] == "optimal"
    assert json.loads(Path("recorded.json").read_text())["trace"]["request"][1] == [[-1, 1], [0, 0]]
    assert json.loads(Path("h.json").read_text())["solver"] == "highs"


@pytest.mark.timeout(600)
def test_a_solver_of_the_whole_programme_is_forty_lines_and_conforms(do: Do) -> None:
    do("whole")
    (text,) = (block.text for block in blocks(DOCS / "add-a-whole-solver.md") if block.title == "hill.py")
    assert len(text.splitlines()) <= 40


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_python_leads_from_an_instance_to_a_figure(do: Do) -> None:
    do("python")
    assert Path("gaps.png").stat().st_size > 1000
    assert Path("first-report/index.html").is_file()
    rows = t2bench.open_store("first-study.sqlite").rows()
    assert set(rows["label"]) >= {"Recent", "Recent (frames=5)"}
    assert set(rows["status"]) == {"feasible", "optimal"}


@pytest.mark.timeout(600)
def test_the_notebook_runs(tmp_path: Path) -> None:
    notebook = nbformat.read(DOCS / "first-steps.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    run_notebook(notebook, tmp_path)
    shown = [kind for cell in notebook.cells for output in cell.get("outputs", []) for kind in output.get("data", {})]
    assert shown.count("image/png") == 2


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_studies_can_be_run_and_kept(do: Do) -> None:
    do("studies")
    assert Path("report/index.html").is_file()
    assert len(Path("study.csv").read_text().splitlines()) == 1 + 24


def test_measurements_and_logs_become_scenarios(do: Do) -> None:
    names = dict(zip("ABCDEF", (model.name for model in t2bench.scenario("production").models), strict=False))
    lines = [re.sub(r",([A-F]),0$", lambda found: f",{names[found[1]]},0", text) for text in small_lines(24 * 22)]
    write_log(Path("lora_request_trace.csv"), lines)
    Path("basemodel_update_latency_anon.csv").write_text("value\n1500\n2500\n3500\n")
    do("demand")
    assert Path("entry.yaml").is_file()
    assert Path("mine-demand.yaml").is_file()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_learners_can_be_trained_and_added(do: Do) -> None:
    do("learners")
    assert Path("agent-1.safetensors").is_file()


def families_of(text: str, folder: Path) -> set[str]:
    """The families of the page's matrix with this part in the place of its own."""
    (mine,) = (block.text for block in blocks(DOCS / "matrices.md") if block.title == "mine.yaml")
    path = folder / "part.yaml"
    path.write_text(re.sub(r"families: .*\n", lambda _: text, mine))
    return {recipe.source for recipe in read_matrix(path).recipes()}


def test_families_in_other_sizes_and_with_changes_are_what_the_pages_say(tmp_path: Path) -> None:
    sizes, changes = (
        families_of(block.text, tmp_path)
        for name in ("matrices", "add-a-scenario")
        for block in blocks(DOCS / f"{name}.md")
        if block.language == "yaml" and not block.title
    )
    assert {"paper", "paper-m20-n10-k10-t1", "paper-m10-n40-k20-t1"} <= sizes
    assert {"paper-cache-x0.5", "paper-cache-x2"} <= changes


def test_every_solver_every_verb_and_every_matrix_is_named() -> None:
    solvers, verbs, matrices = ((DOCS / f"{name}.md").read_text() for name in ("solvers", "commands", "matrices"))
    own = [*BUILT_IN, *(point.name for point in entry_points(group=GROUP) if point.value.startswith("t2drl."))]
    assert len(own) > 30
    assert [name for name in own if f"`{name}`" not in solvers] == []
    assert [verb for verb in VERBS if f"`t2bench {verb}" not in verbs] == []
    assert [name for name in shipped_matrices() if f"`{name}`" not in matrices] == []


@pytest.mark.parametrize("page", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_files_that_are_named_are_there(page: str) -> None:
    names = re.findall(
        r"`((?:problems|solvers|t2drl|benchmarks|reports|t2bench|tests|docs)/[\w/*.-]*)`", (ROOT / page).read_text()
    )
    assert len(names) > 10
    missing = [name for name in names if not list(ROOT.glob(re.sub("NAME|VERB|CHAPTER", "*", name).rstrip("/")))]
    assert missing == []


def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_reference", DOCS / "hooks" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_solver_is_described_by_its_own_docstring() -> None:
    text = reference().solvers()
    for entry in listed():
        assert f"### `{entry.name}`" in text
        if entry.missing is None:
            first = (find_part(entry.name).__doc__ or "").split("\n")[0].replace("``", "`")
            assert first in text


def test_every_verb_stands_in_the_reference() -> None:
    text = reference().commands()
    assert all(f"## t2bench {verb}\n" in text for verb in VERBS)
    assert text.count("usage: t2bench") == 1 + len(VERBS)


def test_a_notebook_is_shown_with_its_code_as_such() -> None:
    text = reference().notebook(DOCS / "first-steps.ipynb")
    assert text.startswith("# First steps\n")
    assert "```python\n%matplotlib inline\n" in text


def test_links_to_code_stay_as_text_and_others_stay_links() -> None:
    plain = reference().without_code_links
    text = "[`judge.py`](../problems/judge.py) and [tiers](tiers.md)"
    assert plain(text, PurePosixPath(".")) == "`judge.py` and [tiers](tiers.md)"


def test_it_is_built_without_a_warning_and_reads_nothing_from_a_network(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="not installed: pip install '.[docs]'")
    site = tmp_path / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(site)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done
    for page in site.rglob("*.html"):
        fetched = re.findall(r"<(?:script|img|link)[^>]+(?:src|href)=\"?(?:https?:)?//[^\s>]+", page.read_text())
        assert not fetched, (page, fetched)
    assert "branch-and-bound" in (site / "solvers.html").read_text()
    assert "gap-per-family" in (site / "first-steps.html").read_text()
