"""Pages of who decides contests."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, requires
from cstrain.extensions import local_date, now
from cstrain.people import queries as people
from cstrain.performance.quality import queries, service
from cstrain.performance.quality.facts import RatedChat
from cstrain.performance.quality.forms import DecideForm
from cstrain.performance.quality.views.base import asked_page, blueprint, pages
from cstrain.ui.forms import live_form
from cstrain.ui.refusal import attempt

_PAGE = 20


@blueprint.get("/contests")
@requires("quality.decide")
def contests() -> str:
    """Show the contests that wait for somebody, and those decided."""
    today = local_date(now())
    waiting, count = queries.contests(actor(), today, 1, is_open=True)
    decided, total = queries.contests(actor(), today, asked_page(), is_open=False)
    ids = {one.agent_id for one in (*waiting, *decided)}
    return render_template(
        "quality/contests.html",
        waiting=waiting,
        count=count,
        decided=decided,
        pages=pages(total, _PAGE, "quality.contests"),
        names=people.people(ids, today),
    )


@blueprint.get("/contests/<int:reply_id>")
@requires("quality.decide")
def contest(reply_id: int) -> str:
    """Show a contest with the chat and what was given."""
    found = _found(reply_id)
    current = found.current
    return _page(reply_id, found, live_form(current.rubric, current.points, base=DecideForm))


def _found(reply_id: int) -> RatedChat:
    return queries.rated_chat(actor(), service.get_contest(actor(), reply_id).rating_id)


def _page(reply_id: int, found: RatedChat, form: Any) -> str:
    ids = {found.chat.agent_id, *(one.rater_id for one in found.ratings)}
    return render_template(
        "quality/contest.html",
        found=found,
        contest=next(one for one in found.replies if one.id == reply_id),
        names=people.people(ids, local_date(now())),
        rated=actor() in {one.rater_id for one in found.ratings},
        form=form,
    )


@blueprint.post("/contests/<int:reply_id>/decide")
@requires("quality.decide")
def decide(reply_id: int) -> Any:
    """Decide a contest: keep the rating, or rate anew."""
    found = _found(reply_id)
    form: Any = live_form(found.current.rubric, base=DecideForm)
    if form.validate_on_submit() and attempt(
        form,
        lambda: service.decide(
            actor(),
            now(),
            reply_id,
            upheld=form.upheld.data == "yes",
            decision=form.said(),
            points=form.points(),
        ),
    ):
        flash(gettext("决定已保存，本人会收到通知。"), "ok")
        return redirect(url_for("quality.contests"))
    return _page(reply_id, found, form), 422
