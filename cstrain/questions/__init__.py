"""Question types, banks and their checks."""
