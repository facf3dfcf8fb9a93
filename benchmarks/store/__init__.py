"""The record: a row a cell, with its instance and its solution."""
