"""Reading and writing: files, tables, YAML with line numbers, and bad input said in one line."""
