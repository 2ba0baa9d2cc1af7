"""Sittings held on paper: printed forms, answers entered by two people apart, differences resolved."""
