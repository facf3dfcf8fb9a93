"""The whole programme as columns and rows, for general solvers and for files that they read."""
