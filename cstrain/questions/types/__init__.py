"""One file a question type; each registers itself."""
