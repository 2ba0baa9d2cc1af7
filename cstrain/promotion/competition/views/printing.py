"""The papers of a competition as PDF, and the calculation as a workbook."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

from cstrain.access import actor, requires
from cstrain.documents.tables import write_xlsx
from cstrain.extensions import now
from cstrain.kernel.errors import NotFoundError
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.promotion.competition import documents, queries, store
from cstrain.promotion.competition.presenting import calculation_sheet, table
from cstrain.promotion.competition.views.common import blueprint, persons, shown_candidate, today
from cstrain.promotion.competition.views.deciding import calculated
from cstrain.promotion.competition.views.notices import shown_notice
from cstrain.unit_of_work import unit_of_work

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(content: bytes, filename: str, mimetype: str = "application/pdf") -> Response:
    plain = "document.pdf" if mimetype == "application/pdf" else "table.xlsx"
    way = "inline" if mimetype == "application/pdf" else "attachment"
    headers = {"Content-Disposition": f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename)}"}
    return Response(content, mimetype=mimetype, headers=headers)


@blueprint.get("/candidates/<int:candidate_id>/form.pdf")
@requires("competition.view")
def form_paper(candidate_id: int) -> Response:
    """Give the application form 竞聘报名表; who looked at somebody's is noted."""
    one, found = shown_candidate(candidate_id)
    by = [event.by for event in (found.opinion, found.checked) if event is not None and event.by is not None]
    content = documents.pdf(documents.FORM, documents.form_data(one, found, persons([found.person, *by])))
    with unit_of_work():
        people_service.log_view(actor(), found.person, "competition.form", now())
    return _file(content, f"竞聘报名表-{documents.number(one)}-{found.id}.pdf")


@blueprint.get("/candidates/<int:candidate_id>/interview.pdf")
@requires("competition.view")
def interview_paper(candidate_id: int) -> Response:
    """Give the interview sheets 面试考评表: blank while they are sealed."""
    one, found = shown_candidate(candidate_id)
    opened = queries.find_calculation(one.id) is not None
    every = queries.sheets_of(one) if opened else []
    mine = [each for each in every if each.kind == "interview" and each.candidate == candidate_id]
    names = persons([found.person, *(each.rater for each in mine)])
    data = documents.sheets_data(one, names[found.person], mine, names)
    return _file(documents.pdf(documents.SHEETS, data), f"面试考评表-{documents.number(one)}-{found.id}.pdf")


@blueprint.get("/candidates/<int:candidate_id>/colleagues.pdf")
@requires("competition.view")
def colleagues_paper(candidate_id: int) -> Response:
    """Give the colleagues' sheet 同事打分表: blank while it is sealed, then counts without names."""
    one, found = shown_candidate(candidate_id)
    person = persons([found.person])[found.person]
    opened = queries.find_calculation(one.id)
    people = {each.id: each.person for each in queries.candidates_of([one.id])}
    facts = persons(people.values())
    lines = (
        calculation_sheet(opened, {key: facts[who] for key, who in people.items()}).lines if opened else ()
    )
    line = next((each for each in lines if each.candidate == candidate_id), None)
    data = documents.colleagues_data(one, person, line)
    return _file(
        documents.pdf(documents.COLLEAGUES, data), f"同事打分表-{documents.number(one)}-{found.id}.pdf"
    )


@blueprint.get("/notices/<int:notice_id>/notice.pdf")
@requires("public_notice.read")
def notice_paper(notice_id: int) -> Response:
    """Give the public notice 公示 as it was published, to who may read it."""
    data = documents.notice_data(shown_notice(notice_id))
    return _file(documents.pdf(documents.NOTICE, data), f"竞聘公示-{data['number']}.pdf")


@blueprint.get("/candidates/<int:candidate_id>/appointment.pdf")
@requires("competition.view")
def appointment_paper(candidate_id: int) -> Response:
    """Give the appointment 任命通知 of who passed the trial, to everybody; 404 before that."""
    found = queries.candidate(candidate_id)
    one = queries.competition(found.competition, today())
    trial = next((each for each in queries.trials_of(one.id) if each.candidate == candidate_id), None)
    acts = [each for each in queries.acts_of(one.id) if each.candidate == candidate_id and each.agreed]
    if trial is None or not trial.confirmed or not acts:
        raise NotFoundError(store.MISSING)
    person = people.get_person(found.person, trial.starts_on)
    notice = queries.notice_of(candidate_id)
    data = documents.appointment_data(one, trial, acts[-1], person, notice)
    return _file(documents.pdf(documents.APPOINTMENT, data), f"任命通知-{data['number']}.pdf")


@blueprint.get("/<int:competition_id>/calculation.pdf")
@requires("competition.view")
def calculation_paper(competition_id: int) -> Response:
    """Give the calculation sheet on paper."""
    one, sheet = calculated(competition_id)
    content = documents.pdf(documents.CALCULATION, documents.calculation_data(one, sheet))
    return _file(content, f"竞聘统分表-{documents.number(one)}.pdf")


@blueprint.get("/<int:competition_id>/calculation.xlsx")
@requires("competition.view")
def calculation_table(competition_id: int) -> Response:
    """Give the calculation as a workbook, every number in a cell of its own."""
    one, sheet = calculated(competition_id)
    return _file(write_xlsx(table(sheet)), f"竞聘统分表-{documents.number(one)}.xlsx", _XLSX)
