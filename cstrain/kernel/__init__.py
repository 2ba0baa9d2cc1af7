"""The words of the house: no Flask, no database, no YAML, no clock."""
