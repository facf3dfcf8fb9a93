"""The mathematics of a frame's cache: bounds, search, prices, expected costs."""
