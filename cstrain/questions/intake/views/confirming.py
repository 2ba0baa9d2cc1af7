"""What one does with a file that was looked at: name its columns, confirm, cancel."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.kernel.errors import DomainError
from cstrain.questions.intake import queries, service
from cstrain.questions.intake.facts import ImportSheet
from cstrain.questions.intake.forms import ConfirmForm, columns_form, meanings_of
from cstrain.questions.intake.views.results import columns_page, result_page
from cstrain.questions.intake.views.shared import blueprint, in_two_units
from cstrain.ui.refusal import told
from cstrain.unit_of_work import own_transaction

_AT_ONCE_BYTES, _AT_ONCE_QUESTIONS = 50_000, 500


def _back(batch_id: int) -> Any:
    return redirect(url_for("intake.result", batch_id=batch_id))


def _is_small(sheet: ImportSheet) -> bool:
    return sheet.size <= _AT_ONCE_BYTES


@blueprint.post("/question-imports/<int:batch_id>/columns")
@requires("bank.import")
@own_transaction
def name_columns(batch_id: int) -> Any:
    """Take what the columns mean, and look at the file again."""
    sheet = queries.import_sheet(batch_id, actor())
    form = columns_form(sheet.columns, sheet.mapping)
    if not form.validate():
        return columns_page(sheet, form), 422
    said = meanings_of(form, sheet.columns)
    in_two_units(
        lambda worker, at: service.name_columns(batch_id, said, actor(), worker, at).id,
        at_once=_is_small(sheet),
    )
    return _back(batch_id)


@blueprint.post("/question-imports/<int:batch_id>/columns-again")
@requires("bank.import")
@own_transaction
def rename_columns(batch_id: int) -> Any:
    """Go back to naming the columns."""
    sheet = queries.import_sheet(batch_id, actor())
    in_two_units(
        lambda worker, at: service.rename_columns(batch_id, actor(), worker, at).id,
        at_once=_is_small(sheet),
    )
    return _back(batch_id)


@blueprint.post("/question-imports/<int:batch_id>/confirm")
@requires("bank.import")
@own_transaction
def confirm(batch_id: int) -> Any:
    """Bring in what was found."""
    sheet = queries.import_sheet(batch_id, actor())
    form = ConfirmForm()
    form.offer(queries.bank_topics(sheet.line.bank))
    if sheet.line.state != "checked":
        return _back(batch_id)
    if not form.validate():
        return result_page(sheet, form), 422
    choice = service.Choice(form.placing.data, form.default_topic.data or "")
    small = sheet.counts["new"] <= _AT_ONCE_QUESTIONS
    try:
        in_two_units(
            lambda worker, at: service.confirm(batch_id, choice, actor(), worker, at).id, at_once=small
        )
    except DomainError as refusal:
        form.form_errors.append(told(refusal))
        return result_page(sheet, form), refusal.status
    return _back(batch_id)


@blueprint.post("/question-imports/<int:batch_id>/cancel")
@requires("bank.import")
def cancel(batch_id: int) -> Any:
    """End an import that is not written yet."""
    service.cancel(batch_id, actor(), now())
    flash(gettext("已取消，什么也没有写入题库。"))
    return redirect(url_for("intake.imports"))
