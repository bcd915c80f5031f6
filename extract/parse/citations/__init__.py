"""From a guideline line to its citations: statements, tokens, citations."""
