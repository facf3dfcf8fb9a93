"""Training: the two nested loops play, remember and update; a recorder measures, and a state can be saved."""
