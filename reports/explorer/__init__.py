"""The interactive parts of the page: what its scripts are handed as JSON."""
