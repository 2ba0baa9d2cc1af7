"""QTI items and packages."""
