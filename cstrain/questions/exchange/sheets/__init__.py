"""Sheets of questions: heads, cells, answers, and back."""
