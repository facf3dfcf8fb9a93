"""The text of a fitted scenario: what it is for, where it comes from, what it assumes, then its YAML."""

from __future__ import annotations

import textwrap

from problems.production.assumptions import Assumptions
from problems.production.catalogue import REST
from problems.production.fit import Fitted
from problems.production.hours import Hours
from problems.scenario import scenario_yaml

PURPOSE = "demand of a production diffusion service; the state is hidden"
SOURCE = (
    'Fitted to the GenTD26 log: Lin et al., "Understanding Diffusion Model Serving in Production: A Top-Down Analysis '
    "of Workload, Scheduling, and Resource Efficiency\", SoCC '25; data: github.com/alibaba/clusterdata, folder "
    "cluster-trace-v2026-GenAI. Made by"
)


def scenario_text(fitted: Fitted, hours: Hours, loading_s: float, command: str) -> str:
    """The file's text; ``command`` made it."""
    scenario = fitted.scenario
    measured = [
        f"A frame is an hour, a slot {60 / scenario.slots:g} minutes; fitted to the hours {hours} of the log.",
        f"The models are its most requested ones; {REST} stands for all others, and no cache can hold it.",
        f"{len(scenario.demand.skew)} popularity states: a hidden Markov model of the requests by hour whose "
        f"states are Zipf laws; Schwarz's criterion is {fitted.criterion:.0f}.",
        "activity: mean over the hours in which somebody asks; a replayed log has its quiet hours.",
        "cloud_s: a model's median service time, queueing and loading included. steps_high: the median of the steps "
        "asked for.",
        f"The mean loading time is {loading_s:.1f} s.",
    ]
    assumed = [*Assumptions().lines(), "powers, noise, backhaul, weights, users' moves: as in the drawn families"]
    lines = [
        PURPOSE,
        *_wrapped(SOURCE),
        f"  {command}",
        *(line for text in measured for line in _wrapped(text)),
        "Assumed, because the log does not hold it:",
        *(line for text in assumed for line in _wrapped(text, "- ")),
    ]
    return "".join(f"# {line}\n" for line in lines) + scenario_yaml(scenario)


def _wrapped(text: str, bullet: str = "") -> list[str]:
    return textwrap.wrap(text, 116, break_on_hyphens=False, initial_indent=bullet, subsequent_indent=" " * len(bullet))
