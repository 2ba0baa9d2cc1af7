"""Deductions by published rules, and the registers behind criteria."""
