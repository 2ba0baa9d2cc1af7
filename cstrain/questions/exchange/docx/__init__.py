"""Word documents as lines of text, and back."""
