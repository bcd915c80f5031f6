"""Visits: those that were had, and those that a guideline gives."""
