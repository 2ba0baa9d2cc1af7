"""Finding questions among very many, and acting on many at once."""
