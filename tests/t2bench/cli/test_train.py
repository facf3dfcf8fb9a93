"""``t2bench train``: one seed or several, interrupted, killed, resumed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from problems.instance import write_instance
from t2bench.cli import train_seeds
from t2bench.cli.main import main
from t2drl.checkpoints.checkpoint import read_checkpoint, read_unfinished
from t2drl.training.loop import Training
from tests.cases import sampled
from tests.places import ROOT


def test_the_train_verb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    agent = tmp_path / "agent.safetensors"
    assert main(["train", "tiny", "--steps", "40", "--seed", "2", "-o", str(agent)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["steps"] >= 40
    assert said["validation_gap_pct"] >= 0
    write_instance(sampled("tiny"), tmp_path / "a.json")
    arguments = ["solve", str(tmp_path / "a.json"), "--solver", "t2drl", "--set", f"checkpoint={agent}"]
    assert main([*arguments, "-o", str(tmp_path / "s.json")]) == 0
    assert main(["train", "tiny", "--steps", "0", "-o", str(agent)]) == 2
    assert "--steps: 0; must be > 0" in capsys.readouterr().err


def test_an_interrupted_training_continues_to_the_same_agent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    play_frame = Training.play_frame

    def interrupted_once(training: Training) -> None:
        play_frame(training)
        if training.counts.played == 30 and not Path(tmp_path, "once").exists():
            Path(tmp_path, "once").touch()
            signal.raise_signal(signal.SIGINT)

    command = ["train", "tiny", "--steps", "60", "-o"]
    assert main([*command, str(tmp_path / "whole")]) == 0
    monkeypatch.setattr(Training, "play_frame", interrupted_once)
    assert main([*command, str(tmp_path / "agent")]) == 130
    assert not (tmp_path / "agent").exists()
    assert main(["train", "tiny", "--steps", "70", "-o", str(tmp_path / "agent")]) == 2
    assert "another training than the one asked for" in capsys.readouterr().err
    assert main([*command, str(tmp_path / "agent")]) == 0
    assert read_checkpoint(tmp_path / "agent").sha256 == read_checkpoint(tmp_path / "whole").sha256
    assert not (tmp_path / "agent.unfinished").exists()


@pytest.mark.slow
def test_a_training_that_is_killed_continues_to_the_same_agent(tmp_path: Path) -> None:
    command = ["train", "tiny", "--steps", "240", "-o"]
    often = (
        "import sys; from t2bench.cli import train_progress; from t2bench.cli.main import main\n"
        "train_progress.SAVE_EVERY_S = 0.0; sys.exit(main(sys.argv[1:]))"
    )
    running = subprocess.Popen([sys.executable, "-c", often, *command, str(tmp_path / "agent")], cwd=ROOT)
    unfinished = tmp_path / "agent.unfinished"
    end = time.monotonic() + 60
    while not unfinished.exists() and running.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.2)
    running.kill()
    assert running.wait() == -signal.SIGKILL
    assert unfinished.exists()
    assert not (tmp_path / "agent").exists()
    for name in ("agent", "whole"):
        assert main([*command, str(tmp_path / name)]) == 0
    assert read_checkpoint(tmp_path / "agent").sha256 == read_checkpoint(tmp_path / "whole").sha256


@pytest.mark.slow
def test_an_unfinished_training_of_other_minutes_is_not_continued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(training: Training) -> None:
        training.counts.played += 10
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("t2drl.training.run.length_for", lambda scenarios, settings, cpu_s, device: round(10 * cpu_s))
    monkeypatch.setattr("t2drl.training.recorder.validation_of", lambda training: None)
    monkeypatch.setattr(Training, "play_frame", interrupted)
    command, unfinished = ["train", "tiny", "-o", str(tmp_path / "m")], tmp_path / "m.unfinished"
    assert main([*command, "--minutes", "1"]) == 130
    capsys.readouterr()
    for other in (["--minutes", "30"], ["--steps", "60"], []):
        assert main([*command, *other]) == 2
        said = capsys.readouterr().err
        assert said == f"t2bench: {unfinished}: another training than the one asked for; --restart forgets it\n"
    for same in (["--steps", "600"], ["--minutes", "1"]):
        played = read_unfinished(unfinished).counts.played
        assert main([*command, *same]) == 130
        assert read_unfinished(unfinished).counts.played == played + 10
    assert main([*command, "--steps", "600", "--restart"]) == 130
    assert main([*command, "--minutes", "1"]) == 2


@pytest.mark.parametrize(("code", "ending"), [(0, 1), (2, 2)])
def test_a_seed_that_is_killed_is_a_failure_with_its_name(
    code: int, ending: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    ends = [f"raise SystemExit({code})", "import os; os.kill(os.getpid(), 9)"]
    monkeypatch.setattr(train_seeds, "_command", lambda arguments, seed: [sys.executable, "-c", ends[seed]])
    assert main(["train", "tiny", "--seed", "0-1", "-o", str(tmp_path / "{seed}")]) == ending
    assert capfd.readouterr().err == "t2bench: seed 1: killed by SIGKILL\n"


@pytest.mark.slow
def test_seeds_are_trained_side_by_side_to_the_same_agents(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    command = ["train", "tiny", "--algorithm", "generalist", "--scenarios", "2", "--steps", "20"]
    assert main([*command, "--seed", "0-1", "--jobs", "2", "-o", str(tmp_path / "{seed}.safetensors")]) == 0
    said = capfd.readouterr()
    summaries = {summary["checkpoint"]: summary for summary in map(json.loads, said.out.splitlines())}
    assert set(summaries) == {str(tmp_path / f"{seed}.safetensors") for seed in range(2)}
    assert {line.partition(":")[0] for line in said.err.splitlines()} == {"seed 0", "seed 1"}
    assert main([*command, "--seed", "1", "-o", str(tmp_path / "alone")]) == 0
    alone = read_checkpoint(tmp_path / "alone").sha256
    assert alone == summaries[str(tmp_path / "1.safetensors")]["sha256"]
    assert alone != summaries[str(tmp_path / "0.safetensors")]["sha256"]


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--seed", "-1"], "--seed: '-1'; must be"),
        (["--seed", "0-1"], "must hold {seed} in its name"),
        (["--jobs", "0"], "--jobs: 0; must be >= 1"),
        (["--scenarios", "3"], "--scenarios: 3; only a generalist"),
        (["--algorithm", "generalist", "--scenario-seed", "1"], "--scenario-seed: 1; a generalist"),
    ],
)
def test_what_does_not_go_together(
    options: list[str], line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "tiny", "-o", str(tmp_path / "agent"), *options]) == 2
    said = capsys.readouterr().err
    assert line in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
