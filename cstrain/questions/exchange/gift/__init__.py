"""Moodle's GIFT."""
