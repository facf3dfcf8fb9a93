"""What changes when curves are measured and demand is real."""
