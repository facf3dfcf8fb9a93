"""How long a run will take, said before it begins."""
