"""Papers, sittings, attempts and the answer log."""
