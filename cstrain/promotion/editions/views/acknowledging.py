"""Acknowledging an edition; who has not, as a page, a list and a paper; reminding them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.documents.tables import Cell, write_csv
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.promotion.editions import documents, queries, service, store
from cstrain.promotion.editions.facts import Acknowledged
from cstrain.promotion.editions.forms import AcknowledgeForm
from cstrain.promotion.editions.views.base import Pages, blueprint, today
from cstrain.promotion.editions.views.pages import edition_page
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt

PAGE = 50


@blueprint.post("/editions/<ref>/<int:number>/acknowledge")
@requires("edition.acknowledge")
def acknowledge(ref: str, number: int) -> Any:
    """Acknowledge the edition that was shown."""
    form = AcknowledgeForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.acknowledge(actor(), now(), ref, number, form.digest.data or "")
    ):
        flash(gettext("已记录你的确认。"), "ok")
        return redirect(url_for("editions.mine"))
    return edition_page(ref, number, form), 422


def _found(ref: str, number: int) -> Acknowledged:
    found = next((one for one in queries.acknowledged(today(), ref) if one.ladder.edition == number), None)
    if found is None:
        raise NotFoundError(store.MISSING)
    return found


@blueprint.get("/editions/<ref>/<int:number>/acknowledgements")
@requires("edition.track")
def acknowledgements(ref: str, number: int) -> str:
    """Show who has not acknowledged an edition that binds them, then who has."""
    found = _found(ref, number)
    pages = max(1, -(-len(found.lines) // PAGE))
    page = min(max(request.args.get("page", 1, whole), 1), pages)
    return render_template(
        "editions/acknowledgements.html",
        found=found,
        lines=found.lines[(page - 1) * PAGE : page * PAGE],
        pages=Pages(page, pages, "editions.acknowledgements", {"ref": ref, "number": number}),
    )


@blueprint.post("/editions/<ref>/<int:number>/remind")
@requires("edition.track")
def remind(ref: str, number: int) -> Any:
    """Remind everybody who has not acknowledged an edition."""
    sent = service.remind(actor(), now(), ref, number)
    flash(gettext("已提醒%(n)s人（同一天不重复提醒）。", n=sent), "ok")
    return redirect(url_for("editions.acknowledgements", ref=ref, number=number))


@blueprint.get("/editions/<ref>/<int:number>/acknowledgements.csv")
@requires("edition.track")
def acknowledgements_table(ref: str, number: int) -> Response:
    """Give the list as a table."""
    found = _found(ref, number)
    head: list[Cell] = ["工号", "姓名", "部门", "版本", "校验值", "确认日期"]
    rows: list[list[Cell]] = [
        [
            line.person.staff_no,
            line.person.name,
            line.person.department_name,
            number,
            found.digest,
            local_date(line.at) if line.at is not None else None,
        ]
        for line in found.lines
    ]
    return _file(write_csv([head, *rows]), f"制度确认-{ref}-{number}.csv", "text/csv; charset=utf-8")


@blueprint.get("/editions/<ref>/<int:number>/acknowledgements.pdf")
@requires("edition.track")
def acknowledgements_paper(ref: str, number: int) -> Response:
    """Give the list on paper, to be filed."""
    content = documents.acknowledgements(_found(ref, number), today())
    return _file(content, f"制度确认-{ref}-{number}.pdf", "application/pdf")


def _file(content: bytes, filename: str, mimetype: str) -> Response:
    plain = "acknowledgements.pdf" if mimetype == "application/pdf" else "acknowledgements.csv"
    headers = {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename)}"}
    return Response(content, mimetype=mimetype, headers=headers)
