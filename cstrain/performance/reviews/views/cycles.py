"""The list of cycles, opening one, its progress in numbers, more days, the end."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext

from cstrain.access import actor, may, requires
from cstrain.extensions import now
from cstrain.kernel.calendar import add_months
from cstrain.people import queries as people
from cstrain.performance.reviews import queries, service, store
from cstrain.performance.reviews.facts import CycleFacts, SubjectFacts
from cstrain.performance.reviews.forms import CloseForm, ExtendForm, NewForm
from cstrain.performance.reviews.service import NewCycle
from cstrain.performance.reviews.views.common import Pages, blueprint, persons, seen_cycle, to_cycle, today
from cstrain.ui.filters import month as month_word
from cstrain.ui.forms import typed_day, whole
from cstrain.ui.refusal import attempt

_MONTHS_BACK = 3
_A_PAGE = 50


@blueprint.get("/cycles")
@requires("review.view")
def cycles() -> str:
    """List the cycles of the departments the reader may see."""
    found = queries.cycles(
        queries.visible(actor(), today(), "review.view"), request.args.get("page", 1, whole)
    )
    subjects = queries.subjects_of([one.id for one in found.rows])
    return render_template(
        "reviews/cycles.html",
        page=found,
        pages=Pages(found.page, found.pages, "reviews.cycles"),
        progress={
            one.id: Progress.of([each for each in subjects if each.cycle == one.id]) for one in found.rows
        },
        today=today(),
        may_open=bool(queries.departments_for(actor(), today())),
    )


class Progress:
    """How many forms of a cycle are in, of how many: numbers only."""

    def __init__(self, people: int, own: int, manager: int, answered: int, asked: int) -> None:
        self.people, self.own, self.manager = people, own, manager
        self.answered, self.asked = answered, asked

    @classmethod
    def of(cls, subjects: Sequence[SubjectFacts]) -> Progress:
        """Return the numbers of these people's forms."""
        return cls(
            len(subjects),
            sum(one.own_in for one in subjects),
            sum(one.manager_in for one in subjects),
            sum(one.answered for one in subjects),
            sum(one.asked for one in subjects),
        )


def _new_form() -> NewForm:
    chapter = store.chapter()
    first = today().replace(day=1)
    months = [add_months(first, -back) for back in range(1, _MONTHS_BACK + 1)]
    form = NewForm(
        opens_on=today(),
        closes_on=today() + timedelta(days=chapter.window_days - 1),
        way=chapter.peers.ways[0],
    )
    form.offer(
        queries.departments_for(actor(), today()),
        [(each.isoformat(), month_word(each)) for each in months],
        chapter.peers.ways,
    )
    return form


@blueprint.get("/cycles/new")
@requires("review.open")
def new() -> str:
    """Show the form of a new cycle."""
    return render_template("reviews/new.html", form=_new_form(), rules=store.chapter())


@blueprint.post("/cycles/new")
@requires("review.open")
def open_cycle() -> Any:
    """Open a cycle."""
    form = _new_form()
    made: list[int] = []

    def act() -> None:
        month = typed_day(form.month.data)
        given = NewCycle(
            form.department.data,
            month or today(),
            form.opens_on.data,
            form.closes_on.data,
            form.way.data,
            customers=not form.without_customers.data,
        )
        made.append(service.open_cycle(actor(), now(), given, secrets.token_hex(16)))

    if form.validate_on_submit() and attempt(form, act):
        flash(gettext("已发起，要填表的人会收到通知。"), "ok")
        return to_cycle(made[0])
    return render_template("reviews/new.html", form=form, rules=store.chapter()), 422


def _page(cycle: CycleFacts, extend: ExtendForm | None = None, close: CloseForm | None = None) -> str:
    me = actor()
    subjects = queries.subjects_of([cycle.id])
    others = [one for one in subjects if one.person != me]
    page, pages, rows = _paged(others)
    managers = {one.manager for one in rows if one.manager is not None}
    runs = queries.may_open(me, cycle.department, today()) and len(others) == len(subjects)
    visible = people.visible_people(me, "review.view", today())
    return render_template(
        "reviews/cycle.html",
        cycle=cycle,
        rows=rows,
        total=len(others),
        pages=Pages(page, pages, "reviews.cycle", {"cycle_id": cycle.id}),
        progress=Progress.of(subjects),
        names=persons({cycle.opened_by, *(one.person for one in rows), *managers}),
        reader=me,
        today=today(),
        runs=runs and cycle.closed_at is None,
        ready=queries.ready(cycle, subjects, today()),
        sees={one.person for one in rows if visible is None or one.person in visible},
        enters=may(me, "review.customers") and cycle.customers and cycle.closed_at is None,
        extend=extend or ExtendForm(formdata=None),
        close=close or CloseForm(formdata=None),
    )


def _paged(every: Sequence[SubjectFacts]) -> tuple[int, int, Sequence[SubjectFacts]]:
    """Return which page of how many is asked for, and the people on it."""
    pages = max(1, -(-len(every) // _A_PAGE))
    page = min(max(request.args.get("page", 1, whole), 1), pages)
    return page, pages, every[(page - 1) * _A_PAGE : page * _A_PAGE]


@blueprint.get("/cycles/<int:cycle_id>")
@requires("review.view")
def cycle(cycle_id: int) -> str:
    """Show how far a cycle is, in numbers."""
    return _page(seen_cycle(cycle_id))


@blueprint.post("/cycles/<int:cycle_id>/extend")
@requires("review.open")
def extend(cycle_id: int) -> Any:
    """Give a cycle more days."""
    found = seen_cycle(cycle_id, "review.open")
    form = ExtendForm()
    if form.validate_on_submit() and attempt(
        form, lambda: service.extend(actor(), now(), cycle_id, form.closes_on.data)
    ):
        flash(gettext("截止日已改，会重新提醒。"), "ok")
        return to_cycle(cycle_id)
    return _page(found, extend=form), 422


@blueprint.post("/cycles/<int:cycle_id>/close")
@requires("review.open")
def close(cycle_id: int) -> Any:
    """End a cycle: results are worked out and sealed."""
    found = seen_cycle(cycle_id, "review.open")
    form = CloseForm()
    if form.validate_on_submit() and attempt(form, lambda: service.close(actor(), now(), cycle_id)):
        flash(gettext("已结束，每个人都能看到自己的结果。"), "ok")
        return to_cycle(cycle_id)
    return _page(found, close=form), 422
