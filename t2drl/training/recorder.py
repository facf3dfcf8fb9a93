"""The learning curve of a training, measured now and then on validation traces; the training does not notice."""

from __future__ import annotations

import math
import time

import torch

from solvers.learning_curve import CurvePoint
from t2drl.training.loop import Training
from t2drl.training.state import agent_of
from t2drl.training.validation import validation_of

MOST_POINTS = 12
"""After the first, which is the agent that has learnt nothing."""
SLOTS_APART = 100
"""At least so many played slots lie between two points, so that the measurements cost little beside the training."""


class CurveRecorder:
    """Adds points to a training's curve: at its start, at about evenly spaced slots and at its end.

    What that costs is counted by itself, and nothing random is drawn from the training's generator.
    """

    def __init__(self, training: Training) -> None:
        self.training = training
        self._points = min(max(training.length // SLOTS_APART, 1), MOST_POINTS)
        self._reached = -1
        """The number of the last point measured; -1 before the first."""
        if training.curve:
            self._reached = self._due(training.curve[-1].environment_steps // training.settings.envs)
        began = time.process_time()
        self._validation = validation_of(training)
        training.counts.validation_cpu_s += time.process_time() - began

    def record_if_due(self) -> bool:
        """Before the first frame, and after every one: add a point if one is due. Returns whether one was."""
        due = self._due(self.training.counts.played)
        if due <= self._reached:
            return False
        self._reached = due
        self._measure()
        return True

    def _due(self, played: int) -> int:
        """The number of the point that is due after so many played slots; the first is 0."""
        return min(played * self._points // max(self.training.length, 1), self._points)

    def _measure(self) -> None:
        if self._validation is None:
            return
        began, counts = time.process_time(), self.training.counts
        with torch.random.fork_rng(devices=[]):  # networks are made with random weights before they take the agent's
            gaps = self._validation.gaps(agent_of(self.training))
        if math.isfinite(gaps.both) and math.isfinite(gaps.allocation):
            updates = counts.slot_updates + counts.frame_updates
            point = CurvePoint(counts.slots, updates, counts.cpu_s, gaps.both, gaps.allocation)
            self.training.curve.append(point)
        counts.validation_cpu_s += time.process_time() - began
