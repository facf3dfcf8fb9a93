"""What every instance is measured against: optima, bounds and the cost of the cloud alone."""
