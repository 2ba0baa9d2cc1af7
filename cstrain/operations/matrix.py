"""The permission matrix as a document: every route by role, and for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Flask

from cstrain.access import Access

OPEN = {"public": "everybody", "signed_in": "whoever is signed in, about themself"}
_HEAD = """# Who may do what

Generated from the routes and from `cstrain/policies/shipped/access.yaml` by `cstrain permissions --write`.
One test fails when it is out of date, another asks every route as every role.

Whom the thing is about: **O** oneself, **T** somebody of one's team (my department, my trainee, a day I
guide, a case that waits for my opinion), **A** anybody else. `·` not at all. Everybody also holds `employee`,
somebody on probation also `trainee`; a dated stand-in holds what the office holds. Where **O** is missing
nobody acts on themself, whatever their office.
"""


@dataclass(frozen=True, slots=True)
class Route:
    """A route as people see it: methods, address, and the permission its view names."""

    methods: str
    address: str
    permission: str


def routes(app: Flask) -> list[Route]:
    """Return every route in the order of its address."""
    found = [
        Route(
            " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})),
            rule.rule,
            str(getattr(app.view_functions[rule.endpoint], "__permission__", "")),
        )
        for rule in app.url_map.iter_rules()
    ]
    return sorted(found, key=lambda route: (route.address, route.methods))


def reach(scopes: Iterable[str]) -> str:
    """Return for whom a set of relations grants something: a selection of ``OTA``, or ``·``."""
    held = set(scopes)
    own = bool(held & {"own", "all"})
    others = bool(held & {"others", "all"})
    team = others or bool(held - {"own", "all", "others"})
    return "".join(letter for letter, given in zip("OTA", (own, team, others), strict=True) if given) or "·"


def document(app: Flask) -> str:
    """Return the matrix as Markdown."""
    access: Access = app.extensions["cstrain.access"]
    every = routes(app)
    roles = list(access.grants.roles)
    lines = [_HEAD, "## Open to all\n", *_table(["method", "route", "for"], _open_rows(every))]
    rows = [
        [route.methods, f"`{route.address}`", f"`{route.permission}`"]
        + [reach(access.grants.scopes(frozenset({role}), route.permission)) for role in roles]
        for route in every
        if route.permission not in OPEN
    ]
    lines += ["", "## By role\n", *_table(["method", "route", "permission", *roles], rows), ""]
    return "\n".join(lines)


def _open_rows(every: Sequence[Route]) -> list[list[str]]:
    return [
        [route.methods, f"`{route.address}`", OPEN[route.permission]]
        for route in every
        if route.permission in OPEN
    ]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
