"""Monthly reviews: how a person, the manager, colleagues (anonymous) and customers see a month."""
