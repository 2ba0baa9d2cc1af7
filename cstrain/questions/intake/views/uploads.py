"""Bringing a file: the list of one's imports, the page for uploading, the empty workbook."""

from __future__ import annotations

import io
from typing import Any

from flask import Response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.kernel.errors import DomainError
from cstrain.questions.exchange.contract import MOST_BYTES, MOST_QUESTIONS
from cstrain.questions.exchange.sheets.template import template
from cstrain.questions.intake import queries, service
from cstrain.questions.intake.facts import Upload
from cstrain.questions.intake.forms import UploadForm
from cstrain.questions.intake.rules import is_small
from cstrain.questions.intake.views.shared import Pager, blueprint, in_two_units
from cstrain.questions.queries import banks
from cstrain.ui.forms import whole
from cstrain.ui.refusal import told
from cstrain.unit_of_work import own_transaction

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/question-imports")
@requires("bank.import")
def imports() -> str:
    """Show one's imports, newest first."""
    page = request.args.get("page", 1, type=whole)
    lines, total = queries.imports_of(actor(), page)
    pager = Pager.of(page, total, queries.PAGE_SIZE)
    return render_template("intake/imports.html", lines=lines, total=total, pager=pager)


def _form(*, filled: bool) -> UploadForm:
    form = UploadForm() if filled else UploadForm(formdata=None, bank=request.args.get("bank", ""))
    form.offer({each.name: each.title for each in banks()})
    return form


@blueprint.get("/question-imports/new")
@requires("bank.import")
def new() -> str:
    """Ask for a file or a text, and the bank it is for."""
    return _page(_form(filled=False))


def _page(form: UploadForm) -> str:
    return render_template(
        "intake/new.html", form=form, megabytes=MOST_BYTES // 1_000_000, questions=MOST_QUESTIONS
    )


@blueprint.post("/question-imports/new")
@requires("bank.import")
@own_transaction
def upload() -> Any:
    """Keep the file; a small one is looked at at once, a bigger one in the background."""
    form = _form(filled=True)
    name, data = _brought(form)
    if not form.validate() or not _is_filled(form, data):
        return _page(form), 422
    bank = form.bank.data or form.new_name.data or ""
    title = "" if form.bank.data else form.new_title.data or ""
    new = Upload(bank, title, name, data, form.format.data or "")
    try:
        batch_id = in_two_units(
            lambda worker, at: service.upload(new, actor(), worker, at).id, at_once=is_small(data)
        )
    except DomainError as refusal:
        form.form_errors.append(told(refusal))
        return _page(form), refusal.status
    return redirect(url_for("intake.result", batch_id=batch_id))


def _brought(form: UploadForm) -> tuple[str, bytes]:
    file = form.file.data
    if file:
        return file.filename or "file", file.read(MOST_BYTES + 1)
    return gettext("粘贴的内容"), (form.text.data or "").encode("utf-8", "replace")


def _is_filled(form: UploadForm, data: bytes) -> bool:
    if not data.strip():
        form.file.errors = [gettext("没有内容：请选一个文件，或者粘贴试题。")]
    if not form.bank.data and not form.new_name.data:
        form.new_name.errors = [gettext("请选一个题库，或者写新题库的代号和名称。")]
    elif not form.bank.data and not form.new_title.data:
        form.new_title.errors = [gettext("请写新题库的名称。")]
    return not form.errors


@blueprint.get("/question-imports/template.xlsx")
@requires("bank.import")
def empty_workbook() -> Response:
    """Hand out the empty workbook."""
    return send_file(
        io.BytesIO(template()),
        mimetype=_XLSX,
        as_attachment=True,
        download_name=gettext("试题模板.xlsx"),
    )
