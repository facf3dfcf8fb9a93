"""The command line: a module a verb; what verbs share is in ``shared``."""
