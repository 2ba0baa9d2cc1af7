"""The demo company: real services played on a settable clock up to today. No row is written by hand."""
