"""Import of monthly results and of opening data: upload, look at what would happen, confirm."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.documents.tables import write_xlsx
from cstrain.extensions import now
from cstrain.performance import queries, rules, service
from cstrain.performance.forms import ImportForm, OpeningForm
from cstrain.performance.month_columns import COLUMNS, DEDUCTIONS, MONTH, POINTS, template_rows
from cstrain.performance.views.blueprint import blueprint, last_month, month_in
from cstrain.ui.filters import month as month_word
from cstrain.ui.refusal import attempt

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN = 200
_OFFERED = 12


def _workbook(rows: list[list[Any]], name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write_xlsx(rows), mimetype=_XLSX, headers=headers)


@blueprint.route("/import", methods=["GET", "POST"])
@requires("performance.import")
def import_month() -> Any:
    """Take a file of one month and check it; nothing is entered yet."""
    form = ImportForm()
    months = list(reversed(rules.months_back(last_month(), _OFFERED)))
    form.offer(months, [month_word(month) for month in months])
    return _take(form, opening=False)


@blueprint.route("/import/opening", methods=["GET", "POST"])
@requires("performance.import")
def import_opening() -> Any:
    """Take a file of several past months with its source and check it."""
    return _take(OpeningForm(), opening=True)


def _take(form: Any, *, opening: bool) -> Any:
    made: list[int] = []
    if form.validate_on_submit():
        if not form.file.data:
            form.file.errors = [gettext("请选择要导入的文件。")]
        elif attempt(form, lambda: made.append(_upload(form, opening=opening))):
            return redirect(url_for("performance.import_batch", batch_id=made[0]))
    hidden = set() if opening else {MONTH, DEDUCTIONS, POINTS}
    page = render_template(
        "performance/import.html",
        form=form,
        opening=opening,
        columns=[name for name in COLUMNS if name not in hidden],
    )
    return page, 422 if form.is_submitted() else 200


def _upload(form: Any, *, opening: bool) -> int:
    upload = form.file.data
    return service.upload_month(
        actor(),
        now(),
        upload.read(),
        upload.filename or "",
        month=None if opening else month_in(form.month.data),
        source_note=form.source_note.data if opening else "",
        reason=form.reason.data or "",
    )


@blueprint.get("/import/template.xlsx")
@requires("performance.import")
def import_template() -> Response:
    """Download an empty file of one month with one example."""
    return _workbook([list(row) for row in template_rows(opening=False)], "performance-template.xlsx")


@blueprint.get("/import/opening-template.xlsx")
@requires("performance.import")
def opening_template() -> Response:
    """Download an empty file of opening data with one example."""
    return _workbook([list(row) for row in template_rows(opening=True)], "performance-opening.xlsx")


@blueprint.get("/import/<int:batch_id>")
@requires("performance.import")
def import_batch(batch_id: int) -> str:
    """Show what a checked file would do, or what is wrong in it."""
    return render_template(
        "performance/import_batch.html",
        batch=queries.batch(actor(), batch_id),
        shown=_SHOWN,
    )


@blueprint.get("/import/<int:batch_id>/faults.xlsx")
@requires("performance.import")
def import_faults(batch_id: int) -> Response:
    """Download the list of what is wrong, by row and column, with what to write instead."""
    rows: list[list[Any]] = [["行", "列", "问题和建议"]]
    rows += [[one.row, one.column, one.text] for one in queries.batch(actor(), batch_id).faults]
    return _workbook(rows, "performance-faults.xlsx")


@blueprint.post("/import/<int:batch_id>/confirm")
@requires("performance.import")
def confirm_import(batch_id: int) -> Any:
    """Enter every row of the checked file."""
    added, closed = service.confirm_month(actor(), now(), batch_id)
    said = gettext("已导入%(n)s条。", n=added)
    if closed:
        said += gettext("期初数据里的%(n)s个部门月份已关账。", n=closed)
    flash(said, "ok")
    return redirect(url_for("performance.import_batch", batch_id=batch_id))


@blueprint.post("/import/<int:batch_id>/discard")
@requires("performance.import")
def discard_import(batch_id: int) -> Any:
    """Throw the checked file away."""
    service.discard_month(actor(), now(), batch_id)
    flash(gettext("这份文件没有导入，检查结果已删除。"), "ok")
    return redirect(url_for("performance.import_month"))
