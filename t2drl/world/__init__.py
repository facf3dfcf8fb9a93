"""What a learner plays in: traces of a scenario as tensors, what it observes, what it remembers."""
