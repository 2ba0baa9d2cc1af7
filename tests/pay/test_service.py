"""Departments are bound to one pay scheme at a time; what was bound before stays on record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cstrain.kernel.errors import DomainError, NotFoundError
from cstrain.kernel.ids import DepartmentId
from cstrain.pay import queries, service
from cstrain.unit_of_work import unit_of_work
from tests.factories.people import MADE_AT, make_department

ON = date(2026, 11, 20)

pytestmark = pytest.mark.usefixtures("context")


def bind(department: int, ref: str | None, on: date) -> None:
    with unit_of_work():
        service.bind(None, MADE_AT, DepartmentId(department), ref, on, "测试")


def test_the_latest_binding_counts_and_the_one_below_wins() -> None:
    above = make_department("客服中心")
    below = make_department("一组", parent=above)
    bind(above, "points-2017", date(2020, 1, 1))
    bind(below, "sales", date(2026, 1, 1))
    assert queries.schemes_by_department(date(2025, 12, 31))[below].ref == "points-2017"
    assert queries.schemes_by_department(ON)[below].ref == "sales"
    bind(below, "level-raise", date(2026, 1, 1))  # the same day again: the last word counts
    assert queries.schemes_by_department(ON)[below].ref == "level-raise"
    assert queries.bindings(ON)[above].effective_from == date(2020, 1, 1)


def test_the_base_is_asked_by_scheme_and_level() -> None:
    assert queries.base("sales", "senior", ON) == Decimal("4000.00")
    assert queries.base("sales", None, ON) is None and queries.base("nothing", "senior", ON) is None
    assert {one.ref for one in queries.schemes(ON)} == {"points-2017", "sales", "level-raise"}


def test_unknown_schemes_and_departments_are_refused() -> None:
    place = make_department()
    with pytest.raises(DomainError):
        bind(place, "nothing", ON)
    with pytest.raises(DomainError):
        bind(place, "sales", date(2010, 1, 1))
    with pytest.raises(NotFoundError):
        bind(999_999, "sales", ON)
