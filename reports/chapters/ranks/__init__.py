"""Who is ahead of whom."""
