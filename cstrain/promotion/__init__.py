"""Promotion on evidence: ladders, dossiers, what is missing, what a changed policy would do."""
