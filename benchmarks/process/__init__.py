"""One cell in a process of its own: started, watched, heard and concluded."""
