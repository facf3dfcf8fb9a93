"""From the log of a production service to a scenario, and from a part of the log to a trace."""
