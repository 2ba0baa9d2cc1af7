"""The review band: results so near the pass mark that somebody looks at them before they are shown."""
