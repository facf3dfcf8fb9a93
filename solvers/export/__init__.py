"""Instances as files that other solvers read, and their answers read back."""
