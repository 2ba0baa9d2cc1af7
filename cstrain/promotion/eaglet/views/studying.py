"""The group's page: meetings, requests, checks, progress, the leader, complaints, removals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import render_template
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import PersonFacts
from cstrain.promotion.eaglet import queries, service
from cstrain.promotion.eaglet.facts import Complaint, Event, Phase, Plan
from cstrain.promotion.eaglet.forms import (
    AnswerForm,
    CheckForm,
    LeaderForm,
    ReasonForm,
    RemoveForm,
    SessionForm,
    TextForm,
    one_of_several,
    yes,
)
from cstrain.promotion.eaglet.service import NewCheck, NewSession
from cstrain.promotion.eaglet.views.common import (
    back,
    blueprint,
    done,
    fresh,
    persons,
    pressed,
    shown_study,
    today,
)
from cstrain.promotion.eaglet.wording import PLATFORM_WORDS, REMOVAL_WORDS


@blueprint.get("/<int:plan_id>/study")
@requires("eaglet.view")
def study(plan_id: int) -> str:
    """Show the group and its study."""
    return _page(*shown_study(plan_id))


def _page(plan: Plan, found: queries.Study, error: str = "", **refused: Any) -> str:
    me = actor()
    member, runs = found.is_member(me), plan.phase is Phase.STUDYING
    ever = any(one.person == me for one in found.members)
    judges = may(me, "eaglet.judge") and not ever
    complaints = queries.complaints_of(plan.id)
    seen = [one for one in complaints if judges or (one.by == me and one.about != me)]
    events = queries.events_of(plan.id, "progress")
    return render_template(
        "eaglet/study.html",
        plan=plan,
        found=found,
        error=error,
        runs=runs,
        member=member,
        leads=found.leads(me),
        judges=judges and runs,
        manages=may(me, "eaglet.manage") and not ever and runs,
        directs=may(me, "eaglet.direct") and not ever and runs,
        hears=may(me, "eaglet.hear") and not ever and runs,
        complaints=seen,
        complained=_complained(me, found, complaints),
        progress=events,
        names=_names(found, events),
        duties=queries.duties_in(me, plan, now()),
        check_due=queries.check_due(plan, found) if found.active else None,
        things={one.id: gettext(one.title) for one in plan.rules.things},
        platforms=PLATFORM_WORDS,
        removal_words=REMOVAL_WORDS,
        forms=_forms(plan, found, me, refused),
        answer=lambda prefix: fresh(AnswerForm, prefix, refused),
        reason=lambda prefix: fresh(ReasonForm, prefix, refused),
        refused=next(iter(refused), ""),
        today=today(),
    )


def _names(found: queries.Study, events: list[Event]) -> dict[PersonId, PersonFacts]:
    ids = [
        *(one.person for one in found.members),
        *(one.by for one in events),
        *(one.named_by for one in found.leaders),
        *(one.answered_by for one in found.removals),
        *(one.heard_by for one in found.removals),
    ]
    return persons(ids)


def _complained(me: PersonId, found: queries.Study, complaints: list[Complaint]) -> bool:
    """Tell whether the reader has complained about the present leader, and was not told it was improper."""
    now_leads = found.leader.id if found.leader is not None else None
    return any(one.by == me and one.proper is not False and one.leader == now_leads for one in complaints)


def _offered(found: queries.Study, me: PersonId) -> list[tuple[int, str]]:
    names = persons(one.person for one in found.active)
    return [(one.person, names[one.person].name) for one in found.active if one.person != me]


def _forms(plan: Plan, found: queries.Study, me: PersonId, refused: dict[str, Any]) -> dict[str, Any]:
    """Return the page's forms that stand there once."""
    session = fresh(SessionForm, "session", refused)
    session.offer((one.id, gettext(one.title)) for one in plan.rules.things)
    check = fresh(CheckForm, "check", refused)
    check.offer(_offered(found, me))
    leader = fresh(LeaderForm, "leader", refused)
    led = {one.person for one in found.leaders}
    leader.offer(one for one in _offered(found, me) if one[0] not in led)
    remove = fresh(RemoveForm, "remove", refused)
    remove.offer(_offered(found, me))
    return {
        "session": session,
        "check": check,
        "leader": leader,
        "remove": remove,
        "progress": fresh(TextForm, "progress", refused),
        "complain": fresh(ReasonForm, "complain", refused),
    }


@blueprint.post("/<int:plan_id>/leader")
@requires("eaglet.direct")
def name_leader(plan_id: int) -> Any:
    """Name the study leader."""
    plan, found = shown_study(plan_id)
    form = one_of_several(LeaderForm(), "leader")
    form.offer(_offered(found, actor()))
    if done(
        form,
        lambda: service.name_leader(
            actor(), now(), plan_id, PersonId(form.person.data), form.reason.data or ""
        ),
        gettext("学习组长已定。"),
    ):
        return back(plan_id, "study")
    return _page(plan, found, leader=form), 422


@blueprint.post("/<int:plan_id>/complaints")
@requires("eaglet.study")
def complain(plan_id: int) -> Any:
    """Complain about the study leader."""
    plan, found = shown_study(plan_id)
    form = one_of_several(ReasonForm(), "complain")
    if done(
        form,
        lambda: service.complain(actor(), now(), plan_id, form.reason.data or ""),
        gettext("意见已交给人力资源部，学习组长看不到。"),
    ):
        return back(plan_id, "study")
    return _page(plan, found, complain=form), 422


@blueprint.post("/<int:plan_id>/complaints/<int:complaint_id>")
@requires("eaglet.judge")
def judge_complaint(plan_id: int, complaint_id: int) -> Any:
    """Judge whether a complaint is proper."""
    plan, found = shown_study(plan_id)
    prefix = f"complaint{complaint_id}"
    form = one_of_several(AnswerForm(), prefix)
    if done(
        form,
        lambda: service.judge_complaint(
            actor(), now(), plan_id, complaint_id, proper=yes(form.agreed), text=form.text.data or ""
        ),
        gettext("判断已保存。"),
    ):
        return back(plan_id, "study")
    return _page(plan, found, **{prefix: form}), 422


@blueprint.post("/<int:plan_id>/sessions")
@requires("eaglet.study")
def report_session(plan_id: int) -> Any:
    """Report a meeting to HR."""
    plan, found = shown_study(plan_id)
    form = one_of_several(SessionForm(), "session")
    form.offer((one.id, one.title) for one in plan.rules.things)

    def act() -> None:
        things = [str(one) for one in form.things.data or ()]
        given = NewSession(
            form.day.data, form.hours.data or "", form.place.data or "", form.content.data or "", things
        )
        service.report_session(actor(), now(), plan_id, given)

    if done(form, act, gettext("学习安排已报给人力资源部和组员。")):
        return back(plan_id, "study")
    return _page(plan, found, session=form), 422


@blueprint.post("/<int:plan_id>/sessions/<int:session_id>/call-off")
@requires("eaglet.study")
def call_off(plan_id: int, session_id: int) -> Any:
    """Call a meeting off."""
    plan, found = shown_study(plan_id)
    prefix = f"off{session_id}"
    form = one_of_several(ReasonForm(), prefix)
    if done(
        form,
        lambda: service.call_off(actor(), now(), plan_id, session_id, form.reason.data or ""),
        gettext("这次学习已取消。"),
    ):
        return back(plan_id, "study")
    return _page(plan, found, **{prefix: form}), 422


@blueprint.post("/<int:plan_id>/sessions/<int:session_id>/agree")
@requires("eaglet.study")
def agree_session(plan_id: int, session_id: int) -> Any:
    """Agree to the content of a meeting."""
    plan, found = shown_study(plan_id)
    return pressed(
        lambda: service.agree_session(actor(), now(), plan_id, session_id),
        gettext("已确认学习内容。"),
        lambda error: _page(plan, found, error),
        back(plan_id, "study"),
    )


@blueprint.post("/<int:plan_id>/requests/<int:request_id>")
@requires("eaglet.manage")
def answer_request(plan_id: int, request_id: int) -> Any:
    """Answer a request for room and equipment."""
    plan, found = shown_study(plan_id)
    prefix = f"request{request_id}"
    form = one_of_several(AnswerForm(), prefix)
    if done(
        form,
        lambda: service.answer_request(
            actor(), now(), plan_id, request_id, granted=yes(form.agreed), text=form.text.data or ""
        ),
        gettext("答复已发给学习组长。"),
    ):
        return back(plan_id, "study")
    return _page(plan, found, **{prefix: form}), 422


@blueprint.post("/<int:plan_id>/requests/<int:request_id>/returned")
@requires("eaglet.study")
def return_things(plan_id: int, request_id: int) -> Any:
    """Say that the equipment was given back."""
    plan, found = shown_study(plan_id)
    return pressed(
        lambda: service.return_things(actor(), now(), plan_id, request_id),
        gettext("已记下归还。"),
        lambda error: _page(plan, found, error),
        back(plan_id, "study"),
    )


@blueprint.post("/<int:plan_id>/checks")
@requires("eaglet.study")
def record_check(plan_id: int) -> Any:
    """Record a knowledge check."""
    plan, found = shown_study(plan_id)
    form = one_of_several(CheckForm(), "check")
    form.offer(_offered(found, actor()))

    def act() -> None:
        given = NewCheck(
            PersonId(form.person.data),
            form.day.data,
            form.topic.data or "",
            form.mark.data if form.mark.data is not None else Decimal(-1),
            form.note.data or "",
        )
        service.record_check(actor(), now(), plan_id, given)

    if done(form, act, gettext("抽查已记下。")):
        return back(plan_id, "study")
    return _page(plan, found, check=form), 422


@blueprint.post("/<int:plan_id>/progress")
@requires("eaglet.study")
def report_progress(plan_id: int) -> Any:
    """Report one's progress."""
    plan, found = shown_study(plan_id)
    form = one_of_several(TextForm(), "progress")
    if done(
        form,
        lambda: service.report_progress(actor(), now(), plan_id, form.text.data or ""),
        gettext("进度已报。"),
    ):
        return back(plan_id, "study")
    return _page(plan, found, progress=form), 422


@blueprint.post("/<int:plan_id>/removals")
@requires("eaglet.study")
def ask_removal(plan_id: int) -> Any:
    """Ask HR to take a member out."""
    plan, found = shown_study(plan_id)
    form = one_of_several(RemoveForm(), "remove")
    form.offer(_offered(found, actor()))
    if done(
        form,
        lambda: service.ask_removal(
            actor(), now(), plan_id, PersonId(form.person.data), form.reason.data or ""
        ),
        gettext("已交给人力资源部决定。"),
    ):
        return back(plan_id, "study")
    return _page(plan, found, remove=form), 422


@blueprint.post("/<int:plan_id>/removals/<int:removal_id>/decide")
@requires("eaglet.judge")
def decide_removal(plan_id: int, removal_id: int) -> Any:
    """Decide on a removal."""
    plan, found = shown_study(plan_id)
    prefix = f"removal{removal_id}"
    form = one_of_several(AnswerForm(), prefix)
    if done(
        form,
        lambda: service.decide_removal(
            actor(), now(), plan_id, removal_id, removed=yes(form.agreed), text=form.text.data or ""
        ),
        gettext("决定已保存，本人会收到通知。"),
    ):
        return back(plan_id, "study")
    return _page(plan, found, **{prefix: form}), 422


@blueprint.post("/<int:plan_id>/removals/<int:removal_id>/appeal")
@requires("eaglet.study")
def appeal_removal(plan_id: int, removal_id: int) -> Any:
    """Appeal against one's own removal."""
    plan, found = shown_study(plan_id)
    prefix = f"appeal{removal_id}"
    form = one_of_several(ReasonForm(), prefix)
    if done(
        form,
        lambda: service.appeal_removal(actor(), now(), plan_id, removal_id, form.reason.data or ""),
        gettext("申诉已提交，由没有经手的人决定。"),
    ):
        return back(plan_id, "study")
    return _page(plan, found, **{prefix: form}), 422


@blueprint.post("/<int:plan_id>/removals/<int:removal_id>/hear")
@requires("eaglet.hear")
def hear_appeal(plan_id: int, removal_id: int) -> Any:
    """Decide an appeal against a removal."""
    plan, found = shown_study(plan_id)
    prefix = f"hear{removal_id}"
    form = one_of_several(AnswerForm(), prefix)
    if done(
        form,
        lambda: service.hear_appeal(
            actor(), now(), plan_id, removal_id, upheld=yes(form.agreed), text=form.text.data or ""
        ),
        gettext("申诉结果已保存，本人会收到通知。"),
    ):
        return back(plan_id, "study")
    return _page(plan, found, **{prefix: form}), 422
