"""The shipped rule-books as dated YAML with their source, and their one loader."""
