"""How soon answers and bounds were good."""
