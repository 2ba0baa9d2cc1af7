"""Persons, accounts, contracts, departments, rosters and leave, employment history, levels and tracks."""

from cstrain.people.wiring import init_app

__all__ = ["init_app"]
