"""Rows as they stand in the tables, read for roads: no service, no query of a room."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from benchmarks.duties.road import Act, Flow
from benchmarks.duties.world import World
from cstrain.access import roles_granting
from cstrain.extensions import db

Found = sa.RowMapping


def rows(table: str, **where: object) -> list[Found]:
    """Return the rows whose columns have these values, oldest first."""
    found = db.metadata.tables[table]
    wanted = sa.select(found).where(*(found.c[name] == value for name, value in where.items()))
    return list(db.session.execute(wanted.order_by(found.c.id)).mappings())


def newest(table: str, **where: object) -> Found | None:
    """Return the newest of them."""
    return next(iter(rows(table, **where)[::-1]), None)


def able(world: World, *permissions: str) -> list[int]:
    """Return who holds an office that has one of these permissions, wherever it reaches."""
    return world.with_role(*{str(role) for one in permissions for role in roles_granting(one)})


def act(world: World, name: str, service: Any, right: list[int], *values: Any, **named: Any) -> Act:
    """Return the act of a service that takes who, when and these values."""
    return Act(name, lambda who: service(who, world.now, *values, **named), right)


def yes(flow: Flow, often: float = 0.75) -> bool:
    """Toss a coin."""
    return flow.chance.random() < often
