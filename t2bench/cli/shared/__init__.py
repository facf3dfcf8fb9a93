"""What several verbs share: options, and tables of text."""
