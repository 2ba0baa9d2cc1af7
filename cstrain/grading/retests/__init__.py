"""Who relied on a section of a lesson that changed since, and sitting the paper again."""
