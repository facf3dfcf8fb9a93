"""From measured (steps, quality, seconds) to the curves of a model, and the experiment that measures them."""
