"""The public notice about who was chosen: publishing, reading, objecting, investigating, closing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import now
from cstrain.kernel.errors import NotFoundError
from cstrain.promotion.applications.forms import ChoiceForm, NoticeForm, ObjectionForm
from cstrain.promotion.applications.rules.windows import is_open
from cstrain.promotion.competition import queries, service, store
from cstrain.promotion.competition.facts import Notice, Objection
from cstrain.promotion.competition.views.common import back, blueprint, persons, today
from cstrain.ui.refusal import attempt


def _simple(form: FlaskForm, act: Callable[[], object], done: str, to: str, words: dict[str, str]) -> Any:
    """Serve a page of one form: do the act and go on, or show it again with what was typed (422)."""
    if form.validate_on_submit() and attempt(form, act):
        flash(done, "ok")
        return redirect(to)
    page = render_template("applications/act.html", form=form, words=words, back=to)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/candidates/<int:candidate_id>/notice", methods=["GET", "POST"])
@requires("public_notice.publish")
def publish(candidate_id: int) -> Any:
    """Publish the notice about somebody who was chosen."""
    found = queries.candidate(candidate_id)
    demand("public_notice.publish", found.person)
    one = queries.competition(found.competition, today())
    if not any(trial.candidate == candidate_id for trial in queries.trials_of(one.id)):
        raise NotFoundError(store.MISSING)
    form = NoticeForm()
    name = persons([found.person])[found.person].name
    days = queries.notice_days(one.rules.role, today()) or 1
    return _simple(
        form,
        lambda: service.publish_notice(actor(), now(), candidate_id, form.record.data or ""),
        gettext("公示已发布，全体员工都可以看到。"),
        url_for("competitions.show", competition_id=one.id),
        {
            "title": gettext("发布公示"),
            "heading": gettext("公示%(name)s入选%(post)s", name=name, post=one.post),
            "lead": gettext("公示%(n)s个工作日，发布当天不算。", n=days),
            "button": gettext("发布公示"),
        },
    )


def shown_notice(notice_id: int) -> Notice:
    """Return a notice that is up; afterwards only who investigates, and the person, still find it."""
    found, me = queries.notice(notice_id), actor()
    known = me == found.person or may(me, "public_notice.investigate", found.person)
    if not is_open(found.first_day, found.last_day, today()) and not known:
        raise NotFoundError(store.MISSING)
    return found


@blueprint.get("/notices/<int:notice_id>")
@requires("public_notice.read")
def notice(notice_id: int) -> str:
    """Show a notice to everybody."""
    found, me = shown_notice(notice_id), actor()
    up = is_open(found.first_day, found.last_day, today()) and found.closed_at is None
    return render_template(
        "competition/notice.html",
        notice=found,
        up=up,
        may_object=up and may(me, "public_notice.object", found.person),
        may_investigate=may(me, "public_notice.investigate", found.person),
    )


@blueprint.route("/notices/<int:notice_id>/objection", methods=["GET", "POST"])
@requires("public_notice.object")
def object_to(notice_id: int) -> Any:
    """Object, named or anonymously."""
    found = shown_notice(notice_id)
    demand("public_notice.object", found.person)
    form = ObjectionForm()
    return _simple(
        form,
        lambda: service.file_objection(
            actor(), now(), notice_id, form.text.data or "", anonymous=bool(form.anonymous.data)
        ),
        gettext("异议已收到，人力资源部会调查并答复。"),
        url_for("competitions.notice", notice_id=notice_id),
        {
            "title": gettext("提异议"),
            "heading": gettext("对%(name)s的公示提异议", name=found.content["name"]),
            "lead": gettext("实名的异议会把结果告诉你；匿名的作为线索调查。"),
            "button": gettext("提交异议"),
        },
    )


@blueprint.get("/notices/<int:notice_id>/objections")
@requires("public_notice.investigate")
def objections(notice_id: int) -> str:
    """List the objections to a notice with their clocks."""
    found = queries.notice(notice_id)
    demand("public_notice.investigate", found.person)
    every = queries.objections(notice_id)
    return render_template(
        "competition/objections.html",
        notice=found,
        objections=every,
        names=persons(by for one in every for by in (one.by, one.started_by) if by is not None),
        today=today(),
        myself=actor(),
    )


def _objection(objection_id: int) -> tuple[Objection, Notice]:
    found = queries.objection(objection_id)
    about = queries.notice(found.notice)
    demand("public_notice.investigate", about.person)
    return found, about


@blueprint.post("/objections/<int:objection_id>/start")
@requires("public_notice.investigate")
def start_objection(objection_id: int) -> Any:
    """Begin to look into an objection."""
    _found, about = _objection(objection_id)
    service.start_investigation(actor(), now(), objection_id)
    flash(gettext("已保存。"), "ok")
    return redirect(url_for("competitions.objections", notice_id=about.id))


@blueprint.route("/objections/<int:objection_id>/answer", methods=["GET", "POST"])
@requires("public_notice.investigate")
def answer_objection(objection_id: int) -> Any:
    """Answer an objection after looking into it."""
    found, about = _objection(objection_id)
    form = ChoiceForm()
    form.offer([("dismissed", gettext("异议不成立")), ("upheld", gettext("异议成立"))])
    return _simple(
        form,
        lambda: service.answer_objection(
            actor(), now(), objection_id, form.outcome.data, form.reason.data or ""
        ),
        gettext("异议已答复。"),
        url_for("competitions.objections", notice_id=about.id),
        {
            "title": gettext("答复异议"),
            "heading": gettext("答复对%(name)s公示的异议", name=about.content["name"]),
            "lead": found.text,
            "button": gettext("答复"),
        },
    )


@blueprint.post("/notices/<int:notice_id>/close")
@requires("public_notice.publish")
def close_notice(notice_id: int) -> Any:
    """Close a notice after its window."""
    found = queries.notice(notice_id)
    demand("public_notice.publish", found.person)
    service.close_notice(actor(), now(), notice_id)
    flash(gettext("已保存。"), "ok")
    return back(found.competition)
