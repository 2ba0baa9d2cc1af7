"""The Eaglet plan: one case from its notice to its closing notice."""
