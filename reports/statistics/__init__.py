"""Statistics: averages, ranks, tests and intervals."""
