"""Agents and unfinished trainings as files, and the folder in which trained agents are kept."""
