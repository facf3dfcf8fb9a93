"""The mathematics of one slot: bandwidth, steps, and both at once where a deadline couples them."""
