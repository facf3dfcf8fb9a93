"""Who answers: the solver interface, strategies for each timescale, and their registry."""

from problems.moved import install

install()
