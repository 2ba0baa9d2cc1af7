"""Marking, release, appeals and results."""
