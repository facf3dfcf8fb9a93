"""Learners as solvers: each timescale alone, both as one agent, and those of other libraries."""
