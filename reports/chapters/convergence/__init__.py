"""How fast agents learn."""
