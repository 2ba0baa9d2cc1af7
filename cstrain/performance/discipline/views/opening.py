"""Bringing in deductions of past months: upload, look at the check, confirm."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.documents.tables import write_xlsx
from cstrain.extensions import now
from cstrain.performance.discipline import queries, service
from cstrain.performance.discipline.forms import OpeningForm
from cstrain.performance.discipline.opening_file import COLUMNS, template_rows
from cstrain.performance.discipline.views.common import blueprint, form_page
from cstrain.ui.refusal import attempt

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN = 200


@blueprint.route("/opening", methods=["GET", "POST"])
@requires("deduction.bring_in")
def bring_in() -> Any:
    """Take a file of opening sums and check it; nothing is entered yet."""
    form = OpeningForm()
    made: list[int] = []
    if form.validate_on_submit():
        if not form.file.data:
            form.file.errors = [gettext("请选择要导入的文件。")]
        elif attempt(form, lambda: made.append(_check(form))):
            return redirect(url_for("discipline.opening", batch_id=made[0]))
    return form_page("bring_in", form, columns=COLUMNS)


def _check(form: OpeningForm) -> int:
    upload = form.file.data
    return service.check_opening(actor(), now(), upload.read(), upload.filename or "", form.source.data or "")


@blueprint.get("/opening/template.xlsx")
@requires("deduction.bring_in")
def opening_template() -> Response:
    """Download an empty file with its columns and one example."""
    headers = {"Content-Disposition": 'attachment; filename="deductions-template.xlsx"'}
    return Response(write_xlsx(template_rows()), mimetype=_XLSX, headers=headers)


@blueprint.get("/opening/<int:batch_id>")
@requires("deduction.bring_in")
def opening(batch_id: int) -> str:
    """Show what a checked file would enter, or what is wrong in it."""
    return render_template(
        "discipline/opening.html", batch=queries.opening_batch(actor(), batch_id), shown=_SHOWN
    )


@blueprint.post("/opening/<int:batch_id>/confirm")
@requires("deduction.bring_in")
def confirm_opening(batch_id: int) -> Any:
    """Enter every row of the checked file."""
    number = service.confirm_opening(actor(), now(), batch_id)
    flash(gettext("已导入%(n)s行期初扣分。", n=number), "ok")
    return redirect(url_for("discipline.opening", batch_id=batch_id))
