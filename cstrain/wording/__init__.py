"""Sentences that remember their key and values, so that a page can say them in the reader's language."""
