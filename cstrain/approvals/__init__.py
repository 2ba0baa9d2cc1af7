"""Chains of opinions by office, dated stand-ins, and acts that need two persons."""
