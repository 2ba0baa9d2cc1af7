"""Strings that break software, sent through every field, file, page and document of the product."""
