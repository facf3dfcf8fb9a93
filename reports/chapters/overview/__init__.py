"""What every report begins with: the story, the leaders, gaps and times."""
