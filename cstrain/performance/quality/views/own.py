"""Pages of agents: their published ratings, what they say to one, their months."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.people import queries as people
from cstrain.performance.quality import documents, queries, rules, service
from cstrain.performance.quality.facts import RatedChat
from cstrain.performance.quality.forms import ReplyForm
from cstrain.performance.quality.views.base import (
    asked_page,
    attachment,
    blueprint,
    booking_url,
    note_view,
    pages,
)
from cstrain.ui.refusal import attempt

_PAGE = 20
_DESK = (
    "quality.rate",
    "quality.view",
    "quality.import",
    "quality.draw",
    "quality.decide",
    "quality.watch_basic",
    "quality.watch_vip",
)


@blueprint.get("")
@requires("quality.view_own")
def index() -> str:
    """Show a person's own published ratings and months; and the ways to what they do for others."""
    me = actor()
    lines, total = queries.published_lines(me, asked_page())
    return render_template(
        "quality/index.html",
        lines=lines,
        total=total,
        pages=pages(total, _PAGE, "quality.index"),
        months=queries.sheets_of(me),
        ways={name.partition(".")[2] for name in _DESK if may(me, name)},
        ends=rules.week_ends,
    )


@blueprint.get("/ratings/<int:rating_id>")
@requires("quality.view_own")
def rating(rating_id: int) -> str:
    """Show a published rating to its agent, or to who has them in their charge."""
    found = queries.rated_chat(actor(), rating_id)
    note_view(found.chat.agent_id, "quality.rating")
    return _rating_page(found, ReplyForm(formdata=None))


def _rating_page(found: RatedChat, form: ReplyForm) -> str:
    at = now()
    mine = found.chat.agent_id == actor()
    agent = people.get_person(found.chat.agent_id, local_date(at))
    contested = any(one.kind == "contest" for one in found.replies)
    in_time = local_date(at) <= found.contest_until
    closed = queries.month_row(rules.month_of(found.chat.day)) is not None
    said = {one.kind for one in found.replies if one.rating_id == found.current.id}
    may_contest = mine and not contested and in_time and not closed
    may_answer = mine and "answer" not in said
    form.offer(answer=may_answer, contest=may_contest)
    book = "" if mine else booking_url(agent, found.chat.day, gettext("会话%(code)s", code=found.chat.code))
    return render_template(
        "quality/rating.html",
        found=found,
        agent=agent,
        mine=mine,
        form=form,
        may_contest=may_contest,
        may_answer=may_answer,
        book=book,
    )


@blueprint.post("/ratings/<int:rating_id>/reply")
@requires("quality.contest")
def reply(rating_id: int) -> Any:
    """Answer one's own published rating, or contest it."""
    found = queries.rated_chat(actor(), rating_id)
    form = ReplyForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.reply(actor(), now(), rating_id, form.kind.data, form.words.data or "")
    ):
        done = gettext("异议已提交，会由没有打过分的人来定。")
        flash(done if form.kind.data == "contest" else gettext("说明已保存。"), "ok")
        return redirect(url_for("quality.rating", rating_id=rating_id))
    return _rating_page(found, form), 422


@blueprint.get("/month-sheets/<int:sheet_id>.pdf")
@requires("quality.view_own")
def sheet_pdf(sheet_id: int) -> Response:
    """Download a compiled month of one's own or of somebody in one's charge."""
    found = queries.sheet_of_month(actor(), sheet_id)
    facts = queries.month(found.month)
    person = people.get_person(found.person_id, rules.month_ends(found.month))
    closer = people.get_person(facts.closed_by, local_date(now())).name if facts.closed_by else ""
    data = documents.sheet_data(found, person, closer, facts.late)
    name = f"quality-{found.month:%Y-%m}-{person.staff_no}.pdf"
    return attachment(documents.sheet_pdf(data), "application/pdf", name)
