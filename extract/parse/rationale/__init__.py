"""What a rationale says: the reasons that it gives, and what it decides."""
