"""Cuts a letter into sections, and its decisions into items, layout by layout."""
