"""Statements compiled once: the same rows, types and errors as SQLAlchemy's own way, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import cast

import pytest
import sqlalchemy as sa

from cstrain.extensions import connection, db
from cstrain.people.models import Account, Department, Person
from cstrain.prepared import Prepared
from tests.counting import counted
from tests.factories.people import make_department, make_person

pytestmark = pytest.mark.usefixtures("context")

_department, _account = (cast(sa.Table, each.__table__) for each in (Department, Account))
_ONE = Prepared(
    sa.select(
        Person.name,
        Person.hire_date,
        Account.closed_at,
        sa.func.coalesce(Account.closed_at, sa.null()).is_(None).label("open"),
        sa.literal("写死", sa.Text()).label("constant"),
    )
    .join(Account, Account.person_id == Person.id)
    .where(
        Person.id == sa.bindparam("person", type_=sa.Integer()),
        Person.hire_date <= sa.bindparam("on", type_=sa.Date()),
    )
)
_ALL = Prepared(sa.select(Person.id).order_by(Person.id))


@pytest.mark.both_databases
def test_rows_have_the_names_and_the_values_that_their_types_hand_out() -> None:
    person = make_person("林晓雯")
    at = datetime(2026, 3, 4, 9, 30, tzinfo=timezone(timedelta(hours=8)))
    db.session.execute(sa.update(_account).where(_account.c.person_id == person).values(closed_at=at))

    row = _ONE.one_or_none(connection(), {"person": person, "on": date(2026, 12, 1)})

    assert (row.name, row.constant, bool(row.open)) == ("林晓雯", "写死", False)
    assert type(row.hire_date) is date
    assert row.closed_at == at and row.closed_at.tzinfo is UTC


@pytest.mark.both_databases
def test_nothing_found_is_none_and_several_are_refused() -> None:
    make_person("甲")
    make_person("乙")

    assert _ONE.one_or_none(connection(), {"person": 10**6, "on": date(2026, 12, 1)}) is None
    assert len(_ALL.rows(connection(), {})) == 2
    with pytest.raises(sa.exc.MultipleResultsFound):
        _ALL.one_or_none(connection(), {})


@pytest.mark.both_databases
def test_a_value_that_was_forgotten_is_an_error_and_not_an_empty_one() -> None:
    person = make_person("甲")

    with pytest.raises((KeyError, sa.exc.StatementError)):
        _ONE.rows(connection(), {"person": person})


@pytest.mark.both_databases
def test_what_the_database_refuses_comes_as_the_error_the_house_knows() -> None:
    make_department("售前", code="A1")
    again = Prepared(sa.insert(_department), ("code", "name", "week", "is_active"))

    with pytest.raises(sa.exc.IntegrityError) as caught:
        again.rows(connection(), {"code": "A1", "name": "又一个", "week": "six_days", "is_active": True})

    code = getattr(caught.value.orig, "sqlstate", None) or getattr(
        caught.value.orig, "sqlite_errorname", None
    )
    assert code in {"23505", "SQLITE_CONSTRAINT_UNIQUE"}


@pytest.mark.both_databases
def test_a_write_ends_with_its_unit() -> None:
    place = make_department("售前", code="A1")
    db.session.rollback()
    rename = Prepared(sa.insert(_department), ("code", "name", "week", "is_active"))

    rename.rows(connection(), {"code": "B2", "name": "售后", "week": "six_days", "is_active": True})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Department)) == 2
    db.session.rollback()

    assert db.session.scalars(sa.select(Department.id)).all() == [place]


@pytest.mark.both_databases
def test_who_counts_the_statements_of_the_engine_hears_of_it(app) -> None:
    with counted(app) as statements:
        _ALL.rows(connection(), {})

    assert [each for each in statements if each.startswith("SELECT person.id")]


def test_a_statement_that_is_not_plain_is_refused_at_its_first_use() -> None:
    listed = Prepared(sa.select(Person.id).where(Person.id.in_(sa.bindparam("ids", expanding=True))))

    with pytest.raises(ValueError, match="not a plain statement"):
        listed.rows(connection(), {"ids": [1]})
