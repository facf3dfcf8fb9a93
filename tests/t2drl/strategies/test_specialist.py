"""The learners as solvers."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from problems.instance import from_document, write_instance
from problems.judge import judge
from problems.seeds import TRAINING_SEEDS
from solvers.base import Budget, NotInstalled, Silent, Unsuitable
from solvers.registry import listed, make_solver
from t2bench.cli.main import main
from t2drl.checkpoints.checkpoint import write_checkpoint
from t2drl.settings import Settings
from t2drl.strategies.source import Source
from t2drl.training.loop import Training
from tests.cases import LEARNERS, edited, sampled
from tests.places import ROOT
from tests.solvers.support import Remembering
from tests.t2drl.trainings import tiny_settings

STEPS = {"train_steps": 30}


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trainings of no time."""

    def settings(source: Source) -> Settings:
        return tiny_settings(algorithm=source.algorithm)

    monkeypatch.setattr(Source, "settings", settings)


@pytest.mark.parametrize(
    "name", ["t2drl", "t2drl-best-of", "t2drl-paper", "ddqn", "online-optimal+d3pg", "ddqn+ddpg", "exhaustive+ddpg"]
)
def test_every_learner_answers_with_what_its_tier_may_know(name: str) -> None:
    instance = sampled("tiny")
    settings = {f"{part}.train_steps": 30 for part in ("caching", "allocation")} if name == "ddqn+ddpg" else STEPS
    solver = make_solver(name, settings)
    solution = solver.solve(instance, Budget(), Silent())
    assert judge(instance, solution).feasible
    assert solution.status == "feasible"
    assert solver.capabilities.needs_training
    assert not solver.capabilities.honours_limits
    tiers = {"online-optimal": "online-model-based", "exhaustive": "hindsight"}
    assert solver.capabilities.tier == tiers.get(name.partition("+")[0], "online-model-free")


def test_what_a_solver_decides_does_not_depend_on_the_rest_of_the_trace() -> None:
    instance = sampled("tiny")
    trace = instance.trace
    turned = replace(instance, trace=replace(trace, request=trace.request.copy()))
    turned.trace.request[-1] = (turned.trace.request[-1] + 1) % len(instance.models)
    solver = make_solver("t2drl", STEPS)
    first, second = (solver.solve(i, Budget(), Silent()) for i in (instance, turned))
    assert (first.cache == second.cache).all()
    assert (first.steps[:-1] == second.steps[:-1]).all()


def test_an_agent_is_trained_once_for_all_traces_of_a_scenario(
    cache_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for trace_seed in range(2):
        for name in ("t2drl", "ddqn", "online-optimal+d3pg"):
            make_solver(name, STEPS).solve(sampled("tiny", 0, trace_seed), Budget(), Silent())
    said = capsys.readouterr().err
    assert said.count("training one") == 1
    assert said.count("CPU seconds") == 6
    assert len(list(cache_folder.rglob("*.safetensors"))) == 1
    make_solver("t2drl", STEPS).solve(sampled("tiny", 1), Budget(), Silent())
    make_solver("t2drl", STEPS).solve(sampled("tiny"), Budget(seed=1), Silent())
    assert len(list(cache_folder.rglob("*.safetensors"))) == 3


def test_a_time_limit_cuts_the_training_short(capsys: pytest.CaptureFixture[str]) -> None:
    instance = sampled("tiny")
    budget = Budget(time_limit_s=3.0)
    solution = make_solver("t2drl", {"train_steps": 10_000_000}).solve(instance, budget, Silent())
    assert judge(instance, solution).feasible
    assert budget.elapsed_s < 3.0
    assert "cut short by the time limit" in capsys.readouterr().err


def test_it_does_not_learn_from_a_demand_that_it_is_not_told() -> None:
    document = sampled("tiny").document
    bare = {key: value for key, value in document["demand"].items() if key not in ("cell_km", "move_km")}
    instance = from_document(edited(document, ["demand"], bare))
    with pytest.raises(Unsuitable, match="cell_km, move_km"):
        make_solver("t2drl").solve(instance, Budget(), Silent())


def test_it_refuses_a_trace_that_it_was_trained_on() -> None:
    with pytest.raises(Unsuitable, match="this very trace"):
        make_solver("t2drl", STEPS).solve(sampled("tiny", 0, TRAINING_SEEDS + 3), Budget(), Silent())


def test_a_checkpoint_is_used_where_it_fits(learnt: Training, tmp_path: Path) -> None:
    settings = {"checkpoint": str(tmp_path / "agent")}
    write_checkpoint(learnt, tmp_path / "agent")
    for scenario_seed in range(2):
        instance = sampled("small", scenario_seed)
        assert judge(instance, make_solver("t2drl", settings).solve(instance, Budget(), Silent())).feasible
    with pytest.raises(Unsuitable, match="needs ddpg"):
        make_solver("exhaustive+ddpg", settings).solve(sampled("small"), Budget(), Silent())


def test_a_checkpoint_of_another_configuration_is_refused(
    learnt: Training, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_checkpoint(learnt, tmp_path / "agent")
    monkeypatch.setattr(Source, "settings", lambda source: tiny_settings(networks="flat", prediction="noise"))
    with pytest.raises(Unsuitable, match="set networks that predict x0; paper needs flat networks that predict noise"):
        make_solver("t2drl-paper", {"checkpoint": str(tmp_path / "agent")}).solve(sampled("small"), Budget(), Silent())


def test_ddqn_and_ddpg_are_one_agent_that_was_trained_with_ddpg(
    cache_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = {f"{part}.train_steps": 30 for part in ("caching", "allocation")}
    report = Remembering()
    make_solver("ddqn+ddpg", settings).solve(sampled("tiny"), Budget(), report)
    assert capsys.readouterr().err.count("training one") == 1
    assert [one.curve.learner for one in report.records if one.curve is not None] == ["ddqn+ddpg"]


def test_too_many_models_to_list_their_caches() -> None:
    with pytest.raises(Unsuitable, match="20 models"):
        make_solver("t2drl", STEPS).solve(sampled("metro"), Budget(), Silent())


@pytest.fixture
def nothing_installed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The library is gone."""
    monkeypatch.setitem(sys.modules, request.param, None)
    mine = {
        f"t2drl.strategies.{part}": importlib.import_module(f"t2drl.strategies.{part}")
        for part in ("specialist", "generalist")
    }
    for name in mine:
        monkeypatch.delitem(sys.modules, name)
        monkeypatch.delattr(importlib.import_module("t2drl.strategies"), name.rpartition(".")[2])
    yield
    monkeypatch.undo()
    sys.modules.update(mine)


@pytest.mark.parametrize("nothing_installed", ["torch", "safetensors"], indirect=True)
def test_what_is_not_installed_is_listed_with_the_command_that_installs_it(
    nothing_installed: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = {row.name: row for row in listed()}
    own = [name for name in LEARNERS if name not in ("td3", "sac")]
    assert {rows[name].missing for name in own} == {"not installed: pip install 't2bench[learn]'"}
    with pytest.raises(NotInstalled, match="learn"):
        make_solver("t2drl")
    write_instance(sampled("tiny"), tmp_path / "a.json")
    assert main(["solve", str(tmp_path / "a.json"), "--solver", "t2drl", "-o", str(tmp_path / "s.json")]) == 2
    assert main(["train", "tiny", "-o", str(tmp_path / "agent")]) == 2
    assert capsys.readouterr().err.count("not installed: pip install 't2bench[learn]'") == 2


def test_nobody_waits_for_torch_who_does_not_ask_for_a_learner() -> None:
    program = (
        "import sys; from benchmarks.process.preload import preload; from solvers.registry import listed\n"
        "preload(['none']); listed(); assert 'torch' not in sys.modules\n"
        "preload(['none+d3pg']); assert 'torch' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
