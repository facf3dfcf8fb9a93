"""What the cost trades: latency against quality."""
