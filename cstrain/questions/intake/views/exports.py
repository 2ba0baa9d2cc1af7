"""A bank as a file: which format, what it cannot hold, the file."""

from __future__ import annotations

import io
from typing import Any

from flask import render_template, request, send_file

from cstrain.access import actor, requires
from cstrain.questions.exchange.contract import formats
from cstrain.questions.intake import service
from cstrain.questions.intake.forms import ExportForm
from cstrain.questions.intake.views.shared import blueprint, must_not_be_on_trial
from cstrain.questions.queries import bank

_MOST_LISTED = 200


@blueprint.get("/bank-export/<name>")
@requires("bank.view_keys")
def export(name: str) -> str:
    """Ask for the format; once it is named, list what it cannot hold before the download."""
    must_not_be_on_trial()
    facts = bank(name)
    form = ExportForm(request.args, meta={"csrf": False})
    form.offer()
    made = None
    if request.args.get("format") and form.validate():
        made = service.export(
            name, facts.title, formats().get(form.format.data), active_only=bool(form.active.data)
        )
    return render_template("intake/export.html", bank=facts, form=form, made=made, most=_MOST_LISTED)


@blueprint.post("/bank-export/<name>")
@requires("bank.view_keys")
def download(name: str) -> Any:
    """Hand the file out; who took it is recorded."""
    must_not_be_on_trial()
    facts = bank(name)
    form = ExportForm()
    form.offer()
    if not form.validate():
        return render_template("intake/export.html", bank=facts, form=form, made=None, most=0), 422
    kind = formats().get(form.format.data)
    made = service.export(name, facts.title, kind, active_only=bool(form.active.data))
    service.note_export(name, kind.name, made.questions, actor())
    return send_file(
        io.BytesIO(made.file.data),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=f"{name}{kind.endings[0]}",
    )
