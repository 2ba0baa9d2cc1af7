"""Routes of people."""

from cstrain.people.views import (
    account,
    departments,
    directory,
    employment,
    imports,
    links,
    log_in,
    plans,
    roles,
    second_factor,
)
from cstrain.people.views.blueprint import blueprint

blueprints = [blueprint]

__all__ = [
    "account",
    "blueprints",
    "departments",
    "directory",
    "employment",
    "imports",
    "links",
    "log_in",
    "plans",
    "roles",
    "second_factor",
]
