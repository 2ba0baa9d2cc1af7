"""Titles: the wall of a month for everybody, proposing one, answering a proposal."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from cstrain.access import actor, demand, may, requires
from cstrain.extensions import now
from cstrain.kernel.calendar import add_months
from cstrain.kernel.errors import DomainError
from cstrain.kernel.ids import PersonId
from cstrain.people import queries as people
from cstrain.performance import queries as months
from cstrain.performance.activities import queries, service, store
from cstrain.performance.activities.facts import TitleFacts
from cstrain.performance.activities.forms import AnswerForm, TitleForm, month_key
from cstrain.performance.activities.views.common import (
    Pager,
    blueprint,
    missing,
    names_of,
    today,
    typed_month,
    wanted_page,
)
from cstrain.ui.filters import month as month_word
from cstrain.ui.refusal import attempt


@blueprint.get("")
@requires("title.read")
def wall() -> str:
    """Show the titles of a month to everybody, and the ways to contests, reports and proposals."""
    me, this = actor(), today().replace(day=1)
    last = add_months(this, -1)
    month = (typed_month(request.args.get("month")) or queries.latest_month(last) or last).replace(day=1)
    found = queries.wall(month)
    return render_template(
        "activities/wall.html",
        month=month,
        found=found,
        names=names_of(one.person for one in found),
        places={one.id: one.name for one in people.departments()},
        before=add_months(month, -1),
        after=add_months(month, 1) if month < last else None,
        may_propose=may(me, "title.propose"),
        may_view=may(me, "title.view"),
        may_reports=may(me, "report.view"),
        waiting=len(_waiting()),
    )


def _waiting() -> list[TitleFacts]:
    if not may(actor(), "title.confirm"):
        return []
    return queries.waiting_titles(actor(), people.visible_people(actor(), "title.confirm", today()))


@blueprint.get("/titles")
@requires("title.view")
def titles() -> str:
    """List what was proposed and given about the people in one's charge, newest first."""
    found = queries.title_page(people.visible_people(actor(), "title.view", today()), wanted_page())
    waiting = _waiting()
    return render_template(
        "activities/titles.html",
        found=found,
        waiting=waiting,
        names=names_of(
            each for one in (*found.rows, *waiting) for each in (one.person, one.proposed_by, one.answered_by)
        ),
        links=Pager(found.page, found.pages, "activities.titles", {}),
        may_propose=may(actor(), "title.propose"),
    )


@blueprint.route("/titles/new", methods=["GET", "POST"])
@requires("title.propose")
def propose() -> Any:
    """Propose somebody in one's charge for a title."""
    chapter, form = store.chapter().titles, TitleForm()
    back = range(1, chapter.months_back + 1)
    past = [add_months(today().replace(day=1), -n) for n in back]
    form.offer(
        [(one.code, one.title) for one in chapter.given_by("proposal")],
        [(month_key(one), month_word(one)) for one in past],
    )
    if not form.is_submitted():
        form.staff_no.data = request.args.get("staff_no", "")
    made: list[int] = []
    if form.validate_on_submit() and attempt(form, lambda: made.append(_propose(form))):
        flash(gettext("提名已提交，等另一人确认。"), "ok")
        return redirect(url_for("activities.title", title_id=made[0]))
    page = render_template("activities/propose.html", form=form, kinds=chapter.given_by("proposal"))
    return page, 422 if form.is_submitted() else 200


def _propose(form: TitleForm) -> int:
    month = typed_month(form.month.data)
    person = _by_number(form.staff_no.data or "")
    if month is None:
        raise DomainError("没有提名：请选择月份。")
    return service.propose(actor(), now(), person, form.code.data, month, form.reason.data or "")


def _by_number(number: str) -> PersonId:
    """Return the person of a staff number; a foreign one and one nobody has answer the same."""
    found = people.find_person_by_staff_no(number, today())
    if found is None or not may(actor(), "title.propose", found.id):
        raise DomainError("没有找到工号%(number)s，或者不能由你提名。请核对工号。", number=number)
    return found.id


def _readable(title_id: int) -> TitleFacts:
    """Return a title: one given is for everybody; a proposal is for who proposed it and who may see it.

    Not for the person while nobody has answered, nor once it was refused.
    """
    one, me = queries.title(title_id), actor()
    open_to = one.standing or one.proposed_by == me
    if not open_to and (one.person == me or not may(me, "title.view", one.person)):
        raise missing()
    return one


@blueprint.get("/titles/<int:title_id>")
@requires("title.read")
def title(title_id: int) -> str:
    """Show one title: for what, proposed and answered by whom."""
    return _page(_readable(title_id), AnswerForm(formdata=None))


def _page(one: TitleFacts, form: AnswerForm) -> str:
    me = actor()
    form.offer()
    sees = may(me, "performance.view", one.person)
    records = months.records([one.person], [one.last_month]) if sees else []
    return render_template(
        "activities/title.html",
        one=one,
        form=form,
        names=names_of([one.person, one.proposed_by, one.answered_by]),
        place=people.department(one.department_id),
        record=records[0] if records else None,
        sees=sees,
        may_answer=one.agreed is None and one.person != me and may(me, "title.confirm", one.person),
        proposed_it=one.proposed_by == me,
        may_register=may(me, "register.view", one.person),
    )


@blueprint.post("/titles/<int:title_id>/answer")
@requires("title.confirm")
def answer(title_id: int) -> Any:
    """Agree to a proposal or refuse it, as neither the person nor who proposed it."""
    one = queries.title(title_id)
    demand("title.confirm", one.person)
    form = AnswerForm()
    form.offer()
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.answer(
            actor(), now(), one.id, agreed=form.agreed.data == "yes", note=form.note.data or ""
        ),
    ):
        flash(gettext("意见已保存。"), "ok")
        return redirect(url_for("activities.title", title_id=one.id))
    return _page(queries.title(one.id), form), 422
