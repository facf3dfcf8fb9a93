"""What learners lose against the best online policy, and whether their training pays."""
