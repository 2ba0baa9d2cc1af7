"""Hostile files of questions, made when they are asked for: format, name and bytes of each."""
