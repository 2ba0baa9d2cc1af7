"""Moodle's XML."""
