"""Two stores held against each other."""
