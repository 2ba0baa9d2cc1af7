"""The list of cases, a case, one's own case, and arranging its papers."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.approvals.queries import speaks_for
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.kernel.ids import EnrolmentId
from cstrain.onboarding.conversion import queries, service, store
from cstrain.onboarding.conversion.forms import DayForm, NoteForm, OwnConsentForm
from cstrain.onboarding.conversion.policy import OUTCOME_WORDS
from cstrain.onboarding.conversion.queries import CaseView, board, records
from cstrain.onboarding.conversion.views.common import allowed_view, blueprint, form_page, names_of, to_case
from cstrain.onboarding.conversion.views.headlines import headline, is_asked, own_headline
from cstrain.onboarding.queries import enrolment as enrolment_of
from cstrain.onboarding.queries import planned_days, programme
from cstrain.people import queries as people
from cstrain.people import service as people_service
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt
from cstrain.unit_of_work import unit_of_work

_GROUPS = ("act", "watch", "fine")
_PAGE = 50


@blueprint.get("/conversions")
@requires("conversion.view")
def cases() -> str:
    """List the cases the reader may see; open ones first, or the closed ones."""
    at, me, closed = now(), actor(), request.args.get("closed") == "1"
    found = [
        one
        for one in queries.cases()
        if one.is_open is not closed and may(me, "conversion.view", one.person_id) and one.person_id != me
    ]
    pages = max(1, -(-len(found) // _PAGE))
    page = min(max(request.args.get("page", 1, whole), 1), pages)
    views = queries.case_views([one.id for one in found[(page - 1) * _PAGE : page * _PAGE]], at)
    rows = sorted(
        ((view, board.note_of(view, at)) for view in views), key=lambda row: _GROUPS.index(row[1].group)
    )
    return render_template(
        "conversion/cases.html",
        rows=rows,
        closed=closed,
        total=len(found),
        links={
            "page": page,
            "pages": pages,
            "url": lambda n: url_for("conversion.cases", page=n, closed=1 if closed else None),
        },
        waiting=sum(1 for _view, note in rows if note.group == "act"),
        may_manage=may(me, "conversion.manage"),
    )


@blueprint.get("/conversions/mine")
@requires("conversion.view")
def mine() -> Any:
    """Lead to one's own case; without one say when it opens."""
    found = records.latest_case_of(actor())
    if found is None:
        return render_template("conversion/none.html")
    return redirect(url_for("conversion.show", case_id=found.id))


@blueprint.get("/conversions/<int:case_id>")
@requires("conversion.view")
def show(case_id: int) -> str:
    """Show a case: what now, findings, papers, opinions, documents; one's own with what one can do."""
    view = allowed_view(case_id, "conversion.view")
    at, me = now(), actor()
    own = view.person.id == me
    page = render_template("conversion/mine.html" if own else "conversion/show.html", **_page(view))
    if not own:
        with unit_of_work():
            people_service.log_view(me, view.person.id, "conversion.case", at)
    return page


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _page(view: CaseView) -> dict[str, Any]:
    at, me = now(), actor()
    opinions = view.chain.opinions if view.chain else ()
    ids = {view.mentor, *(one.by for one in view.trainings)}
    ids |= {each for one in opinions for each in (one.named_person_id, one.given_by, one.for_person_id)}
    ids |= {view.act.proposed_by if view.act else None}
    ids |= {each for one in view.decisions for each in (one.proposed_by, one.confirmed_by)}
    manage = may(me, "conversion.manage", view.person.id)
    my_turn = view.chain is not None and speaks_for(me, view.chain, local_date(at)) is not None
    confirms = manage and view.act is not None and view.act.proposed_by != me
    own = view.person.id == me
    return {
        "view": view,
        "case": view.case,
        "headline": own_headline(view) if own else headline(view, my_turn=my_turn, may_confirm=confirms),
        "chapter": store.chapter(),
        "proposed_on": _day(view.act.payload.get("effective_on")) if view.act else None,
        "names": names_of(ids, at),
        "words": OUTCOME_WORDS,
        "law": store.labour_law(),
        "manage": manage and view.case.is_open,
        "may_confirm": confirms,
        "is_proposer": view.act is not None and view.act.proposed_by == me,
        "my_turn": my_turn,
        "documents": queries.documents_of(store.subject_of(view.case.id)),
        "eliminate": may(me, "elimination.propose", view.person.id) and view.case.is_open,
        "asked": may(me, "extension.consent", view.person.id) and view.case.is_open and is_asked(view),
        "may_summarise": may(me, "conversion.write_summary", view.person.id) and view.case.is_open,
        "may_see_results": may(me, "score.view", view.person.id) or own,
        "form": NoteForm(formdata=None),
        "consent_form": OwnConsentForm(formdata=None),
        "steps_of": board.opinion_marks(view.chain),
    }


@blueprint.route("/conversions/enrolments/<int:enrolment_id>/papers", methods=["GET", "POST"])
@requires("conversion.manage")
def schedule(enrolment_id: int) -> Any:
    """Arrange the conversion papers of a trainee on one day."""
    facts = enrolment_of(enrolment_id)
    demand("conversion.manage", facts.person)
    conversion = programme(enrolment_id).conversion
    planned = planned_days(enrolment_id).get(conversion.day) if conversion else None
    form = DayForm(data={"on_day": planned})
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.schedule_conversion(actor(), now(), EnrolmentId(enrolment_id), form.on_day.data),
    ):
        flash(gettext("转正考试已安排，学员已收到通知。"), "ok")
        found = queries.case_for_enrolment(enrolment_id)
        return to_case(found.id) if found else redirect(url_for("conversion.cases"))
    return form_page(
        "schedule",
        form,
        enrolment_id=enrolment_id,
        person=people.get_person(facts.person, local_date(now())),
        conversion=conversion,
        planned=planned,
        windows=store.chapter().windows,
        contract=people.contract_of(facts.person, local_date(now())),
    )


@blueprint.route("/conversions/<int:case_id>/papers/<ref>", methods=["GET", "POST"])
@requires("conversion.manage")
def arrange(case_id: int, ref: str) -> Any:
    """Arrange one paper by hand: again for who was absent, or a re-exam."""
    view = allowed_view(case_id, "conversion.manage")
    line = next((one for one in view.papers if one.ref == ref), None)
    if line is None:
        raise NotFoundError(store.MISSING)
    form = DayForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.arrange_paper(actor(), now(), view.case.id, ref, form.on_day.data)
    ):
        flash(gettext("考试已安排，学员已收到通知。"), "ok")
        return to_case(case_id)
    return form_page("arrange", form, view=view, case=view.case, line=line)
