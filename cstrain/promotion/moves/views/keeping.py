"""The registers HR keeps: courses and places."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import now
from cstrain.kernel.ids import PersonId
from cstrain.people.facts import Level
from cstrain.people.policy import LEVEL_WORDS, ROLE_WORDS
from cstrain.promotion.moves import queries, service, wording
from cstrain.promotion.moves.forms import CourseForm, ReasonForm, SeatForm, named
from cstrain.promotion.moves.service import NewCourse
from cstrain.promotion.moves.views.common import Pages, blueprint, form_page, persons, places, staff, today
from cstrain.ui.forms import whole
from cstrain.ui.refusal import attempt

_OFFICES = ("group_leader", "supervisor")


def _words() -> dict[str, str]:
    """Return the words of levels and of the offices that are counted beside them."""
    levels = {str(one): gettext(LEVEL_WORDS[one]) for one in Level}
    return levels | {office: gettext(ROLE_WORDS[office]) for office in _OFFICES}


def _courses_page(refused: tuple[int, ReasonForm] | None = None) -> str:
    page = queries.course_page(request.args.get("page", 1, whole))
    forms = {
        one.id: named(ReasonForm(formdata=None), f"withdraw{one.id}")
        for one in page.rows
        if one.withdrawn is None and one.person != actor()
    }
    if refused is not None:
        forms[refused[0]] = refused[1]
    return render_template(
        "moves/courses.html",
        page=page,
        pages=Pages(page.page, page.pages, "moves.courses"),
        names=persons(who for one in page.rows for who in (one.person, one.entered_by)),
        forms=forms,
        refused=refused[0] if refused is not None else 0,
        words=wording,
        today=today(),
    )


@blueprint.get("/courses")
@requires("course.record")
def courses() -> str:
    """List certificates and trainings delivered."""
    return _courses_page()


def _course_form() -> CourseForm:
    form = CourseForm()
    form.offer(staff("course.record"))
    return form


def _course_page(form: CourseForm) -> str:
    hints = {
        "course": gettext("与晋升办法里写的一样，例如：training-delivered。"),
        "until": gettext("不会过期的不填。"),
        "file_ref": gettext("档案号或文件的位置，别人能据此找到原件。"),
    }
    heading, lead = gettext("登记证书或讲授的培训"), gettext("晋升条件会读这些记录；撤回也留在记录里。")
    crumb = url_for("moves.courses"), gettext("培训记录")
    return form_page(form, heading, lead, gettext("登记"), hints=hints, crumb=crumb)


@blueprint.get("/courses/new")
@requires("course.record")
def course_form() -> str:
    """Show the form of a new entry."""
    return _course_page(_course_form())


@blueprint.post("/courses/new")
@requires("course.record")
def enter_course() -> Any:
    """Enter a certificate or a training delivered."""
    form = _course_form()

    def act() -> None:
        new = NewCourse(
            PersonId(form.person.data),
            form.kind.data,
            form.course.data or "",
            form.title.data or "",
            form.held_on.data,
            form.until.data,
            form.file_ref.data or "",
        )
        service.enter_course(actor(), now(), new)

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("已登记。"), "ok")
        return redirect(url_for("moves.courses"))
    return _course_page(form), 422


@blueprint.post("/courses/<int:entry_id>/withdraw")
@requires("course.record")
def withdraw_course(entry_id: int) -> Any:
    """Take an entry back."""
    queries.course(entry_id)
    form = named(ReasonForm(), f"withdraw{entry_id}")
    if form.validate_on_submit() and attempt(
        form, lambda: service.withdraw_course(actor(), now(), entry_id, form.reason.data or "")
    ):
        flash(gettext("已撤回，原记录保留。"), "ok")
        return redirect(url_for("moves.courses"))
    return _courses_page((entry_id, form)), 422


def _seat_form() -> SeatForm:
    form = SeatForm()
    form.offer(places(), _words().items())
    return form


def _seats_page(form: SeatForm) -> str:
    return render_template("moves/seats.html", rows=queries.seats(today()), form=form, levels=_words())


@blueprint.get("/seats")
@requires("seats.set")
def seats() -> str:
    """Show how many places there are, and the form to set a number."""
    return _seats_page(_seat_form())


@blueprint.post("/seats")
@requires("seats.set")
def set_seats() -> Any:
    """Set how many places a department has at a level."""
    form = _seat_form()

    def act() -> None:
        service.set_seats(
            actor(),
            now(),
            form.department.data,
            form.level.data,
            form.seats.data or 0,
            form.effective_from.data,
            form.note.data or "",
        )

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("名额已保存，从生效日起计。"), "ok")
        return redirect(url_for("moves.seats"))
    return _seats_page(form), 422
