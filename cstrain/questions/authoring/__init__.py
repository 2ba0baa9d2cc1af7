"""Questions written here: drafts, review by another person, versions, comments, retirement."""
