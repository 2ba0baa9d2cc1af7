"""Acting on an application: review, formal check, decision, notice, appointment, trial, appeal."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.finding import State as Found
from cstrain.people import queries as people
from cstrain.promotion.applications import grounds, queries, service
from cstrain.promotion.applications.facts import ApplicationFacts
from cstrain.promotion.applications.forms import (
    AppointForm,
    ChoiceForm,
    MayNoteForm,
    NoticeForm,
    ReturnForm,
    check_form,
    ratings_of,
    review_form,
)
from cstrain.promotion.applications.views.base import (
    allowed_to,
    applications,
    names_of,
    saved,
    simple,
    to_application,
    words,
)
from cstrain.ui.refusal import attempt


def _name(found: ApplicationFacts) -> str:
    return names_of([found.person_id])[found.person_id].name


def _back(found: ApplicationFacts) -> str:
    return url_for("applications.show", application_id=found.id)


@applications.route("/<int:application_id>/review", methods=["GET", "POST"])
@requires("application.review")
def review(application_id: int) -> Any:
    """Rate what no number shows and say whether the department recommends."""
    found = allowed_to(application_id, "application.review")
    _ladder, step = grounds.step_of(found)
    rated = {one.topic for one in queries.endorsements(found.id)}
    superior = people.superior_acting(actor(), found.person_id, local_date(now()))
    roles = people.roles_of(superior, local_date(now())) if superior is not None else frozenset()
    topics = {topic: one.text for topic, one in grounds.askable(step, roles).items() if topic not in rated}
    form = review_form(topics)
    if form.validate_on_submit() and attempt(form, lambda: _review(found, form, topics)):
        flash(gettext("评审已提交，等人力资源部审核。"), "ok")
        return redirect(_back(found))
    page = render_template(
        "applications/review.html", form=form, found=found, name=_name(found), count=len(topics)
    )
    return page, 422 if form.is_submitted() else 200


def _review(found: ApplicationFacts, form: Any, topics: dict[str, str]) -> None:
    me, at = actor(), now()
    if topics:
        service.endorse(me, at, found.id, ratings_of(form, topics))
    service.review(me, at, found.id, recommends=form.recommends.data == "yes", text=form.text.data)


@applications.route("/<int:application_id>/check", methods=["GET", "POST"])
@requires("application.check")
def check(application_id: int) -> Any:
    """Pass the formal check; what is unknown is confirmed in words."""
    found = allowed_to(application_id, "application.check")
    judged = service.grounds_now(found.id, now())
    confirmed = queries.confirmations(found.id)
    unknown = {
        place: one.text or one.says
        for place, one in enumerate(judged.assessment.findings)
        if one.state is Found.UNKNOWN and place not in confirmed
    }
    form = check_form(unknown)
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.pass_check(
            actor(),
            now(),
            found.id,
            {place: form[f"place_{place}"].data for place in unknown},
            form.note.data or "",
        ),
    ):
        flash(gettext("资格审核已通过。"), "ok")
        return redirect(_back(found))
    page = render_template(
        "applications/check.html",
        form=form,
        found=found,
        name=_name(found),
        judged=judged,
        unknown=unknown,
        back=_return_form(found),
    )
    return page, 422 if form.is_submitted() else 200


def _return_form(found: ApplicationFacts) -> ReturnForm:
    _ladder, step = grounds.step_of(found)
    form = ReturnForm()
    form.offer((one.clause or one.text, f"{one.clause} {one.text}".strip()) for one in step.criteria)
    return form


@applications.route("/<int:application_id>/return", methods=["GET", "POST"])
@requires("application.check")
def send_back(application_id: int) -> Any:
    """Return the application with the clause that is not fulfilled."""
    found = allowed_to(application_id, "application.check")
    form = _return_form(found)
    return simple(
        form,
        lambda: service.return_application(actor(), now(), found.id, form.clause.data, form.why.data),
        done=gettext("申请已退回，申请人会收到通知。"),
        back=_back(found),
        words=words(
            gettext("退回申请"),
            gettext("退回%(name)s的申请", name=_name(found)),
            gettext("退回后这份申请结束；申请人可以申诉，也可以以后再申请。"),
            gettext("退回"),
        ),
    )


@applications.route("/<int:application_id>/decision", methods=["GET", "POST"])
@requires("application.decide")
def decide(application_id: int) -> Any:
    """Propose to approve or to decline."""
    found = allowed_to(application_id, "application.decide")
    form = ChoiceForm()
    form.offer([("approve", gettext("通过")), ("decline", gettext("不通过"))])
    return simple(
        form,
        lambda: service.propose_decision(actor(), now(), found.id, form.outcome.data, form.reason.data),
        done=gettext("决定已提出，等总经理或副总经理确认。"),
        back=_back(found),
        words=words(
            gettext("提出决定"),
            gettext("提出%(name)s的晋升决定", name=_name(found)),
            gettext("提出后由另一个人确认才生效。"),
            gettext("提出决定"),
        ),
    )


@applications.post("/<int:application_id>/decision/confirm")
@requires("application.confirm")
def confirm(application_id: int) -> Any:
    """Confirm the proposed decision as the second person."""
    found = allowed_to(application_id, "application.confirm")
    service.confirm_decision(actor(), now(), found.id)
    flash(gettext("决定已生效。"), "ok")
    return to_application(found.id)


@applications.post("/<int:application_id>/decision/refuse")
@requires("application.decide")
def refuse(application_id: int) -> Any:
    """Send the proposed decision back."""
    found = allowed_to(application_id, "application.decide")
    service.refuse_decision(actor(), now(), found.id, MayNoteForm().note.data or "")
    flash(gettext("决定已退回。"), "ok")
    return to_application(found.id)


@applications.route("/<int:application_id>/notice", methods=["GET", "POST"])
@requires("public_notice.publish")
def publish(application_id: int) -> Any:
    """Publish the notice."""
    found = allowed_to(application_id, "public_notice.publish")
    form = NoticeForm()
    _ladder, step = grounds.step_of(found)
    return simple(
        form,
        lambda: service.publish_notice(actor(), now(), found.id, form.record.data),
        done=gettext("公示已发布，全体员工都可以看到。"),
        back=_back(found),
        words=words(
            gettext("发布公示"),
            gettext("公示%(name)s的晋升", name=_name(found)),
            gettext("公示%(n)s个工作日，发布当天不算。", n=step.notice_working_days),
            gettext("发布公示"),
        ),
    )


@applications.post("/<int:application_id>/notice/close")
@requires("public_notice.publish")
def close(application_id: int) -> Any:
    """Close the notice after its window."""
    found = allowed_to(application_id, "public_notice.publish")
    notice = queries.notice_of_application(found.id)
    if notice is not None:
        service.close_notice(actor(), now(), notice.id)
        flash(saved(), "ok")
    return to_application(found.id)


@applications.route("/<int:application_id>/appointment", methods=["GET", "POST"])
@requires("application.appoint")
def appoint(application_id: int) -> Any:
    """Appoint from a day on."""
    found = allowed_to(application_id, "application.appoint")
    form = AppointForm(data={"effective_on": local_date(now())})
    return simple(
        form,
        lambda: service.appoint(actor(), now(), found.id, form.effective_on.data),
        done=gettext("任命已办好，级别从生效日起改变。"),
        back=_back(found),
        words=words(
            gettext("任命"),
            gettext("任命%(name)s", name=_name(found)),
            gettext("级别从生效日起改变；有试岗期的从这一天开始试岗。"),
            gettext("任命"),
        ),
    )


@applications.route("/<int:application_id>/trial", methods=["GET", "POST"])
@requires("application.appoint")
def trial(application_id: int) -> Any:
    """Propose how a trial ends."""
    found = allowed_to(application_id, "application.appoint")
    form = ChoiceForm()
    form.offer([("confirm_trial", gettext("试岗合格")), ("fail_trial", gettext("试岗不合格"))])
    return simple(
        form,
        lambda: service.propose_trial(actor(), now(), found.id, form.outcome.data, form.reason.data),
        done=gettext("试岗结论已提出，等总经理或副总经理确认。"),
        back=_back(found),
        words=words(
            gettext("试岗结论"),
            gettext("提出%(name)s的试岗结论", name=_name(found)),
            gettext("不合格的回到原来的级别。提出后由另一个人确认才生效。"),
            gettext("提出结论"),
        ),
    )


@applications.post("/<int:application_id>/trial/confirm")
@requires("application.confirm")
def confirm_trial(application_id: int) -> Any:
    """Confirm the end of a trial as the second person."""
    found = allowed_to(application_id, "application.confirm")
    service.confirm_trial(actor(), now(), found.id)
    flash(gettext("试岗结论已生效。"), "ok")
    return to_application(found.id)


@applications.post("/<int:application_id>/trial/refuse")
@requires("application.confirm")
def refuse_trial(application_id: int) -> Any:
    """Send the proposed end of a trial back."""
    found = allowed_to(application_id, "application.confirm")
    service.refuse_trial(actor(), now(), found.id, MayNoteForm().note.data or "")
    flash(gettext("试岗结论已退回。"), "ok")
    return to_application(found.id)


@applications.route("/<int:application_id>/appeal/decision", methods=["GET", "POST"])
@requires("application.decide_appeal")
def decide_appeal(application_id: int) -> Any:
    """Decide an appeal as somebody who had no part."""
    found = allowed_to(application_id, "application.decide_appeal")
    form = ChoiceForm()
    form.offer([("upheld", gettext("申诉成立")), ("dismissed", gettext("申诉不成立"))])
    appeal = queries.appeal_of(found.id)
    return simple(
        form,
        lambda: service.decide_appeal(
            actor(), now(), found.id, upheld=form.outcome.data == "upheld", reason=form.reason.data
        ),
        done=gettext("申诉已答复。"),
        back=_back(found),
        words=words(
            gettext("答复申诉"),
            gettext("答复%(name)s的申诉", name=_name(found)),
            appeal.text if appeal is not None else "",
            gettext("答复"),
        ),
    )
