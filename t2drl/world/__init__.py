"""What a learner plays in: training traces as tensors, environments of many of them, observations, replay."""
