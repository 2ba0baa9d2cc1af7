"""A joint sheet: the page, on paper, and the person's own word."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.errors import DomainError
from cstrain.performance.assessment import documents, queries, rules, service
from cstrain.performance.assessment.facts import Seats, Sheet, State
from cstrain.performance.assessment.forms import (
    ContestForm,
    DecideForm,
    FinishForm,
    ReturnForm,
    named_apart,
)
from cstrain.performance.assessment.policy import REVIEW_WORDS, SENSE_WORDS, SOURCES, STATE_WORDS
from cstrain.performance.assessment.service.reviewing import is_refused
from cstrain.performance.assessment.views.base import (
    blueprint,
    missing,
    names_of,
    note_view,
    readable,
    today,
)
from cstrain.performance.queries import correction
from cstrain.performance.rules import grade_of, is_grade_at_least
from cstrain.performance.store import month_rules
from cstrain.ui.refusal import attempt, told


@blueprint.get("/sheets/<int:sheet_id>")
@requires("assessment.view_own")
def sheet(sheet_id: int) -> str:
    """Show a joint sheet; points only to who rated, and to all who may see it after the final review."""
    one, held = readable(sheet_id)
    note_view(one.person_id, "assessment.sheet")
    return sheet_page(one, held)


def sheet_page(one: Sheet, held: Seats, refused: str = "", **forms: Any) -> str:
    """Draw a sheet; ``forms``: those that were refused, by name."""
    me = actor()
    plans = {one.plan_id: queries.plan(one.plan_id)} if one.plan_id is not None else {}
    stands = rules.state(one, held, today())
    directs = me in held.directors and me != one.person_id
    opened = one.final is not None or (directs and stands is State.REVIEW)
    mean = rules.result_of(one) if opened else None
    grade, below = _grade(mean, one.month)
    last = one.counts
    return render_template(
        "assessment/sheet.html",
        one=one,
        own=me == one.person_id,
        plan=plans.get(one.plan_id) if one.plan_id is not None else None,
        numbers=queries.numbers_of([one], plans)[one.id],
        names=names_of({one.person_id, *one.raters, *(each.by for each in one.reviews)}),
        state=stands,
        words=STATE_WORDS,
        kinds=REVIEW_WORDS,
        senses=SENSE_WORDS,
        sources=SOURCES,
        opened=opened,
        me_id=me,
        weights=rules.shares(one),
        mean=mean,
        grade=grade,
        below=below,
        waiting=rules.waiting(one, held) if one.final is None else (),
        vacant=rules.vacant(one, held),
        my_office=queries.rate_duties(one, held, me),
        directs=directs,
        correction=correction(last.correction_id) if last is not None and last.correction_id else None,
        refused_write=directs and last is not None and is_refused(last),
        interview=may(me, "interview.hold", one.person_id),
        refused=refused,
        today=today(),
        asked=frozenset(forms),
        **{**_blank(one), **forms},
    )


def _grade(mean: Decimal | None, month: date) -> tuple[str | None, bool]:
    """Return the grade of a score in a month, and whether it is below the qualified line."""
    if mean is None:
        return None, False
    chapter = month_rules(month)
    grade = grade_of(mean, chapter)
    return grade, not is_grade_at_least(grade, chapter.qualified)


def _blank(one: Sheet) -> dict[str, Any]:
    finish, back = FinishForm(formdata=None), ReturnForm(formdata=None)
    contest, decide = ContestForm(formdata=None), DecideForm(formdata=None)
    offer_return(back, one)
    decide.offer()
    for name, form in (("finish", finish), ("back", back), ("contest", contest), ("decide", decide)):
        named_apart(form, name)
    return {"finish": finish, "back": back, "contest": contest, "decide": decide}


def offer_return(form: ReturnForm, one: Sheet) -> None:
    """Fill the list of offices that rated."""
    rated = [each for each in one.round.rules.offices if one.rating_of(each.id) is not None]
    form.offer((each.id, gettext(each.title)) for each in rated)


def back_to(sheet_id: int) -> Any:
    """Lead back to the sheet."""
    return redirect(url_for("assessment.sheet", sheet_id=sheet_id))


@blueprint.get("/sheets/<int:sheet_id>/sheet.pdf")
@requires("assessment.view_own")
def sheet_paper(sheet_id: int) -> Response:
    """Give the sheet 月度绩效考核表 on paper, once it has its final review."""
    one, _held = readable(sheet_id)
    if one.final is None:
        raise missing()
    note_view(one.person_id, "assessment.sheet")
    plans = {one.plan_id: queries.plan(one.plan_id)} if one.plan_id is not None else {}
    names = names_of({one.person_id, *one.raters, *(each.by for each in one.reviews)})
    numbers = queries.numbers_of([one], plans)[one.id]
    data = documents.sheet_data(one, names[one.person_id], numbers, names)
    name = quote(f"月度绩效考核表-{data['number']}.pdf")
    headers = {"Content-Disposition": f"inline; filename=\"document.pdf\"; filename*=UTF-8''{name}"}
    return Response(documents.sheet_pdf(data), mimetype="application/pdf", headers=headers)


@blueprint.post("/sheets/<int:sheet_id>/acknowledge")
@requires("assessment.answer")
def acknowledge(sheet_id: int) -> Any:
    """Acknowledge one's own result."""
    one, held = _own(sheet_id)
    try:
        service.answer(actor(), now(), sheet_id, contests=False)
    except DomainError as error:
        return sheet_page(one, held, refused=told(error)), 422
    flash(gettext("已确认。"), "ok")
    return back_to(sheet_id)


@blueprint.post("/sheets/<int:sheet_id>/contest")
@requires("assessment.answer")
def contest(sheet_id: int) -> Any:
    """Contest one's own result."""
    one, held = _own(sheet_id)
    form = ContestForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.answer(actor(), now(), sheet_id, contests=True, says=form.says.data or "")
    ):
        flash(gettext("异议已提交，由没有评分的总监决定，结果会通知你。"), "ok")
        return back_to(sheet_id)
    named_apart(form, "contest")
    return sheet_page(one, held, contest=form), 422


def _own(sheet_id: int) -> tuple[Sheet, Seats]:
    one, held = readable(sheet_id)
    if one.person_id != actor():
        raise missing()
    return one, held
