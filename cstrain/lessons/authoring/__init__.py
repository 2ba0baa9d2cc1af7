"""Writing lessons in the browser: drafts, versions, who has read what."""
