"""How questions are typed into a page: kinds of fields, editors made of them, previews. Pure."""
