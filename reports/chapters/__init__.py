"""The chapters of the report: one folder each, with all that it measures, writes and draws."""
