"""Lessons and handbooks: pages with versions, and who has read them."""
