"""Tables, numbers and words, in every format of print."""
