"""Staff import: upload, look at what would happen, confirm."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.documents.tables import write_xlsx
from cstrain.extensions import local_date, now
from cstrain.people import queries, service
from cstrain.people.forms import EmptyForm, UploadForm
from cstrain.people.queries import BatchFacts
from cstrain.people.staff_columns import COLUMNS, template_rows
from cstrain.people.views.blueprint import blueprint
from cstrain.ui.refusal import attempt

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN = 200


def _workbook(rows: list[list[Any]], name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write_xlsx(rows), mimetype=_XLSX, headers=headers)


@blueprint.route("/people/import", methods=["GET", "POST"])
@requires("person.import")
def import_staff() -> Any:
    """Take a staff file and check it; nothing is entered yet."""
    form = UploadForm()
    made: list[int] = []
    if form.validate_on_submit():
        if not form.file.data:
            form.file.errors = [gettext("请选择要导入的文件。")]
        elif attempt(form, lambda: made.append(_upload(form))):
            return redirect(url_for("people.import_batch", batch_id=made[0]))
    status = 422 if form.is_submitted() else 200
    return render_template("people/import.html", form=form, columns=COLUMNS), status


def _upload(form: UploadForm) -> int:
    upload = form.file.data
    return service.upload_import(
        actor(),
        now(),
        upload.read(),
        upload.filename or "",
        may_add_departments=may(actor(), "department.edit"),
    )


@blueprint.get("/people/import/template.xlsx")
@requires("person.import")
def import_template() -> Response:
    """Download an empty staff file with its columns and one example."""
    return _workbook([list(row) for row in template_rows()], "staff-template.xlsx")


@blueprint.get("/people/import/<int:batch_id>")
@requires("person.import")
def import_batch(batch_id: int) -> str:
    """Show what a checked file would do, or what is wrong in it."""
    facts = queries.batch(actor(), batch_id)
    form = EmptyForm(formdata=None)
    new = queries.without_password(queries.imported_people(actor(), batch_id))
    people = queries.people(new, local_date(now()))
    names = {one.code: one.name for one in queries.departments()}
    return render_template(
        "people/import_batch.html", batch=facts, form=form, waiting=people, shown=_SHOWN, places=names
    )


@blueprint.get("/people/import/<int:batch_id>/faults.xlsx")
@requires("person.import")
def import_faults(batch_id: int) -> Response:
    """Download the list of what is wrong, by row and column."""
    facts: BatchFacts = queries.batch(actor(), batch_id)
    rows: list[list[Any]] = [["行", "列", "问题"]]
    rows += [[fault.row, fault.column, fault.text] for fault in facts.faults]
    return _workbook(rows, "staff-faults.xlsx")


@blueprint.post("/people/import/<int:batch_id>/confirm")
@requires("person.import")
def confirm_import(batch_id: int) -> Any:
    """Enter everybody of the checked file."""
    new = service.confirm_import(actor(), now(), batch_id)
    flash(gettext("已导入%(n)s人。下一步：打印首次登录链接。", n=len(new)), "ok")
    return redirect(url_for("people.import_batch", batch_id=batch_id))


@blueprint.post("/people/import/<int:batch_id>/discard")
@requires("person.import")
def discard_import(batch_id: int) -> Any:
    """Throw the checked file away."""
    service.discard_import(actor(), now(), batch_id)
    flash(gettext("这份文件没有导入，检查结果已删除。"), "ok")
    return redirect(url_for("people.import_staff"))
