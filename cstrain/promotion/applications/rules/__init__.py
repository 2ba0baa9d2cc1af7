"""Pure rules of applications: states, panels and seals, windows."""
