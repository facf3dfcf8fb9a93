"""The online protocol: what a policy decides is what is played, and no view leads to the future."""

from __future__ import annotations

import gc
import types
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from problems.episode import FrameView, Slots, frame_views, rollout, rollout_caching, slots_of
from problems.instance import Instance, Trace
from problems.judge import judge
from problems.solution import Solution
from tests.cases import as_instance, random_document, random_feasible, sampled

DECIMALS = ("gain", "input_mb", "output_mb")


class Played:
    """Plays given decisions, and remembers what it was shown."""

    def __init__(self, decisions: Solution) -> None:
        self.decisions = decisions
        self.frames: list[FrameView] = []
        self.slots: list[Slots] = []

    def choose(self, frame: FrameView) -> np.ndarray:
        self.frames.append(frame)
        return self.decisions.cache[frame.frame]

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        t, k = self.frames[-1].frame, len(self.slots) % self.frames[-1].slots
        self.slots.append(slots)
        return self.decisions.bandwidth[t, k][None], self.decisions.steps[t, k][None]


def hidden(instance: Instance) -> Instance:
    """The same instance with its states unobserved."""
    return replace(instance, demand=instance.demand.model_copy(update={"state_observed": False}))


def reachable(root: object) -> Iterator[object]:
    """Everything that can be reached from an object: attributes, containers, closures, the bases of arrays.

    Types, modules and code are left out, since the whole program hangs on them.
    """
    seen: set[int] = set()
    found = [root]
    while found:
        thing = found.pop()
        if id(thing) in seen or isinstance(thing, type | types.ModuleType | types.CodeType | types.BuiltinFunctionType):
            continue
        seen.add(id(thing))
        yield thing
        if isinstance(thing, types.FunctionType):
            found += [thing.__closure__, thing.__defaults__, thing.__dict__]
        else:
            found += gc.get_referents(thing)
        if isinstance(thing, np.ndarray):
            found.append(thing.base)
            if thing.dtype.hasobject:
                found += thing.ravel().tolist()
        if isinstance(thing, memoryview):
            found.append(thing.obj)


def numbers(root: object) -> set[float]:
    """Every number that can be reached, in arrays or by itself."""
    found: set[float] = set()
    for thing in reachable(root):
        if isinstance(thing, np.ndarray) and thing.dtype.kind in "iufb":
            found.update(thing.ravel().tolist())
        elif isinstance(thing, int | float):
            found.add(thing)
    return found


def unique_numbers(instance: Instance) -> Instance:
    """The instance with gains and sizes of which no two, nor any other number in it, are equal."""
    shape = instance.trace.request.shape
    values = np.random.default_rng(0).permutation(3 * np.prod(shape)) * np.pi + 1e6
    arrays = {name: part.reshape(shape) for name, part in zip(DECIMALS, np.split(values, 3), strict=True)}
    return replace(instance, trace=replace(instance.trace, **arrays))


def future(trace: Trace, frame: int, slot: int) -> set[float]:
    """Gains and sizes from a slot on; slot 0 is the frame's first."""
    slots = trace.request.shape[1]
    return {
        value
        for name in DECIMALS
        for value in getattr(trace, name).reshape(-1, trace.request.shape[2])[frame * slots + slot :].ravel().tolist()
    }


def test_the_walk_finds_what_is_hidden_well() -> None:
    secret = np.array([[1.5, 2.5], [3.5, 4.5]])

    def closure() -> np.ndarray:
        return secret

    for root in (secret[1], [{"a": (closure,)}], types.SimpleNamespace(x=iter([secret.T])), secret.data):
        assert any(thing is secret for thing in reachable(root))
        assert {1.5, 4.5} <= numbers(root)


@pytest.mark.parametrize("observed", [True, False])
def test_no_view_leads_to_the_future(observed: bool) -> None:
    """A policy that keeps all it was ever shown knows no gain and no size of what has not begun."""
    instance = unique_numbers(sampled("tiny"))
    instance = instance if observed else hidden(instance)
    trace = instance.trace
    decisions = random_feasible(instance, 0)
    checked = []

    class Spy(Played):
        def choose(self, frame: FrameView) -> np.ndarray:
            answer = super().choose(frame)
            self.look(frame.frame, 0)
            return answer

        def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
            answer = super().allocate(slots)
            self.look(self.frames[-1].frame, (len(self.slots) - 1) % instance.slots + 1)
            return answer

        def look(self, frame: int, slot: int) -> None:
            views = [self.frames, self.slots]
            assert not numbers(views) & future(trace, frame, slot)
            assert numbers(views) >= future(trace, 0, 0) - future(trace, frame, slot)
            for thing in reachable(views):
                assert not isinstance(thing, Instance | Trace | types.GeneratorType | types.FrameType)
                if isinstance(thing, np.ndarray):
                    assert not any(np.shares_memory(thing, getattr(trace, name)) for name in vars(trace))
            checked.append((frame, slot))

    rollout(Spy(decisions), instance)
    assert checked == [(t, k) for t in range(3) for k in range(3)]


@pytest.mark.parametrize("seed", range(6))
def test_what_is_decided_is_what_is_played(seed: int) -> None:
    instance = as_instance(random_document(seed))
    decisions = random_feasible(instance, seed)
    policy = Played(decisions)
    played = rollout(policy, instance)
    for name in ("cache", "bandwidth", "steps"):
        assert np.array_equal(getattr(played, name), getattr(decisions, name))
    assert judge(instance, played) == judge(instance, decisions)
    assert len(policy.frames) == instance.frames
    assert len(policy.slots) == instance.frames * instance.slots
    assert np.array_equal(rollout_caching(Played(decisions), instance), decisions.cache == 1)


@pytest.mark.parametrize("seed", range(4))
def test_a_frame_is_seen_from_its_start(seed: int) -> None:
    instance = as_instance(random_document(seed))
    decisions, trace = random_feasible(instance, seed), instance.trace
    policy = Played(decisions)
    rollout(policy, instance)
    for t, view in enumerate(policy.frames):
        assert (view.frame, view.slots, view.users) == (t, instance.slots, instance.users)
        assert view.state == trace.state[t]
        assert np.array_equal(view.previous_cache, decisions.cache[t - 1] == 1 if t else np.zeros(4, dtype=bool))
        assert len(view.past) == t
        for number, past in enumerate(view.past):
            assert past.state == trace.state[number]
            assert np.array_equal(past.cache, decisions.cache[number] == 1)
            for name in ("request", *DECIMALS):
                assert np.array_equal(getattr(past, name), getattr(trace, name)[number])


@pytest.mark.parametrize("seed", range(4))
def test_a_slot_is_seen_whole(seed: int) -> None:
    instance = as_instance(random_document(seed))
    decisions, trace = random_feasible(instance, seed), instance.trace
    policy = Played(decisions)
    rollout(policy, instance)
    everything = slots_of(instance, decisions.cache)
    for row, slot in enumerate(policy.slots):
        t, k = divmod(row, instance.slots)
        assert len(slot) == 1
        for name in ("request", *DECIMALS):
            assert np.array_equal(getattr(slot, name)[0], getattr(trace, name)[t, k])
            assert np.array_equal(getattr(slot, name)[0], getattr(everything, name)[row])
        held = [m >= 0 and decisions.cache[t, m] == 1 for m in trace.request[t, k]]
        assert slot.cached[0].tolist() == everything.cached[row].tolist() == held
        assert slot.active[0].tolist() == (trace.request[t, k] >= 0).tolist()


def test_a_hidden_state_is_none_now_and_in_the_past() -> None:
    policy = Played(random_feasible(sampled("small"), 0))
    rollout(policy, hidden(sampled("small")))
    for view in policy.frames:
        assert view.state is None
        assert all(past.state is None for past in view.past)


def test_scribbling_on_a_view_leaves_the_trace_alone() -> None:
    instance = sampled("small")
    before = instance.sha256
    decisions = random_feasible(instance, 0)

    class Scribbler(Played):
        def choose(self, frame: FrameView) -> np.ndarray:
            frame.previous_cache[:] = True
            for past in frame.past:
                for array in (past.cache, past.request, past.gain, past.input_mb, past.output_mb):
                    array[...] = 0
            return super().choose(frame)

        def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
            for array in (slots.request, slots.gain, slots.input_mb, slots.output_mb, slots.cached):
                array[...] = 0
            return super().allocate(slots)

    played = rollout(Scribbler(decisions), instance)
    assert np.array_equal(played.cache, decisions.cache)
    instance.__dict__.pop("document")
    instance.__dict__.pop("sha256")
    assert instance.sha256 == before


def test_a_policy_cannot_change_the_instance_that_judges_it() -> None:
    instance = sampled("tiny")
    for view in frame_views(instance, np.zeros((3, 3), dtype=bool)):
        arrays = [*vars(view.catalogue).values(), view.demand.popularity, view.demand.stationary]
        for array in arrays:
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0
        with pytest.raises(ValueError, match="frozen"):
            view.system.cache_gb = 1e9


def test_a_broken_answer_is_not_repaired() -> None:
    """A fraction of a step reaches the judge as it is."""
    instance = sampled("tiny")
    decisions = random_feasible(instance, 0)
    steps = decisions.steps + 0.25
    played = rollout(Played(replace(decisions, steps=steps)), instance)
    assert np.array_equal(played.steps, steps)
    assert "steps.fractional" in {violation.rule for violation in judge(instance, played).violations}


@pytest.mark.parametrize(
    ("name", "change", "line"),
    [
        ("cache", lambda a: a[:, :2], r"^cache: array of shape \[2\]; must be \[3\]$"),
        ("cache", lambda a: a + 0.5, r"^cache: .*; every entry must be 0 or 1$"),
        ("bandwidth", lambda a: a[..., :1], r"^bandwidth: array of shape \[1, 1\]; must be \[1, 2\]$"),
        ("steps", lambda a: a[..., None], r"^steps: array of shape \[1, 2, 1\]; must be \[1, 2\]$"),
    ],
)
def test_a_shapeless_answer_is_an_error(name: str, change: Any, line: str) -> None:
    instance = sampled("tiny")
    decisions = random_feasible(instance, 0)
    wrong = replace(decisions, **{name: change(getattr(decisions, name))})
    with pytest.raises(ValueError, match=line):
        rollout(Played(wrong), instance)


def test_views_of_caches_written_before_the_next_is_taken() -> None:
    instance = sampled("tiny")
    cache = np.zeros((3, 3), dtype=bool)
    seen = []
    for view in frame_views(instance, cache):
        seen.append(view.previous_cache.tolist())
        cache[view.frame, view.frame] = True
    assert seen == [[False, False, False], [True, False, False], [False, True, False]]


def test_a_model_free_policy_is_not_told_the_demand_process() -> None:
    instance = sampled("tiny")
    cache = np.zeros((instance.frames, len(instance.models)), dtype=bool)
    assert all(view.demand is None for view in frame_views(instance, cache, "online-model-free"))
    assert all(view.demand is instance.demand for view in frame_views(instance, cache, "online-model-based"))
