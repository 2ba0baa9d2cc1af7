"""Conversion: cases from the conversion exam to a decided end of probation."""
