"""Judges records against labels: comparisons, verdicts, metrics, reports."""
