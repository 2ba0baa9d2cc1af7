"""Departments: where each stands with a month, and a department's ranking."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for

from cstrain.access import actor, may, requires
from cstrain.documents.tables import Cell, write_csv, write_xlsx
from cstrain.extensions import local_date, now
from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import NotFoundError
from cstrain.people import queries as people
from cstrain.performance import presenting, queries, rules
from cstrain.performance.facts import METRICS
from cstrain.performance.queries.records import MISSING, Ranking
from cstrain.performance.store import month_rules
from cstrain.performance.views.blueprint import (
    blueprint,
    check_department,
    last_month,
    month_before,
    month_in,
    seen_departments,
)

PAGE = 50
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@blueprint.get("/departments")
@requires("performance.view")
def departments() -> str:
    """Show where each department stands with a month."""
    text = request.args.get("month", "")
    month = month_in(text) if text else last_month()
    return render_template(
        "performance/departments.html",
        states=queries.month_states(month, seen_departments("performance.view")),
        month=month,
        before=month_before(month),
        after=add_months(month, 1) if month < last_month() else None,
        due=rules.closes_from(month, month_rules(month)) <= local_date(now()),
        may_close=may(actor(), "performance.close"),
        may_import=may(actor(), "performance.import"),
        may_correct=may(actor(), "performance.correct"),
    )


@blueprint.get("/departments/<int:department_id>/<string:month>")
@requires("performance.view")
def ranking(department_id: int, month: str) -> str:
    """Show a department's people of a month, the most brand points first."""
    check_department(department_id, "performance.view")
    on = month_in(month)
    found = queries.ranking(department_id, on)
    page, pages = _page(len(found.rows))
    rows = found.rows[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "performance/ranking.html",
        department=people.department(department_id),
        ranking=found,
        rows=rows,
        names=people.people([row.person_id for row in rows], local_date(now())),
        page=Pages(page, pages, department_id, month),
        before=month_before(on),
        after=add_months(on, 1) if on < last_month() else None,
        shown=presenting.lined_up(row.record for row in rows),
        mean=presenting.mean,
        reader=actor(),
        may_close=may(actor(), "performance.close"),
        may_enter=may(actor(), "performance.enter"),
    )


def _page(count: int) -> tuple[int, int]:
    pages = max(1, -(-count // PAGE))
    return min(max(request.args.get("page", 1, int), 1), pages), pages


class Pages:
    """Where one is in a long ranking."""

    def __init__(self, page: int, pages: int, department_id: int, month: str) -> None:
        self.page, self.pages = page, pages
        self._address: dict[str, Any] = {"department_id": department_id, "month": month}

    def url(self, number: int) -> str:
        """Return the address of a page."""
        return url_for("performance.ranking", page=number, **self._address)


@blueprint.get("/departments/<int:department_id>/<string:month>/table.<string:kind>")
@requires("performance.view")
def table(department_id: int, month: str, kind: str) -> Response:
    """Download a department's month as a workbook or a CSV."""
    check_department(department_id, "performance.view")
    if kind not in _TYPES:
        raise NotFoundError(MISSING)
    on = month_in(month)
    rows = _table(queries.ranking(department_id, on), on)
    data = write_xlsx(rows) if kind == "xlsx" else write_csv(rows)
    name = f"performance-{department_id}-{on:%Y-%m}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, content_type=_TYPES[kind], headers=headers)


def _table(found: Ranking, on: date) -> list[list[Cell]]:
    names = people.people([row.person_id for row in found.rows], local_date(now()))
    head: list[Cell] = ["工号", "姓名", "月份", "绩效等级", *(each.word for each in METRICS.values())]
    rows: list[list[Cell]] = [[*head, "扣分次数", "扣分合计", "品牌分名次", "近月平均名次"]]
    for row in found.rows:
        one, record = names[row.person_id], row.record
        values: list[Cell] = [
            presenting.plain(record.values.get(name)) if record else None for name in METRICS
        ]
        counts = [record.deductions, record.points] if record else [None, None]
        grade = record.grade if record else None
        rows.append([one.staff_no, one.name, f"{on:%Y-%m}", grade, *values, *counts, row.rank, row.mean_rank])
    return rows
