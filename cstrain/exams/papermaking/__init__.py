"""Papers made in the browser: drafts, their approval by a second person, their print; what banks lack."""
