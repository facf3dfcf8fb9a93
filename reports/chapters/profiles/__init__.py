"""How many instances are answered well enough, and how fast."""
