"""``t2bench verify``: what a solution is worth, and proofs beside it, kept, recomputed and contradicted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests import independent
from tests.cases import edited, random_document, sampled
from tests.t2bench.cli.command import refused, sampled_and_solved, t2bench, written


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an instance, its optimum by branch and bound, and the certificate."""
    folder = tmp_path_factory.mktemp("proved")
    assert t2bench("sample", "small", "--scenario-seed", 1, "--trace-seed", 2, "-o", folder / "a.json").returncode == 0
    done = t2bench("solve", folder / "a.json", "--solver", "branch-and-bound", "-o", folder / "s.json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["certificate"] == str(folder / "s.certificate.json")
    return folder


def verified(folder: Path, certificate: Path, code: int = 0) -> tuple[dict[str, Any], str]:
    done = t2bench("verify", folder / "a.json", folder / "s.json", "--bound", certificate)
    assert done.returncode == code, done
    return json.loads(done.stdout), done.stderr


def test_what_was_recomputed_and_what_a_search_says_are_told_apart(proved: Path) -> None:
    verdict, complaints = verified(proved, proved / "s.certificate.json")
    optimum = independent.optimum(json.loads((proved / "a.json").read_text())).cost
    assert complaints == ""
    assert 0.97 * optimum < verdict["certified_bound"] < optimum
    assert verdict["certified_gap"] == pytest.approx(verdict["cost"] / verdict["certified_bound"] - 1)
    assert verdict["search_solver"] == "branch-and-bound"
    assert verdict["search_bound"] == pytest.approx(optimum, rel=1e-9)
    assert verdict["search_tolerance"] == 1e-9


def test_spoiled_prices_prove_less_or_are_refused(proved: Path, tmp_path: Path) -> None:
    document = json.loads((proved / "s.certificate.json").read_text())
    honest = verified(proved, proved / "s.certificate.json")[0]["certified_bound"]
    for field, factor in (("steps", 3.0), ("bandwidth", 0.5)):
        prices = [[factor * price for price in row] for row in document["prices"][field]]
        spoiled = written(tmp_path / "c.json", edited(document, ["prices", field], prices))
        assert verified(proved, spoiled)[0]["certified_bound"] < honest
    negative = written(tmp_path / "c.json", edited(document, ["prices", "steps", 0, 0], -1.0))
    line = refused("verify", proved / "a.json", proved / "s.json", "--bound", negative)
    assert "c.json: prices.steps[0][0]: -1; must be >= 0" in line


def test_a_search_that_the_cost_contradicts_is_loud(proved: Path, tmp_path: Path) -> None:
    document = json.loads((proved / "s.certificate.json").read_text())
    high = edited(document, ["search", "lower_bound"], 1.001 * document["search"]["lower_bound"])
    verdict, complaints = verified(proved, written(tmp_path / "c.json", high), code=1)
    assert [violation["rule"] for violation in verdict["violations"]] == ["certificate.search"]
    assert "branch-and-bound claims that no cost is below" in complaints
    assert complaints.count("\n") == 1


def test_prices_of_another_instance_are_refused(proved: Path, tmp_path: Path) -> None:
    other = tmp_path / "b.json"
    assert t2bench("sample", "small", "--scenario-seed", 1, "--trace-seed", 3, "-o", other).returncode == 0
    assert t2bench("bound", other, "-o", tmp_path / "c.json").returncode == 0
    line = refused("verify", proved / "a.json", proved / "s.json", "--bound", tmp_path / "c.json")
    assert "c.json: instance_sha256: " in line


def test_a_certificate_does_not_survive_beside_another_solution(proved: Path, tmp_path: Path) -> None:
    for name in ("s.json", "s.certificate.json"):
        shutil.copy(proved / name, tmp_path)
    late = t2bench("solve", proved / "a.json", "--solver", "none", "--time-limit", "soon", "-o", tmp_path / "s.json")
    assert late.returncode == 2
    assert (tmp_path / "s.certificate.json").exists()
    done = t2bench("solve", proved / "a.json", "--solver", "lru", "-o", tmp_path / "s.json")
    assert json.loads(done.stdout)["certificate"] is None
    assert [path.name for path in tmp_path.iterdir()] == ["s.json"]


def test_a_pipe_has_nothing_beside_it(proved: Path) -> None:
    done = t2bench("solve", proved / "a.json", "--solver", "exhaustive", "-o", "/dev/null")
    assert json.loads(done.stdout)["certificate"] is None
    assert not Path("/dev/null.certificate.json").exists()


def test_any_method_s_bound_can_be_kept(proved: Path, tmp_path: Path) -> None:
    for method, has_prices, searched in (("lagrangian", True, None), ("exhaustive", False, "exhaustive")):
        done = t2bench("bound", proved / "a.json", "--method", method, "-o", tmp_path / "c.json")
        assert done.returncode == 0
        verdict, _ = verified(proved, tmp_path / "c.json")
        assert (verdict["certified_bound"] is not None) == has_prices
        assert verdict["search_solver"] == searched


def test_a_start_is_improved_on(proved: Path, tmp_path: Path) -> None:
    start = tmp_path / "start.json"
    assert t2bench("solve", proved / "a.json", "--solver", "lru", "-o", start).returncode == 0
    done = t2bench("solve", proved / "a.json", "--solver", "milp", "--start", start, "-o", tmp_path / "s.json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["status"] == "optimal"


def test_a_start_that_is_none_gets_one_line(proved: Path, tmp_path: Path) -> None:
    solution = json.loads((proved / "s.json").read_text())
    over = written(tmp_path / "over.json", edited(solution, ["bandwidth", 0, 0], [0.9] * 4))
    other = written(tmp_path / "other.json", edited(solution, ["instance_sha256"], "0" * 64))
    solve = ("solve", proved / "a.json", "--solver", "milp", "-o", tmp_path / "s.json", "--start")
    assert "over.json: the shares in bandwidth[0][0] sum to 1 + 2.6; must be <= 1; a start" in refused(*solve, over)
    assert "other.json: instance_sha256: made for another instance" in refused(*solve, other)
    assert "no such file" in refused(*solve, tmp_path / "none.json")
    line = refused("solve", proved / "a.json", "--solver", "lru", "-o", tmp_path / "s.json", "--start", over)
    assert "--start: lru takes none" in line
    assert not (tmp_path / "s.json").exists()


def test_twice_the_same_field_is_refused(proved: Path, tmp_path: Path) -> None:
    for name, field in (("s.json", "status"), ("s.certificate.json", "prices")):
        text = (proved / name).read_text().replace(f'"{field}": ', f'"{field}": null, "{field}": ', 1)
        (tmp_path / name).write_text(text)
    line = refused("verify", proved / "a.json", tmp_path / "s.json")
    assert "s.json: status: stands twice in one object" in line
    line = refused("verify", proved / "a.json", proved / "s.json", "--bound", tmp_path / "s.certificate.json")
    assert "s.certificate.json: prices: stands twice in one object" in line


def test_the_four_ranges_of_a_demand_are_optional(tmp_path: Path) -> None:
    document = sampled("tiny").document
    for name in ("cell_km", "move_km", "input_mb", "output_mb"):
        del document["demand"][name]
    path = written(tmp_path / "a.json", document)
    assert t2bench("solve", path, "--solver", "none", "-o", tmp_path / "s.json").returncode == 0


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An instance and its optimal solution."""
    return sampled_and_solved(tmp_path_factory.mktemp("solved"))


def test_instances_made_elsewhere_are_solved_and_verified(tmp_path: Path) -> None:
    document = random_document(5, deadline=False, forced_edge=True)
    instance = written(tmp_path / "elsewhere.json", document)
    assert t2bench("solve", instance, "--solver", "exhaustive", "-o", tmp_path / "s.json").returncode == 0
    verified = t2bench("verify", instance, tmp_path / "s.json", "--reference", tmp_path / "s.json")
    verdict = json.loads(verified.stdout)
    assert verified.returncode == 0
    assert verdict["cost"] == pytest.approx(independent.optimum(document).cost, rel=1e-7)
    assert verdict["gap"] == 0.0
    assert verdict["reference_claims_optimal"]
    assert verdict["captured_gain"] == 1.0


def spoil(solution: dict[str, Any], instance: dict[str, Any], how: str) -> dict[str, Any]:
    """The solution with one rule broken."""
    first = instance["trace"]["request"][0][0]
    if how == "cache.capacity":
        return edited(solution, ["cache", 0], [1] * len(instance["models"]))
    if how == "bandwidth.sum":
        return edited(solution, ["bandwidth", 0, 0], [0.5] * len(first))
    if how == "steps.fractional":
        return edited(solution, ["steps", 0, 0, 0], 1.5)
    if how == "steps.missing":
        return {key: value for key, value in solution.items() if key != "steps"}
    if how == "steps.uncached":
        emptied = edited(solution, ["cache", 0], [0] * len(instance["models"]))
        return edited(emptied, ["steps", 0, 0, 0], 20)
    if how == "claim.objective":
        return edited(solution, ["objective"], solution["objective"] * (1 - 1e-6))
    if how == "claim.instance":
        return edited(solution, ["instance_sha256"], "0" * 64)
    if how == "claim.status":
        return edited(solution, ["lower_bound"], None)
    assert how == "claim.status: infeasible"
    return edited(solution, ["status"], "infeasible")


BROKEN = ("cache.capacity", "bandwidth.sum", "steps.fractional", "steps.missing", "steps.uncached")


FALSE = ("claim.objective", "claim.instance", "claim.status", "claim.status: infeasible")


@pytest.mark.parametrize("rule", [*BROKEN, *FALSE])
def test_a_spoiled_solution_is_not_verified(tmp_path: Path, solved: tuple[Path, Path], rule: str) -> None:
    instance, solution = (json.loads(path.read_text()) for path in solved)
    path = written(tmp_path / "spoiled.json", spoil(solution, instance, rule))
    done = t2bench("verify", solved[0], path)
    verdict = json.loads(done.stdout)
    assert done.returncode == 1
    assert done.stderr == ""
    assert rule.split(":")[0] in [violation["rule"] for violation in verdict["violations"]]
    assert rule in BROKEN or not verdict["as_claimed"]
    assert all(violation["message"] and violation["place"] for violation in verdict["violations"])


def test_a_solution_that_is_no_solution_is_unreadable(tmp_path: Path, solved: tuple[Path, Path]) -> None:
    solution = json.loads(solved[1].read_text())
    wide = written(tmp_path / "wide.json", edited(solution, ["steps", 0, 0], [0] * 9))
    assert "steps[0][0]: 9 entries; must be a list of 4" in refused("verify", solved[0], wide)
    other = written(tmp_path / "other.json", edited(solution, ["format"], "something"))
    assert "format: 'something'; must be 't2bench-solution'" in refused("verify", solved[0], other)


def test_a_reference_for_another_instance_is_refused_and_a_heuristic_one_is_marked(
    tmp_path: Path, solved: tuple[Path, Path]
) -> None:
    other, heuristic = tmp_path / "b.json", tmp_path / "l.json"
    assert t2bench("sample", "small", "--scenario-seed", 1, "--trace-seed", 3, "-o", other).returncode == 0
    assert t2bench("solve", other, "--solver", "lru", "-o", heuristic).returncode == 0
    line = refused("verify", solved[0], solved[1], "--reference", heuristic)
    assert "made for another instance" in line
    verdict = json.loads(t2bench("verify", other, heuristic, "--reference", heuristic).stdout)
    assert not verdict["reference_claims_optimal"]
