"""Training: the two nested loops, from beginning to end, measured on validation traces."""
