"""Questions in and out: the contract of a format, drafts, reading and writing of files."""
