"""Pages of weeks: drawing, what was rated, publication."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import local_date, now
from cstrain.kernel.ids import new_token
from cstrain.people import queries as people
from cstrain.performance.quality import queries, rules, service
from cstrain.performance.quality.forms import EmptyForm, PublishForm
from cstrain.performance.quality.views.base import asked_page, blueprint, monday, pages
from cstrain.ui.refusal import attempt

_WEEKS, _LATE, _MOST = 12, 30, 100


@blueprint.get("/weeks")
@requires("quality.view")
def weeks() -> str:
    """Show the weeks with drawn chats, newest first."""
    found, total = queries.weeks(local_date(now()), asked_page())
    return render_template(
        "quality/weeks.html",
        weeks=found,
        pages=pages(total, _WEEKS, "quality.weeks"),
        may_publish=may(actor(), "quality.publish"),
        ends=rules.week_ends,
    )


@blueprint.get("/weeks/<week>")
@requires("quality.view")
def week(week: str) -> str:
    """Show a week person by person."""
    return _week_page(week, PublishForm(formdata=None))


def _week_page(text: str, form: PublishForm) -> str:
    at = local_date(now())
    found = queries.week(monday(text), at)
    lines = queries.people_of_week(actor(), found.week, at)
    return render_template(
        "quality/week.html",
        week=found,
        end=rules.week_ends(found.week),
        lines=lines,
        names=people.people([one.person_id for one in lines], rules.week_ends(found.week)),
        form=form,
        may_publish=may(actor(), "quality.publish"),
    )


@blueprint.post("/weeks/<week>/publish")
@requires("quality.publish")
def publish(week: str) -> Any:
    """Publish a week."""
    form, first = PublishForm(), monday(week)
    told: list[int] = []
    if form.validate_on_submit() and attempt(
        form, lambda: told.append(service.publish(actor(), now(), first, gaps_seen=form.gaps_seen.data))
    ):
        flash(gettext("已公布，%(n)s人会收到通知。", n=told[0]), "ok")
        return redirect(url_for("quality.week", week=week))
    return _week_page(week, form), 422


@blueprint.get("/draws")
@requires("quality.draw")
def draws() -> str:
    """Show the days that are over and not drawn yet, and the chats that came late."""
    return _draws_page(EmptyForm(formdata=None))


def _draws_page(form: EmptyForm) -> str:
    today = local_date(now())
    open_days = queries.undrawn(today - timedelta(days=1))
    late, total = queries.late_chats(actor(), today, asked_page())
    ids = {one.person_id for one in open_days} | {one.agent_id for one in late}
    return render_template(
        "quality/draws.html",
        days=open_days[:_MOST],
        count=len(open_days),
        late=late,
        total=total,
        pages=pages(total, _LATE, "quality.draws"),
        names=people.people(ids, today),
        form=form,
        rule=queries.quality_rules(),
        may_view=may(actor(), "quality.view"),
    )


@blueprint.post("/draws")
@requires("quality.draw")
def draw() -> Any:
    """Draw every day that is over now, without waiting for the morning; one's own are left to the system."""
    form = EmptyForm()
    drawn: list[int] = []
    waiting = queries.undrawn(local_date(now()) - timedelta(days=1))
    mine = [one for one in waiting if may(actor(), "quality.draw", one.person_id)]

    def every() -> None:
        for one in mine:
            drawn.append(service.draw(actor(), now(), one.person_id, one.day, new_token()))

    if form.validate_on_submit() and attempt(form, every):
        if not drawn:
            form.form_errors = [gettext("没有抽取：没有等着抽取的日子，或只有你自己的。")]
            return _draws_page(form), 422
        flash(gettext("已抽取%(days)s个人天，共%(n)s通。", days=len(drawn), n=sum(drawn)), "ok")
        return redirect(url_for("quality.draws"))
    return _draws_page(form), 422
