"""The sheet of a run as a workbook, and a person's sheet as PDF."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

from cstrain.access import actor, requires
from cstrain.documents.tables import write_xlsx
from cstrain.extensions import now
from cstrain.kernel.finding import Finding
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.promotion.rating import documents, presenting, queries, rules, store
from cstrain.promotion.rating.facts import Line
from cstrain.promotion.rating.views.base import blueprint, persons, shown_line, shown_lines, today
from cstrain.promotion.rating.views.pages import wanted
from cstrain.unit_of_work import unit_of_work

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(content: bytes, filename: str, mimetype: str, way: str, plain: str) -> Response:
    headers = {"Content-Disposition": f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename)}"}
    return Response(content, mimetype=mimetype, headers=headers)


@blueprint.get("/<int:run_id>/sheet.xlsx")
@requires("rating.view")
def workbook(run_id: int) -> Response:
    """Give the lines that the filters leave as a workbook, with the reasons."""
    run = queries.run(run_id)
    lines = shown_lines(run)
    stages = queries.stages(run.id, lines, today())
    chosen = wanted()
    names = persons(one.person for one in lines)
    fitting = presenting.in_order([one for one in lines if chosen.fits(one, stages[one.id])], names)
    says = {one.id: "；".join(each.says for each in found) for one, found in _reasons(fitting)}
    departments = {one.id: one.name for one in people.departments()}
    rows = presenting.table(run, fitting, stages, names, departments, says)
    title = f"季度评级-{run.ladder_ref}-{run.quarter.code}.xlsx"
    return _file(write_xlsx(rows, run.quarter.code), title, _XLSX, "attachment", "rating.xlsx")


def _reasons(lines: list[Line]) -> list[tuple[Line, tuple[Finding, ...]]]:
    rated = queries.rated_of([one.id for one in lines])
    return [(one, rules.reasons(rated[one.id])) for one in lines]


@blueprint.get("/lines/<int:line_id>/sheet.pdf")
@requires("rating.view_own")
def paper(line_id: int) -> Response:
    """Give a person's sheet on paper; who took somebody else's is noted."""
    run, line = shown_line(line_id)
    said = [one for one in queries.comments(run.id) if one.person == line.person]
    ids = {line.person, *(one.by for one in said)}
    if line.contest is not None and line.contest.decided_by is not None:
        ids.add(line.contest.decided_by)
    if line.effect is not None:
        ids |= {line.effect.proposed_by, line.effect.confirmed_by}
    names = persons(ids)
    data = documents.sheet_data(run, line, queries.grounds(line.id), said, names, store.rules_of(run))
    content = documents.sheet_pdf(data)
    if line.person != actor():
        with unit_of_work():
            people_service.log_view(actor(), line.person, "rating.sheet", now())
    return _file(content, f"季度评级表-{data['number']}.pdf", "application/pdf", "inline", "document.pdf")
