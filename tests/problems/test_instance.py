"""Instance files: three formats with one hash, and a line for everything that is wrong with one."""

from __future__ import annotations

import copy
import gzip
import hashlib
import json
import random
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from problems.families.drawn import FAMILIES
from problems.instance import Instance, from_document, read_instance, write_instance
from problems.io.errors import InputError
from tests.cases import as_instance, edited, random_document, sampled

SUFFIXES = ("json", "json.gz", "npz")
NAN, INFINITY = float("nan"), float("inf")


def hash_of(document: dict[str, Any]) -> str:
    """The hash as the file format defines it."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def same(first: Instance, second: Instance) -> bool:
    arrays = ("state", "request", "gain", "input_mb", "output_mb")
    return (
        (first.name, first.family, first.scenario_seed, first.trace_seed)
        == (second.name, second.family, second.scenario_seed, second.trace_seed)
        and (first.models, first.system, first.demand) == (second.models, second.system, second.demand)
        and all(np.array_equal(getattr(first.trace, name), getattr(second.trace, name)) for name in arrays)
    )


def complaint(path: Path) -> str:
    """The complaint without the file's name, which it must begin with."""
    with pytest.raises(InputError) as caught:
        read_instance(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert "\n" not in line
    return line.removeprefix(f"{path}: ")


def complaint_of(document: object, folder: Path) -> str:
    path = folder / "a.json"
    path.write_text(json.dumps(document))
    return complaint(path)


@pytest.fixture
def document() -> dict[str, Any]:
    """A valid document: 3 frames, 2 slots, 3 users, 4 models, some users idle."""
    return random_document(1, forced_edge=False)


@pytest.mark.parametrize(
    ("family", "suffix"), [pair for pair in product(FAMILIES, SUFFIXES) if pair != ("metro", "json.gz")]
)
def test_round_trip(family: str, suffix: str, tmp_path: Path) -> None:
    """But for the largest as compressed text, which takes long."""
    instance, path = sampled(family, 1, 2), tmp_path / f"a.{suffix}"
    write_instance(instance, path)
    again = read_instance(path)
    assert same(again, instance)
    assert again.sha256 == instance.sha256
    write_instance(again, tmp_path / f"b.{suffix}")
    assert (tmp_path / f"b.{suffix}").read_bytes() == path.read_bytes()


def test_the_file_is_the_format_of_the_problem(tmp_path: Path) -> None:
    write_instance(sampled("small", 0, 3), tmp_path / "a.json")
    document = json.loads((tmp_path / "a.json").read_text())
    assert list(document) == [
        *("format", "version", "name", "family", "scenario_seed", "trace_seed"),
        *("models", "system", "demand", "trace"),
    ]
    assert (document["format"], document["version"], document["name"]) == ("t2bench-instance", 1, "small-s0-t3")
    assert (document["family"], document["scenario_seed"], document["trace_seed"]) == ("small", 0, 3)
    assert set(document["models"][0]) == {
        *("name", "size_gb", "steps_low", "steps_high", "tv_worst", "tv_best", "step_s", "setup_s", "cloud_s"),
    }
    assert set(document["system"]) == {
        *("cache_gb", "step_budget", "uplink_mhz", "downlink_mhz", "user_power_w", "bs_power_w", "noise_w_per_mhz"),
        *("backhaul_mbps", "load_cost_per_gb", "deadline_s", "late_penalty", "latency_weight", "tv_to_s"),
        *("forced_edge",),
    }
    assert set(document["demand"]) >= {"transition", "skew", "ranking", "activity", "state_observed"}
    assert set(document["trace"]) == {"state", "request", "gain", "input_mb", "output_mb"}
    assert np.shape(document["trace"]["state"]) == (10,)
    assert np.shape(document["trace"]["gain"]) == (10, 4, 4)


@pytest.mark.parametrize("seed", range(8))
def test_the_hash_of_a_file_made_elsewhere(seed: int, tmp_path: Path) -> None:
    """Whole numbers where decimals are usual, other key orders, a pretty print: the hash is that of the document."""
    document = random_document(seed)
    path = tmp_path / "a.json"
    path.write_text(json.dumps(dict(reversed(document.items())), indent=2))
    instance = read_instance(path)
    assert instance.sha256 == hash_of(document)
    for suffix in ("json", "json.gz"):
        write_instance(instance, tmp_path / f"b.{suffix}")
        assert read_instance(tmp_path / f"b.{suffix}").sha256 == hash_of(document)


@pytest.mark.parametrize("seed", range(4))
def test_an_npz_keeps_the_hash_of_a_document_made_elsewhere(seed: int, tmp_path: Path) -> None:
    """Arrays of decimals throughout: an NPZ array has one type of number."""
    document = random_document(seed)
    for name in ("gain", "input_mb", "output_mb"):
        document["trace"][name] = np.asarray(document["trace"][name], dtype=float).tolist()
    write_instance(as_instance(document), tmp_path / "a.npz")
    assert read_instance(tmp_path / "a.npz").sha256 == hash_of(document)
    document["trace"]["output_mb"] = np.full(np.shape(document["trace"]["gain"]), 2).tolist()
    write_instance(as_instance(document), tmp_path / "a.npz")
    assert read_instance(tmp_path / "a.npz").sha256 == hash_of(document)


@pytest.mark.parametrize("compressed", [False, True])
def test_an_npz_made_by_numpy(compressed: bool, tmp_path: Path) -> None:
    document = random_document(3)
    header = {key: value for key, value in document.items() if key != "trace"}
    arrays: dict[str, Any] = {key: np.asarray(value, dtype=float) for key, value in document["trace"].items()}
    arrays |= {key: np.asarray(document["trace"][key], dtype=np.int32) for key in ("state", "request")}
    save = np.savez_compressed if compressed else np.savez
    save(tmp_path / "a.npz", header=json.dumps(header), **arrays)
    instance = read_instance(tmp_path / "a.npz")
    assert same(instance, as_instance(document))
    assert instance.sha256 == hash_of({**header, "trace": {key: array.tolist() for key, array in arrays.items()}})


def test_a_field_of_the_future_is_kept_in_the_hash(tmp_path: Path) -> None:
    document = random_document(0) | {"comment": "from a later version – ü"}
    write_instance(as_instance(document), tmp_path / "a.npz")
    assert read_instance(tmp_path / "a.npz").document["comment"] == document["comment"]
    assert as_instance(document).sha256 == hash_of(document) != as_instance(random_document(0)).sha256


def test_reading_leaves_the_document_as_it_is(document: dict[str, Any]) -> None:
    before = copy.deepcopy(document)
    from_document(document)
    assert document == before


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("models", 2, "size_gb"), -3.0, "models[2].size_gb: -3.0; must be > 0"),
        (("models", 2, "size_gb"), 10**400, "models[2].size_gb: 1000000000"),
        (("models", 2, "steps_low"), 70, "models[2].steps_high: "),
        (("models", 2), None, "models[2]: missing; required"),
        (("models", 2), 3, "models[2]: 3; must be a mapping"),
        (("models",), {}, "models: must be a list"),
        (("models",), [], "models: none; needs at least one"),
        (("system", "cache_gb"), "8", "system.cache_gb: '8'; must be a number"),
        (("system", "late_penalty"), None, "system.late_penalty: None; must be a number"),
        (("system",), 5, "system: 5; must be a mapping"),
        (("demand", "ranking", 1), [0, 1, 2, 2], "demand.ranking[1]: [0, 1, 2, 2]; must be a permutation of 0..3"),
        (("demand", "ranking", 1), [1, 2, 3, 4], "demand.ranking[1]: [1, 2, 3, 4]; must be a permutation of 0..3"),
        (("demand", "transition", 0), [0.7, 0.2], "demand.transition: row 0 sums to 0.9; must sum to 1"),
        (("demand", "state_observed"), 0, "demand.state_observed: 0; must be true or false"),
        (("trace",), [], "trace: must be an object"),
        (("trace", "request", 2, 1, 0), 4, "trace.request[2][1][0]: 4; must be -1..3"),
        (("trace", "request", 2, 1, 0), -2, "trace.request[2][1][0]: -2; must be -1..3"),
        (("trace", "request", 2, 1, 0), 1.0, "trace.request: 1.0; must hold whole numbers"),
        (("trace", "request", 2, 1, 0), True, "trace.request: True; must hold whole numbers"),
        (("trace", "request", 2, 1, 0), 2**70, "trace.request: 1180591620717411303424; must hold whole numbers"),
        (("trace", "request", 2, 1, 0), None, "trace.request: None; must hold whole numbers"),
        (("trace", "request", 2, 1), [0, 1], "trace.request: ragged list"),
        (("trace", "request"), [], "trace.request: array of shape [0]; must be [T][K][N], none of them 0"),
        (("trace", "request"), [[[]]], "trace.request: array of shape [1, 1, 0]; must be [T][K][N], none of them 0"),
        (("trace", "request"), [[0, 1]], "trace.request: array of shape [1, 2]; must be [T][K][N], none of them 0"),
        (("trace", "request"), "abc", "trace.request: array of shape []; must be [T][K][N]"),
        (("trace", "state"), [0, 1], "trace.state: array of shape [2]; must be [3]"),
        (("trace", "state"), [0, 1, 2], "trace.state[2]: 2; must be 0..1"),
        (("trace", "state"), [0, 1, 0.5], "trace.state: 0.5; must hold whole numbers"),
        (("trace", "state"), [0, 1, -1], "trace.state: -1 (unknown); needs demand.state_observed false"),
        (("trace", "gain", 1, 1), [1e-9, 1e-9], "trace.gain: ragged list; must be an array of shape [3, 2, 3]"),
        (("trace", "gain"), [[[1e-9]]], "trace.gain: array of shape [1, 1, 1]; must be [3, 2, 3]"),
        (("trace", "gain", 0, 0, 0), "1e-9", "trace.gain: '1e-9'; must hold finite numbers"),
        (("trace", "gain", 0, 0, 0), None, "trace.gain: None; must hold finite numbers"),
        (("trace", "gain", 0, 0, 0), False, "trace.gain: False; must hold finite numbers"),
        (("trace", "gain", 0, 0, 0), 0, "trace.gain[0][0][0]: 0.0; must be > 0 for an active user"),
        (("trace", "gain", 0, 0, 0), -1e-9, "trace.gain[0][0][0]: -1e-09; must be > 0 for an active user"),
        (("trace", "input_mb", 0, 0, 0), -1, "trace.input_mb[0][0][0]: -1.0; must be >= 0 for an active user"),
        (("trace", "output_mb", 0, 0, 0), -1, "trace.output_mb[0][0][0]: -1.0; must be >= 0 for an active user"),
        (("trace", "gain", 0, 0, 0), NAN, "trace.gain[0][0][0]: NaN; numbers must be finite"),
        (("trace", "gain", 2, 1, 2), INFINITY, "trace.gain[2][1][2]: Infinity; numbers must be finite"),
        (("system", "cache_gb"), -INFINITY, "system.cache_gb: -Infinity; numbers must be finite"),
        (("system", "cache_gbb"), 8.0, "system.cache_gbb: not a known field; must be one of cache_gb, step_budget, "),
        (("models", 1, "size"), 8.0, "models[1].size: not a known field; must be one of name, size_gb, "),
        (("demand", "activty"), 0.5, "demand.activty: not a known field; must be one of transition, "),
        (("trace", "comment"), "x", "trace.comment: not a known field; must be one of state, request, "),
        (("version",), 2, "version: 2; must be 1"),
        (("format",), "t2bench-solution", "format: 't2bench-solution'; must be 't2bench-instance'"),
        (("name",), "", "name: ''; must be text"),
        (("name",), 5, "name: 5; must be text"),
        (("family",), 5, "family: 5; must be text or null"),
        (("trace_seed",), 0.5, "trace_seed: 0.5; must be a whole number or null"),
    ],
)
def test_a_wrong_value_is_named(
    path: Sequence[str | int], value: object, line: str, document: dict[str, Any], tmp_path: Path
) -> None:
    assert complaint_of(edited(document, path, value), tmp_path).startswith(line)


@pytest.mark.parametrize(
    "path", ["format", "version", "models", "system", "demand", "trace", "trace.gain", "trace.state"]
)
def test_a_missing_part_is_named(path: str, document: dict[str, Any], tmp_path: Path) -> None:
    *parents, last = path.split(".")
    del (document[parents[0]] if parents else document)[last]
    assert complaint_of(document, tmp_path).startswith(f"{path}: missing; ")


def test_what_an_idle_user_would_have_had_does_not_matter(document: dict[str, Any]) -> None:
    t, k, n = np.argwhere(np.array(document["trace"]["request"]) < 0)[0].tolist()
    for name, value in (("gain", 0.0), ("input_mb", -1.0), ("output_mb", -5.0)):
        document["trace"][name][t][k][n] = value
    assert as_instance(document).trace.gain[t, k, n] == 0


def test_forced_edge_needs_a_step_for_every_user(document: dict[str, Any], tmp_path: Path) -> None:
    document["system"] |= {"forced_edge": True, "step_budget": 3}
    assert as_instance(document).users == 3
    document["system"]["step_budget"] = 2
    assert complaint_of(document, tmp_path) == "system.step_budget: 2; must be >= 3 (the users) with forced_edge"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", "not valid JSON: "),
        (b"{", "not valid JSON: "),
        (b"[1, 2]", "[1, 2]; must be a JSON object"),
        (b'{"gain": 1e999}', "gain: 1e999; numbers must be finite"),
        (b'{"gain": [0, {"b": [-1e999]}]}', "gain[1].b[0]: -1e999; numbers must be finite"),
        (b'{"size": ' + b"9" * 5000 + b"}", "size: 999999"),
        (b'{"a": ' + b"[" * 100_000 + b"}", "not valid JSON: nested too deeply"),
        (b'{"a": "\xff"}', "not UTF-8 text"),
        (b"\x1f\x8b\x08garbage", "not "),
    ],
)
def test_a_broken_file_is_named(content: bytes, line: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    assert complaint(path).startswith(line)


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.json.gz", b"", "not a whole gzip file: it is empty"),
        ("a.json.gz", b"{}", "not a whole gzip file: "),
        ("a.json.gz", gzip.compress(b"{}" * 99, mtime=0)[:-12], "not a whole gzip file: "),
        ("a.npz", b"", "not a whole NPZ file: "),
        ("a.npz", b"\x93NUMPY\x01\x00", "not a whole NPZ file: "),
        ("a.npz", b"{}", "not a whole NPZ file: "),
    ],
)
def test_a_broken_archive_is_named(name: str, content: bytes, line: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert complaint(tmp_path / name).startswith(line)


@pytest.mark.parametrize(
    ("arrays", "line"),
    [
        ({"header": None}, "header: missing; must hold the instance's JSON text"),
        ({"header": np.array(["{}"])}, "header: array of shape (1,); must be one JSON text"),
        ({"header": np.array("{")}, "header: not valid JSON"),
        ({"header": np.array('{"a": NaN}')}, "header: a: NaN; numbers must be finite"),
        ({"gain": None}, "trace.gain: missing; required"),
        ({"gain": np.full((3, 2, 3), NAN)}, "trace.gain[0][0][0]: not a finite number"),
        ({"gain": np.ones((3, 2, 3), dtype=complex)}, "trace.gain: (1+0j); must hold finite numbers"),
        ({"gain": np.ones((3, 2, 3), dtype=bool)}, "trace.gain: True; must hold finite numbers"),
        ({"gain": np.ones((3, 2))}, "trace.gain: array of shape [3, 2]; must be [3, 2, 3]"),
        ({"request": np.zeros((3, 2, 3))}, "trace.request: 0.0; must hold whole numbers"),
        ({"request": np.full((3, 2, 3), 200, dtype=np.uint8)}, "trace.request[0][0][0]: 200; must be -1..3"),
        ({"gain": np.array([object()], dtype=object)}, "not a whole NPZ file: "),
    ],
)
def test_a_wrong_array_is_named(arrays: dict[str, Any], line: str, document: dict[str, Any], tmp_path: Path) -> None:
    header = {key: value for key, value in document.items() if key != "trace"}
    content = {
        "header": np.array(json.dumps(header)),
        **{k: np.array(v) for k, v in document["trace"].items()},
        **arrays,
    }
    np.savez(tmp_path / "a.npz", **{key: value for key, value in content.items() if value is not None})
    assert complaint(tmp_path / "a.npz").startswith(line)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_damage_of_any_kind_gets_one_line(suffix: str, tmp_path: Path) -> None:
    """Truncation at any place and flipped bytes: either the file still reads, or the complaint is one line."""
    path = tmp_path / f"a.{suffix}"
    write_instance(sampled("tiny"), path)
    content, rng = path.read_bytes(), random.Random(0)
    refused = []
    for _ in range(400):
        damaged = bytearray(content[: rng.randrange(len(content))] if rng.random() < 0.3 else content)
        for _ in range(rng.choice([0, 1, 2, 8]) if damaged else 0):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        path.write_bytes(damaged)
        try:
            read_instance(path)
        except InputError as error:
            refused.append(str(error))
    assert len(refused) > 200
    assert all("\n" not in line for line in refused)


@pytest.mark.parametrize("name", ["absent.json", "absent.npz", "absent/a.json"])
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    assert complaint(tmp_path / name) == "cannot be read: no such file or directory"


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.xml: suffix '\.xml'; must be \.json, \.json\.gz or \.npz$"):
        write_instance(sampled("tiny"), tmp_path / "a.xml")
    assert not (tmp_path / "a.xml").exists()
