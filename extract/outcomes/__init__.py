"""What do the letters of a run come to? Shares overturned, and therapy in numbers."""
