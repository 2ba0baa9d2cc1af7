"""The board of public notices for everybody, objecting, and HR's investigation."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.promotion.applications import queries, service, store
from cstrain.promotion.applications.boards import boards
from cstrain.promotion.applications.facts import NoticeFacts, ObjectionFacts
from cstrain.promotion.applications.forms import ChoiceForm, ObjectionForm
from cstrain.promotion.applications.queries.notices import objection
from cstrain.promotion.applications.rules.windows import is_open
from cstrain.promotion.applications.views.base import names_of, notices, saved, simple, words


@notices.get("")
@requires("public_notice.read")
def index() -> str:
    """Show the notices that are up today."""
    today = local_date(now())
    return render_template(
        "applications/board.html",
        notices=queries.notices_up(today),
        others=[line for up in boards for line in up(today)],
        today=today,
    )


def shown_notice(notice_id: int) -> NoticeFacts:
    """Return a notice that is up; afterwards only who publishes, and the person, still find it."""
    found = queries.notice(notice_id)
    me = actor()
    known = me == found.person_id or may(me, "public_notice.investigate", found.person_id)
    if not is_open(found.first_day, found.last_day, local_date(now())) and not known:
        raise NotFoundError(store.MISSING)
    return found


@notices.get("/<int:notice_id>")
@requires("public_notice.read")
def show(notice_id: int) -> str:
    """Show a notice to everybody."""
    found, today = shown_notice(notice_id), local_date(now())
    me = actor()
    up = is_open(found.first_day, found.last_day, today) and found.closed_at is None
    return render_template(
        "applications/notice.html",
        notice=found,
        up=up,
        may_object=up and may(me, "public_notice.object", found.person_id),
        may_investigate=may(me, "public_notice.investigate", found.person_id),
        today=today,
    )


@notices.route("/<int:notice_id>/objection", methods=["GET", "POST"])
@requires("public_notice.object")
def object_to(notice_id: int) -> Any:
    """Object, named or anonymously."""
    found = shown_notice(notice_id)
    demand("public_notice.object", found.person_id)
    form = ObjectionForm()
    return simple(
        form,
        lambda: service.file_objection(
            actor(), now(), notice_id, form.text.data, anonymous=bool(form.anonymous.data)
        ),
        done=gettext("异议已收到，人力资源部会调查并答复。"),
        back=url_for("public_notices.show", notice_id=notice_id),
        words=words(
            gettext("提异议"),
            gettext("对%(name)s的公示提异议", name=found.content["name"]),
            gettext("实名的异议会把结果告诉你；匿名的作为线索调查。"),
            gettext("提交异议"),
        ),
    )


@notices.get("/<int:notice_id>/objections")
@requires("public_notice.investigate")
def objections(notice_id: int) -> str:
    """List the objections to a notice with their clocks."""
    found = queries.notice(notice_id)
    demand("public_notice.investigate", found.person_id)
    every = queries.objections(notice_id)
    return render_template(
        "applications/objections.html",
        notice=found,
        objections=every,
        names=names_of([each for one in every for each in (one.by, one.started_by)]),
        today=local_date(now()),
        myself=actor(),
    )


def _objection(objection_id: int) -> tuple[ObjectionFacts, NoticeFacts]:
    found = objection(objection_id)
    notice = queries.notice(found.notice_id)
    demand("public_notice.investigate", notice.person_id)
    return found, notice


@notices.post("/objections/<int:objection_id>/start")
@requires("public_notice.investigate")
def start(objection_id: int) -> Any:
    """Begin to look into an objection."""
    _found, notice = _objection(objection_id)
    service.start_investigation(actor(), now(), objection_id)
    flash(saved(), "ok")
    return redirect(url_for("public_notices.objections", notice_id=notice.id))


@notices.route("/objections/<int:objection_id>/answer", methods=["GET", "POST"])
@requires("public_notice.investigate")
def answer(objection_id: int) -> Any:
    """Answer an objection after looking into it."""
    found, notice = _objection(objection_id)
    form = ChoiceForm()
    form.offer([("dismissed", gettext("异议不成立")), ("upheld", gettext("异议成立"))])
    return simple(
        form,
        lambda: service.answer_objection(actor(), now(), objection_id, form.outcome.data, form.reason.data),
        done=gettext("异议已答复。"),
        back=url_for("public_notices.objections", notice_id=notice.id),
        words=words(
            gettext("答复异议"),
            gettext("答复对%(name)s公示的异议", name=notice.content["name"]),
            found.text,
            gettext("答复"),
        ),
    )
