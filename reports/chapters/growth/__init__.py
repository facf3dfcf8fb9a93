"""How solve time grows with the size of the instances."""
