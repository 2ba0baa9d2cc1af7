"""The group-leader competition: applications, sheets, calculation, decision, trial."""
