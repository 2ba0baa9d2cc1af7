"""Judging a dossier of facts by published criteria: pure, so a decision can be judged again years later."""
