"""The applicant's own pages: apply, look, take back, appeal."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.errors import NotFoundError
from cstrain.promotion.applications import grounds, queries, service, store
from cstrain.promotion.applications.forms import ApplyForm, MayNoteForm, NoteForm
from cstrain.promotion.applications.views.base import applications, simple, to_application, words
from cstrain.ui.refusal import attempt


@applications.get("/mine")
@requires("application.apply")
def mine() -> Any:
    """Lead to one's own latest application, or to applying."""
    found = queries.latest_of(actor())
    if found is None:
        return redirect(url_for("applications.new"))
    return to_application(found.id)


@applications.route("/new", methods=["GET", "POST"])
@requires("application.apply")
def new() -> Any:
    """Show the steps one could apply for with their conditions; apply."""
    me, at = actor(), now()
    held = queries.open_application_of(me)
    if held is not None:
        return to_application(held.id)
    offers = grounds.offers(me, local_date(at))
    form = ApplyForm()
    form.offer(
        (f"{one.ladder.ref}/{one.step.goal}", f"{one.ladder.title}：{one.ladder.titles[one.step.goal]}")
        for one in offers
        if not one.blocked
    )
    if form.validate_on_submit():
        ref, _, goal = str(form.step.data).partition("/")
        if attempt(form, lambda: service.submit(me, at, me, ref, goal, form.statement.data)):
            flash(gettext("申请已提交，等部门评审。"), "ok")
            return redirect(url_for("applications.mine"))
    page = render_template("applications/new.html", form=form, offers=offers)
    return page, 422 if form.is_submitted() else 200


@applications.post("/<int:application_id>/withdraw")
@requires("application.apply")
def withdraw(application_id: int) -> Any:
    """Take one's own application back."""
    _own(application_id)
    service.withdraw(actor(), now(), application_id, MayNoteForm().note.data or "")
    flash(gettext("申请已撤回。"), "ok")
    return to_application(application_id)


def _own(application_id: int) -> None:
    if queries.application(application_id).person_id != actor():
        raise NotFoundError(store.MISSING)


@applications.route("/<int:application_id>/appeal", methods=["GET", "POST"])
@requires("application.apply")
def appeal(application_id: int) -> Any:
    """Appeal against how one's own application ended."""
    _own(application_id)
    return simple(
        form := NoteForm(),
        lambda: service.file_appeal(actor(), now(), application_id, form.note.data),
        done=gettext("申诉已提交，会由没有参与过的人答复。"),
        back=url_for("applications.show", application_id=application_id),
        words=words(
            gettext("申诉"),
            gettext("写明为什么不同意这个结果"),
            gettext("申诉由没有参与过这份申请的人决定。"),
            gettext("提交申诉"),
        ),
    )
