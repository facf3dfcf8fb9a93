"""Where a gap comes from: the caches, or the allocation under them."""
