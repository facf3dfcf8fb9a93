"""The page: its templates and scripts, and the data that it holds."""
