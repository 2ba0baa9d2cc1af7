"""Correcting the key of a used question: proposed, confirmed by a second person, all marked again."""
