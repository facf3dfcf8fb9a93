"""Who learns to answer it. No learner is part of this version."""
