"""One file a criterion."""
