"""Certificates: prices from which anyone can recompute a lower bound on J, without a solver."""
