"""The monthly sheet as a table and as PDF. Printed in Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from cstrain.bundled import bundled
from cstrain.documents.pdf import render_pdf
from cstrain.documents.tables import Cell
from cstrain.extensions import local_date
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts
from cstrain.performance.quality.facts import SheetOfMonth

_HEAD = ("工号", "姓名", "部门", "抽查", "已评", "异议改分", "平均分")


def _tenth(mark: Decimal | None) -> Decimal | None:
    return None if mark is None else mark.quantize(Decimal("0.1"), rounding="ROUND_HALF_UP")


def month_rows(
    sheets: Sequence[SheetOfMonth], people: Mapping[PersonId, PersonFacts]
) -> list[Sequence[Cell]]:
    """Return a month's sheets as rows with a head; criteria in percent of their points."""
    titles = {one.id: one.title for sheet in sheets for one in sheet.criteria}
    rows: list[Sequence[Cell]] = [[*_HEAD, *titles.values()]]
    for sheet in sheets:
        who = people[sheet.person_id]
        shares = {one.id: _tenth(one.mark) for one in sheet.criteria}
        facts: list[Cell] = [
            who.staff_no,
            who.name,
            who.department_name,
            sheet.drawn,
            sheet.rated,
            sheet.changed,
        ]
        rows.append([*facts, _tenth(sheet.mark), *(shares.get(name) for name in titles)])
    return rows


def sheet_data(sheet: SheetOfMonth, person: PersonFacts, closed_by: str, late: bool) -> dict[str, Any]:
    """Return the data of a person's sheet for its template."""
    return {
        "draft": False,
        "month": f"{sheet.month.year}年{sheet.month.month}月",
        "name": person.name,
        "staff_no": person.staff_no,
        "department": person.department_name,
        "post": person.post,
        "drawn": sheet.drawn,
        "rated": sheet.rated,
        "changed": sheet.changed,
        "mark": _said(sheet.mark),
        "criteria": [[one.title, one.n, _said(one.mark)] for one in sheet.criteria],
        "closed_on": _zh_day(local_date(sheet.closed_at)),
        "closed_by": closed_by,
        "late": late,
    }


def _said(mark: Decimal | None) -> str:
    found = _tenth(mark)
    return "无记录" if found is None else str(found)


def _zh_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def sheet_pdf(data: Mapping[str, Any]) -> bytes:
    """Return the PDF of a person's sheet, one page of A4."""
    return render_pdf(bundled("templates") / "pdf" / "quality_sheet.typ", data)
