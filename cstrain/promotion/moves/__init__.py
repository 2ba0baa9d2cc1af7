"""Moves beside the ladder: transfers, skipped levels, succession, first levels."""
