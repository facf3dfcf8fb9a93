"""Matrices: solvers x instances x repetitions, as cells."""
