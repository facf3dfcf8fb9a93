"""The tables of a store."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

SCHEMA_VERSION = 5
VERSION = "schema_version"
"""The key under which a store keeps it."""

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
"""``format`` and ``schema_version``."""

instances = Table(
    "instances",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("family", Text),
    Column("scenario_seed", BigInteger),
    Column("trace_seed", BigInteger),
    Column("frames", Integer, nullable=False),
    Column("slots", Integer, nullable=False),
    Column("users", Integer, nullable=False),
    Column("models", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),
)
"""``document`` is the instance's canonical JSON, gzipped."""

cells = Table(
    "cells",
    metadata,
    Column("cell_id", String(64), primary_key=True),
    Column("matrix", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("solver", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("code_version", String(12), nullable=False),
    Column("instance_sha256", String(64), ForeignKey("instances.sha256"), nullable=False, index=True),
    Column("repetition", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("time_limit_s", Double),
    Column("memory_limit_gb", Double),
    Column("cpu_limit_s", Double),
    Column("tier", Text),
    Column("exact", Boolean),
    Column("status", Text, nullable=False),
    Column("exit_code", Integer),
    Column("signal", Integer),
    Column("error", Text),
    Column("stderr_tail", Text),
    Column("violations", Text, nullable=False),
    Column("cost", Double),
    Column("utility", Double),
    Column("mean_latency_s", Double),
    Column("mean_tv", Double),
    Column("hit_ratio", Double),
    Column("edge_served_ratio", Double),
    Column("late_ratio", Double),
    Column("loaded_gb", Double),
    Column("latency_cost", Double),
    Column("quality_cost", Double),
    Column("late_cost", Double),
    Column("loading_cost", Double),
    Column("active_requests", Integer),
    Column("lower_bound", Double),
    Column("proved", Boolean, nullable=False),
    Column("solve_s", Double),
    Column("cpu_s", Double),
    Column("peak_memory_gb", Double),
    Column("wall_s", Double, nullable=False),
    Column("events", Text, nullable=False),
    Column("primal_dual_integral", Double),
    Column("agent_sha256", Text),
    Column("training_cpu_s", Double),
    Column("environment_steps", BigInteger),
    Column("updates", BigInteger),
    Column("training_whole", Boolean),
    Column("training_traces", Text),
    Column("training_spent_s", Double),
    Column("learning_curves", Text),
    Column("solution", LargeBinary),
    Column("prices", LargeBinary),
    Column("started_at", Text, nullable=False),
    Column("processor", Text),
    Column("cores", Integer),
    Column("python", Text),
    Column("t2bench_version", Text),
    Column("libraries", Text),
    Column("threads", Text),
    Column("load_before", Double),
    Column("load_after", Double),
    Column("micro_solve_s", Double),
    Column("stalled_s", Double),
    Column("waited_s", Double),
    Column("git_revision", Text),
    Column("command", Text, nullable=False),
)
"""``code_version`` is that of :mod:`benchmarks.machine.code_version`; settings, violations, events, learning_curves,
libraries and threads are JSON; what a learner's agents have cost is :class:`solvers.base.Learnt`, of several summed
and joined with ``+``; their curves are a list of :class:`solvers.learning_curve.LearningCurve`, null without one;
``prices`` are those of a bound without a solution, which would hold them; times are seconds, ``started_at`` is ISO
8601 in UTC."""

best_known = Table(
    "best_known",
    metadata,
    Column("instance_sha256", String(64), ForeignKey("instances.sha256"), primary_key=True),
    Column("value", Double),
    Column("bound", Double),
    Column("source", Text, nullable=False),
    Column("provenance", Text, nullable=False),
)
"""The references of the instances, derived from the cells (:mod:`benchmarks.references.of_store`)."""
