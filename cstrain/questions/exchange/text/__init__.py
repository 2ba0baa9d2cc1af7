"""Questions as plain text, in the spellings of Chinese exam papers."""
