"""The blueprint of monthly performance, and what its pages share."""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from cstrain.access import actor, granted_by, scopes_of
from cstrain.extensions import local_date, now
from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import DepartmentId
from cstrain.people import queries as people
from cstrain.people.policy import HEAD_ROLES
from cstrain.performance import rules
from cstrain.performance.queries.records import MISSING
from cstrain.ui.forms import typed_day

blueprint = Blueprint("performance", __name__, url_prefix="/performance")


def month_in(text: str) -> date:
    """Return the first day of the month in an address (``2026-09``); anything else is a missing page."""
    found = typed_day(f"{text}-01")
    if found is None:
        raise NotFoundError(MISSING)
    return found


def last_month() -> date:
    """Return the first day of the latest month that is over."""
    return add_months(rules.first_of(local_date(now())), -1)


def month_before(month: date) -> date | None:
    """Return the month before one, ``None`` where nothing that early can be recorded."""
    before = add_months(month, -1)
    return before if before >= rules.earliest(local_date(now())) else None


def seen_departments(permission: str) -> frozenset[DepartmentId] | None:
    """Return the departments whose people the reader may see by a permission; ``None``: all of them."""
    me = actor()
    scopes = scopes_of(me, permission)
    if scopes & {"all", "others"}:
        return None
    if "my_department" not in scopes:
        return frozenset()
    roles = granted_by(me, permission, "my_department") & frozenset(HEAD_ROLES)
    headed = people.department_ids_headed(me, local_date(now()), roles)
    return frozenset(place for one in headed for place in people.subtree(one))


def check_department(department_id: int, permission: str) -> None:
    """Refuse a department outside what the reader may see as if it did not exist."""
    seen = seen_departments(permission)
    if seen is not None and department_id not in seen:
        raise NotFoundError(MISSING)
