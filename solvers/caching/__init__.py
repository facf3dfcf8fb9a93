"""Strategies for the long timescale, one a file: which models to hold in each frame."""
