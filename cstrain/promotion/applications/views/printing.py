"""The papers of an application as PDF: the form, the score sheets, the notice, the appointment."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.promotion.applications import documents, grounds, queries, store
from cstrain.promotion.applications.facts import ApplicationFacts, EntryFacts, SheetFacts
from cstrain.promotion.applications.views.base import (
    allowed,
    applications,
    defences,
    names_of,
    notices,
    sees_scores,
)
from cstrain.promotion.applications.views.board import shown_notice
from cstrain.promotion.applications.views.juror import shown_entry
from cstrain.unit_of_work import unit_of_work


def file_of(content: bytes, filename: str) -> Response:
    """Return a PDF that the browser shows, with its Chinese name."""
    name = quote(filename)
    headers = {"Content-Disposition": f"inline; filename=\"document.pdf\"; filename*=UTF-8''{name}"}
    return Response(content, mimetype="application/pdf", headers=headers)


def _whole(found: ApplicationFacts) -> documents.Whole:
    """Gather what the papers print; scores only for who may see them, once they are open."""
    ladder, step = grounds.step_of(found)
    entry = queries.entry_of_application(found.id)
    rated = queries.endorsements(found.id)
    kept = queries.evidence(found.id)
    proposed = [one.detail.get("proposed_by") for one in found.events]
    ids = [*(one.by for one in found.events), *(one.by for one in rated)]
    ids += [PersonId(one) for one in proposed if one is not None]
    ids += [entry.minutes_by] if entry is not None else []
    return documents.Whole(
        found=found,
        ladder=ladder,
        step=step,
        person=people.get_person(found.person_id, local_date(found.submitted_at)),
        kept=kept[-1] if kept else None,
        rated=rated,
        topics={topic: one.text for topic, one in grounds.topics_of(step).items()},
        confirmed=queries.confirmations(found.id),
        entry=entry,
        result=queries.scores(entry.id) if entry is not None and sees_scores(found) else None,
        notice=queries.notice_of_application(found.id),
        names=names_of(ids),
    )


@applications.get("/<int:application_id>/form.pdf")
@requires("application.view")
def form_paper(application_id: int) -> Response:
    """Give the application form 晋升申请表; who looked at somebody's is noted."""
    found = allowed(application_id)
    content = documents.pdf(documents.FORM, documents.form_data(_whole(found)))
    if found.person_id != actor():
        with unit_of_work():
            people_service.log_view(actor(), found.person_id, "promotion.form", now())
    return file_of(content, f"晋升申请表-{documents.number(found)}.pdf")


@applications.get("/<int:application_id>/appointment.pdf")
@requires("application.view")
def appointment_paper(application_id: int) -> Response:
    """Give the appointment 任命通知 once there is one."""
    found = allowed(application_id)
    if found.effective_on is None or found.last("appoint", "begin_trial") is None:
        raise NotFoundError(store.MISSING)
    content = documents.pdf(documents.APPOINTMENT, documents.appointment_data(_whole(found)))
    return file_of(content, f"任命通知-{documents.number(found)}.pdf")


def _defence(found: ApplicationFacts, entry: EntryFacts) -> documents.Defence:
    ladder, step = grounds.step_of(found)
    round_ = queries.round_facts(entry.round_id)
    return documents.Defence(
        found=found,
        goal=ladder.titles[step.goal],
        person=people.get_person(found.person_id, local_date(found.submitted_at)),
        entry=entry,
        round=round_,
        panel=store.panel_of(round_.panel_ref, round_.edition),
    )


@applications.get("/<int:application_id>/sheets.pdf")
@requires("application.view")
def sheets_paper(application_id: int) -> Response:
    """Give all score sheets 答辩评分表 once they are open, to who may see them; never to the applicant."""
    found = allowed(application_id)
    entry = queries.entry_of_application(found.id)
    seen = entry is not None and found.person_id != actor() and sees_scores(found)
    result = queries.scores(entry.id) if entry is not None and seen else None
    if entry is None or result is None:
        raise NotFoundError(store.MISSING)
    names = names_of(one.juror_id for one in result.sheets)
    data = documents.sheets_data(_defence(found, entry), result.sheets, names)
    with unit_of_work():
        people_service.log_view(actor(), found.person_id, "promotion.sheets", now())
    return file_of(documents.pdf(documents.SHEETS, data), f"答辩评分表-{documents.number(found)}.pdf")


@defences.get("/entries/<int:entry_id>/sheet.pdf")
@requires("defence.score")
def sheet_paper(entry_id: int) -> Response:
    """Give a juror's own score sheet: the draft while it is one; who arranges gets a blank one.

    A sheet that is sealed shows its points to nobody, its juror included, before all are open.
    """
    entry, me = shown_entry(entry_id), actor()
    found = queries.application(entry.application_id)
    own = _own(entry, me)
    draft = own is not None and own.sealed_at is None
    sheets = [own] if own is not None else []
    data = documents.sheets_data(_defence(found, entry), sheets, names_of([me]), draft=draft)
    return file_of(documents.pdf(documents.SHEETS, data), f"答辩评分表-{documents.number(found)}.pdf")


def _own(entry: EntryFacts, me: PersonId) -> SheetFacts | None:
    """Return the reader's own sheet, with its points while it is a draft and once all are open."""
    if entry.juror(me) is None or not may(me, "defence.score", entry.person_id):
        return None
    result = queries.scores(entry.id)
    every = result.sheets if result is not None else ()
    opened = next((one for one in every if one.juror_id == me), None)
    return opened or queries.own_sheet(me, entry.id, me)


@notices.get("/<int:notice_id>/notice.pdf")
@requires("public_notice.read")
def notice_paper(notice_id: int) -> Response:
    """Give the public notice 公示 as it was published, to who may read it."""
    data = documents.notice_data(shown_notice(notice_id))
    return file_of(documents.pdf(documents.NOTICE, data), f"晋升公示-{data['number']}.pdf")
