"""Solvers of the whole programme at once, one a file."""
