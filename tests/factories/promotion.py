"""Departments that follow a ladder, and what people have done in closed months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from cstrain.extensions import session
from cstrain.kernel.ids import DepartmentId, PersonId
from cstrain.pay import service as pay_service
from cstrain.performance.models import MonthClose, PerformanceMonth
from cstrain.promotion import service
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import MADE_AT, make_person


def bind(department: int, ladder: str | None, on: date = date(2020, 1, 1), scheme: str | None = None) -> None:
    """Let a department follow a ladder, and a pay scheme where one is named."""
    with unit_of_work():
        service.bind(None, MADE_AT, DepartmentId(department), ladder, on, "测试")
        if scheme is not None:
            pay_service.bind(None, MADE_AT, DepartmentId(department), scheme, on, "测试")


def make_month(
    person: PersonId, department: int, month: date, clerk: PersonId | None = None, **columns: object
) -> int:
    """Enter one month of a person as it counts; columns as in ``performance_month``."""
    by = clerk or make_person("录入员")
    values: Mapping[str, object] = {"level": "junior", "grade": "A", "brand_points": 90, **columns}
    with unit_of_work():
        row = PerformanceMonth(
            person_id=person,
            month=month,
            revision=1,
            department_id=department,
            post="客服专员",
            probation=False,
            away=False,
            source="entry",
            entered_by=by,
            entered_at=datetime(month.year, month.month, 28, tzinfo=UTC),
            entered_on=date(month.year, month.month, 28),
            **values,
        )
        session().add(row)
        session().flush()
        return row.id


def close_month(
    department: int, month: date, clerk: PersonId | None = None, *, on: date | None = None
) -> None:
    """Close a department's month on the 21st of the next one, or on another day."""
    year, number = (month.year + 1, 1) if month.month == 12 else (month.year, month.month + 1)
    day = on or date(year, number, 21)
    by = clerk or make_person("关账员")
    with unit_of_work():
        session().add(
            MonthClose(
                department_id=department,
                month=month,
                number=1,
                people=0,
                gaps=[],
                closed_by=by,
                closed_at=datetime.combine(day, time(0), tzinfo=UTC),
                closed_on=day,
            )
        )
