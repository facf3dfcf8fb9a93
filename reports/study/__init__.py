"""A study: the cells of a store, each measured against the references of its instance."""
