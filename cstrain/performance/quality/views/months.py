"""Pages of months: compiling one, its sheets, the workbook."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.people import queries as people
from cstrain.performance.quality import documents, queries, rules, service
from cstrain.performance.quality.forms import EmptyForm
from cstrain.performance.quality.views.base import (
    asked_page,
    blueprint,
    first_of_month,
    pages,
    workbook,
)
from cstrain.ui.refusal import attempt

_PAGE, _SHOWN = 30, 24


@blueprint.get("/months")
@requires("quality.view")
def months() -> str:
    """Show the months with drawn chats, newest first."""
    found = [queries.month(one) for one in queries.months()[:_SHOWN]]
    return render_template(
        "quality/months.html",
        months=found,
        today=local_date(now()),
        may_close=may(actor(), "quality.close"),
        rule=queries.quality_rules(),
    )


@blueprint.get("/months/<month>")
@requires("quality.view")
def month(month: str) -> str:
    """Show a month: what stands in the way of compiling it, or its sheets."""
    return _month_page(month, EmptyForm(formdata=None))


def _month_page(text: str, form: EmptyForm) -> str:
    first = first_of_month(text)
    sheets, total = queries.sheets(actor(), first, local_date(now()), asked_page())
    return render_template(
        "quality/month.html",
        month=queries.month(first),
        text=text,
        sheets=sheets,
        total=total,
        pages=pages(total, _PAGE, "quality.month", month=text),
        names=people.people([one.person_id for one in sheets], rules.month_ends(first)),
        today=local_date(now()),
        form=form,
        may_close=may(actor(), "quality.close"),
    )


@blueprint.post("/months/<month>/close")
@requires("quality.close")
def close_month(month: str) -> Any:
    """Compile a month."""
    form, first = EmptyForm(), first_of_month(month)
    made: list[int] = []
    if form.validate_on_submit() and attempt(
        form, lambda: made.append(service.close_month(actor(), now(), first))
    ):
        flash(gettext("已汇总%(n)s人的月表，不再改动。", n=made[0]), "ok")
        return redirect(url_for("quality.month", month=month))
    return _month_page(month, form), 422


@blueprint.get("/months/<month>/sheets.xlsx")
@requires("quality.view")
def month_workbook(month: str) -> Response:
    """Download the sheets of a month that somebody may see."""
    first = first_of_month(month)
    sheets, _total = queries.sheets(actor(), first, local_date(now()), None)
    names = people.people([one.person_id for one in sheets], rules.month_ends(first))
    return workbook(documents.month_rows(sheets, names), f"quality-{month}.xlsx")
