"""One cell in a process of its own: the request, the messages, the watch and the outcome."""
