"""What the model is told: versioned prompt files and the words they are filled with."""
