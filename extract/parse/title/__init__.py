"""What an item's title asks for: treatment, drug, quantity, part of the body."""
