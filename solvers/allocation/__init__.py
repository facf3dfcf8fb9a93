"""Strategies for the short timescale, one a file: how to split bandwidth and steps in a slot."""
