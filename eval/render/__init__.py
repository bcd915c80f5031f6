"""Prints a report: terminal, Markdown, JUnit, HTML. Nothing is measured here."""
